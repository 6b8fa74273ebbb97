import type { WaveJob } from './job.ts'
import type { BeforeWave } from './preparations.ts'
import type { World } from './world.ts'

/** Everything that goes before the wave, taken together: who has to wait for several waits for the last of them. */
export async function readBeforeWave(world: World, job: WaveJob, signal: AbortSignal): Promise<BeforeWave> {
  const answers: BeforeWave[] = []
  for (const run of world.preparations.beforeWave) {
    const answer = await run(world, job, signal)
    if (answer) answers.push(answer)
  }
  const people = new Map<string, number>()
  for (const one of answers) {
    for (const [id, at] of one.people ?? []) people.set(id, Math.max(at, people.get(id) ?? at))
  }
  const left = answers.reduce((sum, one) => sum + one.left, 0)
  return { left, nextAt: nextAtOf(answers), notBefore: notBeforeOf(answers, people), people }
}

/** At once, if anything that has something left asks for that; otherwise at the first moment named. */
function nextAtOf(answers: readonly BeforeWave[]): number | undefined {
  const waiting = answers.filter((one) => one.left > 0)
  if (waiting.length === 0 || waiting.some((one) => one.nextAt === undefined)) return undefined
  return Math.min(...waiting.map((one) => one.nextAt as number))
}

function notBeforeOf(
  answers: readonly BeforeWave[],
  people: ReadonlyMap<string, number>,
): number | undefined {
  const named = answers.flatMap(({ notBefore }) => (notBefore === undefined ? [] : [notBefore]))
  if (named.length > 0) return Math.max(...named)
  return people.size === 0 ? undefined : [...people.values()].reduce((first, at) => Math.min(first, at))
}
