import { type Death, ProcessEnded } from './commit-points.ts'
import type { Rig } from './rig.ts'

export const MAY_LOG = /the process was killed|driver has already been destroyed/

/** What somebody hears whose call the end of the process cut off. */
const STOPPED = /the server stops/

export interface Tale<S extends { rig: Rig }> {
  drafted(): Promise<S>
  prepare(story: S): Promise<void>
  /** Told again after a death, it goes on where it was. */
  tell(story: S): Promise<void>
  check(story: S): Promise<void>
  /** Deaths at commits that write the same words; two where nothing is said. */
  ofAKind?: number
}

/** Tells, killed after so many commits; then a fresh process on the same file goes on. */
async function killedIn<S extends { rig: Rig }>(
  story: S,
  tell: (story: S) => Promise<void>,
  commits: number,
  when: Death,
): Promise<void> {
  const { rig } = story
  const death = rig.killedAfter(commits, when).then(() => 'killed' as const)
  const telling = tell(story).catch((error) => {
    if (!(error instanceof ProcessEnded) && !STOPPED.test(String(error))) throw error
  })
  const first = await Promise.race([death, telling.then(() => 'told' as const)])
  if (first === 'told') await death
  await rig.reopen()
  await tell(story)
}

/** The first commits of each kind: those after them write the same words again. */
function commitsToDieAt(rig: Rig, from: number, ofAKind: number): number[] {
  const seen = new Map<string, number>()
  return rig.committed.slice(from).flatMap(({ wrote }, index) => {
    const kind = wrote.join(' ')
    const count = (seen.get(kind) ?? 0) + 1
    seen.set(kind, count)
    return count <= ofAKind ? [index + 1] : []
  })
}

/** Tells a story once, and then once for each commit in it at which the process dies. Answers with how many those were. */
export async function everyDeath<S extends { rig: Rig }>(
  { drafted, prepare, tell, check, ofAKind = 2 }: Tale<S>,
  when: Death,
): Promise<number> {
  const undisturbed = await drafted()
  await prepare(undisturbed)
  const from = undisturbed.rig.committed.length
  await tell(undisturbed)
  const deaths = commitsToDieAt(undisturbed.rig, from, ofAKind)
  await check(undisturbed)
  await undisturbed.rig.close()
  for (const commits of deaths) {
    const story = await drafted()
    try {
      await prepare(story)
      await killedIn(story, tell, commits, when)
      await check(story)
    } catch (error) {
      const { wrote } = undisturbed.rig.committed[from + commits - 1] ?? {}
      throw new Error(`killed ${when} after commit ${commits} (${wrote?.join(', ')})`, { cause: error })
    } finally {
      await story.rig.close()
    }
  }
  return deaths.length
}
