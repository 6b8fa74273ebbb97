import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { Answer, Call } from '../store/ledger.ts'
import { nextNumber } from './ownership.ts'
import { pollUntil } from './poll.ts'
import type { World } from './world.ts'

/**
 * People whom another hand put into the group, and whom a person named to be taken out: before-image and intent first,
 * then one call each, then the read-back. Answers with those who are still to be seen in the group at the deadline.
 */
export async function takeForeignOut(
  world: World,
  place: { rolloutId: string; groupId: string; effect: string },
  people: readonly string[],
  ask: Ask & { signal: AbortSignal },
): Promise<string[]> {
  if (people.length === 0) return []
  const attempts = await intend(world, place, people)
  for (const [index, id] of people.entries()) {
    ask.signal.throwIfAborted()
    const record = (answer: Answer, call: Call) =>
      world.store.tx((writer) => writer.answer([attempts[index] as number], world.clock.now(), answer, call))
    try {
      await record('accepted', await world.directory.removeMember(place.groupId, id, ask))
    } catch (error) {
      if (!(error instanceof GraphFailure)) throw error
      const isOut = error.kind === 'notMember' || error.kind === 'notFound'
      await record(isOut ? 'alreadySo' : error.kind === 'unknownEffect' ? 'unknown' : 'refused', error)
      if (!isOut && error.kind !== 'unknownEffect') throw error
    }
  }
  let present = [...people]
  await pollUntil(world, ask.signal, async () => {
    const members = await world.directory.listMembers(place.groupId, ask)
    const inGroup = new Set(members.map((member) => member.id))
    present = people.filter((id) => inGroup.has(id))
    return present.length === 0 ? true : undefined
  })
  await close(
    world,
    place,
    people.filter((id) => !present.includes(id)),
  )
  return present
}

async function intend(
  world: World,
  { rolloutId, groupId, effect }: { rolloutId: string; groupId: string; effect: string },
  people: readonly string[],
): Promise<number[]> {
  const before = await world.store.read.attempts(effect, groupId, people)
  const place = { effect, target: groupId, rolloutId, waveId: '', at: world.clock.now() }
  const image = { member: true }
  return await world.store.tx(async (writer) => {
    await writer.recordImages(
      place,
      people.map((personId) => ({ personId, image })),
    )
    const numbered = people.map((personId) => ({ personId, number: nextNumber(before.get(personId)) }))
    return await writer.intend(place, 'restore', numbered)
  })
}

/** Out again: whoever puts them in another time is found again. */
async function close(
  world: World,
  { effect, groupId }: { effect: string; groupId: string },
  people: readonly string[],
): Promise<void> {
  const images = await world.store.read.openImages(effect, groupId, people)
  const ids = [...images.values()].map((image) => image.id)
  await world.store.tx((writer) => writer.closeImages(ids, world.clock.now()))
}
