import type { Ask } from '../graph/directory/ask.ts'
import { assignWaves } from '../people/cohort.ts'
import type { Writer } from '../store/store.ts'
import { frozenCohorts } from './cohort-rows.ts'
import type { WaveJob } from './job.ts'
import { AFTER_LAST_FREEZE, type Outsider, outsidersOf } from './left-out.ts'
import { readPopulation } from './population.ts'
import type { World } from './world.ts'

/**
 * At the end of the last wave of a plan without catch-up: who is in no wave by now. Whoever came since its cohort was
 * frozen is left over, and would be in no list otherwise. undefined: another wave comes, or the catch-up, and looks.
 */
export async function outsidersAtEnd(
  world: World,
  { rollout, plan }: WaveJob,
  ask: Ask,
): Promise<Outsider[] | undefined> {
  const { read } = world.store
  const isOpen = (await read.wavesOf(rollout.id)).some((wave) => wave.state === 'pending')
  if (plan.catchUp || isOpen) return undefined
  const { people, groups } = await readPopulation(world, plan, ask)
  const adopted = await read.adopted(rollout.groupId ?? '')
  const all = people.map((one) => (adopted.has(one.id) ? { ...one, adopted: true } : one))
  const assignment = assignWaves(plan, all, groups, await frozenCohorts(read, rollout.id))
  return outsidersOf(plan, assignment, new Map(all.map((person) => [person.id, person])))
}

export function countLate(outsiders: readonly Outsider[]): number {
  return outsiders.filter(({ reason }) => reason === AFTER_LAST_FREEZE).length
}

/** In the place of what the freeze of the last wave left out. */
export async function recordAtEnd(
  writer: Writer,
  rolloutId: string,
  outsiders: readonly Outsider[] | undefined,
): Promise<void> {
  if (outsiders) await writer.replaceLeftOut(rolloutId, outsiders)
}
