import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { Image } from '../methods/change.ts'
import { isWeaker, perUserMfaRetirement } from '../methods/per-user-mfa.ts'
import type { Answer } from '../store/ledger.ts'
import { isImage } from './chunk.ts'
import { nextNumber } from './ownership.ts'
import { pollUntil } from './poll.ts'
import type { World } from './world.ts'

type RestoreAsk = Ask & { signal: AbortSignal }

/**
 * Per-user MFA that another hand switched off or lowered, as it was left: before-image and intent first, one call each,
 * then the read-back. Answers with those who are not seen so at the deadline.
 */
export async function putPerUserBack(
  world: World,
  rolloutId: string,
  states: ReadonlyMap<string, Image>,
  ask: RestoreAsk,
): Promise<string[]> {
  const change = perUserMfaRetirement(world.directory)
  let missing = await lowered(world, states, [...states.keys()], ask)
  for (let start = 0; start < missing.length; start += change.perCall) {
    ask.signal.throwIfAborted()
    await send(world, rolloutId, states, missing.slice(start, start + change.perCall), ask)
  }
  if (missing.length > 0) {
    await pollUntil(world, ask.signal, async () => {
      missing = await lowered(world, states, missing, ask)
      return missing.length === 0 ? true : undefined
    })
  }
  await close(
    world,
    [...states.keys()].filter((id) => !missing.includes(id)),
  )
  return missing
}

/** Who could not be read is not back. */
async function lowered(
  world: World,
  states: ReadonlyMap<string, Image>,
  ids: readonly string[],
  ask: RestoreAsk,
): Promise<string[]> {
  if (ids.length === 0) return []
  const now = await perUserMfaRetirement(world.directory).read(ids, ask)
  return ids.filter((id) => {
    const image = now.get(id)
    return !isImage(image) || isWeaker(image, states.get(id) as Image)
  })
}

async function send(
  world: World,
  rolloutId: string,
  states: ReadonlyMap<string, Image>,
  ids: readonly string[],
  ask: RestoreAsk,
): Promise<void> {
  const change = perUserMfaRetirement(world.directory)
  const { effect, target } = change
  const before = await world.store.read.attempts(effect, target, ids)
  const people = new Map(ids.map((id) => [id, states.get(id) as Image]))
  const attempts = await world.store.tx(async (writer) => {
    const rows = new Map((await writer.membersAmong(rolloutId, ids)).map((one) => [one.personId, one.waveId]))
    const found: number[] = []
    for (const [personId, image] of people) {
      const at = world.clock.now()
      const place = { effect, target, rolloutId, waveId: rows.get(personId) ?? '', at }
      await writer.recordImages(place, [{ personId, image }])
      const number = nextNumber(before.get(personId))
      found.push(...(await writer.intend(place, 'restore', [{ personId, number }])))
    }
    return found
  })
  const answers = await change.restore(people, ask)
  for (const [index, id] of ids.entries()) {
    const answer = answers.get(id)
    await world.store.tx((writer) =>
      writer.answer([attempts[index] as number], world.clock.now(), wordOf(answer), answer ?? {}),
    )
    if (answer instanceof GraphFailure && answer.kind !== 'unknownEffect') throw answer
  }
}

function wordOf(answer: object | undefined): Answer {
  if (answer === undefined) return 'unknown'
  if (!(answer instanceof GraphFailure)) return 'accepted'
  return answer.kind === 'unknownEffect' ? 'unknown' : 'refused'
}

/** As left again: nothing of ours stands that a rollback would undo. */
async function close(world: World, people: readonly string[]): Promise<void> {
  const { effect, target } = perUserMfaRetirement(world.directory)
  const images = await world.store.read.openImages(effect, target, people)
  const ids = [...images.values()].filter(({ image }) => image['state'] !== 'disabled').map(({ id }) => id)
  await world.store.tx((writer) => writer.closeImages(ids, world.clock.now()))
}
