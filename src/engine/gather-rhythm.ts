import { rhythmOf } from '../people/rhythm.ts'
import { ENOUGH, filledInCount, pointsOf, signsOf } from '../people/signs.ts'
import type { SourceSteps } from './gather-source.ts'
import { everybodyKnown } from './people-summary.ts'
import { scaleOf } from './scale.ts'
import type { World } from './world.ts'

/** Whose sign-ins are still to be looked at. */
interface Place {
  left: string[]
}

/** How long the log keeps. */
const WINDOW = 30 * 86_400_000
/** A call each, of a limit that is shared with the watch over waves. */
export const MOST_RHYTHMS = 300

/**
 * When and from where accounts sign in of which the directory leaves open whether they are people, and those that use
 * an old program: it costs a call for each, so nobody else is looked at.
 */
export function rhythmSteps(world: World): SourceSteps {
  return {
    source: 'rhythm',
    async read(next, _reading, ask) {
      const [person, ...left] = next === null ? await doubtful(world) : (next as Place).left
      if (person === undefined) return { rows: 0, calls: 0, next: null, save: async () => {} }
      const at = world.clock.now()
      const from = at - WINDOW * scaleOf(world)
      const rows = await world.directory.momentsOf(person, from, ask)
      const byId = new Map(rows.map((row) => [row.id, row]))
      const moments = [...byId.values()]
        .filter((row) => row.status.errorCode === 0)
        .map((row) => ({ at: Date.parse(row.createdDateTime), address: row.ipAddress, agent: row.userAgent }))
      const rhythm = rhythmOf(moments, { at, from, to: at })
      return {
        rows: rows.length,
        calls: 1,
        next: left.length > 0 ? ({ left } satisfies Place) : null,
        save: (writer) => writer.saveFacts('rhythm', [[person, rhythm]]),
      }
    },
  }
}

/** Something speaks for their being no people, and not enough; old programs first, where it decides most. */
async function doubtful(world: World): Promise<string[]> {
  const count = filledInCount()
  for await (const page of everybodyKnown(world, null)) for (const facts of page) count.add(facts)
  const filledIn = count.filledIn()
  const found: { id: string; weight: number }[] = []
  for await (const page of everybodyKnown(world, null)) {
    for (const { rhythm: _old, ...facts } of page) {
      if (facts.account?.accountEnabled !== true) continue
      const points = pointsOf(signsOf(facts, filledIn))
      const usesOld = (facts.legacy?.clients.length ?? 0) > 0
      if (points < ENOUGH && (points > 0 || usesOld))
        found.push({ id: facts.id, weight: points + (usesOld ? ENOUGH : 0) })
    }
  }
  return found
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, MOST_RHYTHMS)
    .map(({ id }) => id)
}
