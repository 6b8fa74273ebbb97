import { type Death, ProcessEnded } from './commit-points.ts'
import type { Rig } from './rig.ts'

export const MAY_LOG = /the process was killed|driver has already been destroyed/

/** Something that is told to the end, however often the process is killed on the way. */
export interface Tale<S extends { rig: Rig }> {
  begin: () => Promise<S>
  /** Up to where deaths begin. */
  prepare: (story: S) => Promise<void>
  /** Goes on from wherever it stands. */
  tell: (story: S) => Promise<void>
  check: (story: S) => Promise<void>
  /** Deaths at commits that write the same words; after those the words are written again. */
  ofAKind?: number
}

/** Killed after every commit of the telling, one story each; answers with how many there were. */
export async function everyDeath<S extends { rig: Rig }>(tale: Tale<S>, when: Death): Promise<number> {
  const undisturbed = await tale.begin()
  await tale.prepare(undisturbed)
  const from = undisturbed.rig.committed.length
  await tale.tell(undisturbed)
  const deaths = commitsToDieAt(undisturbed.rig, from, tale.ofAKind ?? 2)
  await tale.check(undisturbed)
  await undisturbed.rig.close()
  for (const commits of deaths) {
    const story = await tale.begin()
    try {
      await tale.prepare(story)
      await killedIn(story, tale.tell, commits, when)
      await tale.check(story)
    } catch (error) {
      const { wrote } = undisturbed.rig.committed[from + commits - 1] ?? {}
      throw new Error(`killed ${when} after commit ${commits} (${wrote?.join(', ')})`, { cause: error })
    } finally {
      await story.rig.close()
    }
  }
  return deaths.length
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
    if (!(error instanceof ProcessEnded)) throw error
  })
  const first = await Promise.race([death, telling.then(() => 'told' as const)])
  if (first === 'told') await death
  await rig.reopen()
  await tell(story)
}

/** The first commits of each kind. */
function commitsToDieAt(rig: Rig, from: number, ofAKind: number): number[] {
  const seen = new Map<string, number>()
  return rig.committed.slice(from).flatMap(({ wrote }, index) => {
    const kind = wrote.join(' ')
    const count = (seen.get(kind) ?? 0) + 1
    seen.set(kind, count)
    return count <= ofAKind ? [index + 1] : []
  })
}
