import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import { exceptionMember } from '../methods/exception-member.ts'
import type { Answer } from '../store/ledger.ts'
import { isImage } from './chunk.ts'
import { nextNumber } from './ownership.ts'
import { pollUntil } from './poll.ts'
import type { World } from './world.ts'

export interface Exceptions {
  world: World
  rolloutId: string
  groupId: string
  ask: Ask & { signal: AbortSignal }
}

/**
 * Puts people among the exceptions, read back. Who is there already is left as they are. Answers with those who are
 * there; anybody else is gone from the directory, or was not seen by the deadline.
 */
export async function putAmongExceptions(
  exceptions: Exceptions,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const there = await among(exceptions, ids)
  const absent = ids.filter((id) => !there.has(id))
  const { perCall } = changeOf(exceptions)
  for (let start = 0; start < absent.length; start += perCall)
    await join(exceptions, absent.slice(start, start + perCall))
  if (absent.length === 0) return there
  let seen: ReadonlySet<string> = there
  await pollUntil(exceptions.world, exceptions.ask.signal, async () => {
    seen = await among(exceptions, ids)
    return seen.size === ids.length ? true : undefined
  })
  return seen
}

/**
 * Takes out whom we put in, but for those who stay; read back, and their before-images closed. Answers with those who are
 * still there.
 */
export async function takeFromExceptions(
  exceptions: Exceptions,
  staying: readonly string[],
): Promise<ReadonlySet<string>> {
  const { world, groupId, ask } = exceptions
  const change = changeOf(exceptions)
  const stays = new Set(staying)
  // By the ledger, not by the group: who left it before a crash still has a before-image that stands.
  const changed = await world.store.read.peopleChanged(change.effect, groupId)
  const ids = changed.filter((id) => !stays.has(id))
  const images = await world.store.read.openImages(change.effect, groupId, ids)
  const ours = ids.filter((id) => images.get(id)?.image['member'] === false)
  const here = [...(await among(exceptions, ours))]
  for (let start = 0; start < here.length; start += change.perCall) {
    const some = here.slice(start, start + change.perCall)
    const attempts = await intend(exceptions, 'restore', some)
    const answers = await change.restore(new Map(some.map((id) => [id, { member: false }])), ask)
    for (const id of some) await record(exceptions, attempts, [id], answers.get(id))
  }
  let left: ReadonlySet<string> = new Set(here)
  await pollUntil(world, ask.signal, async () => {
    left = await among(exceptions, here)
    return left.size === 0 ? true : undefined
  })
  const closed = ours.filter((id) => !left.has(id)).flatMap((id) => images.get(id)?.id ?? [])
  await world.store.tx((writer) => writer.closeImages(closed, world.clock.now()))
  return left
}

function changeOf({ world, groupId }: Exceptions) {
  return exceptionMember(world.directory, groupId)
}

async function among(exceptions: Exceptions, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const change = changeOf(exceptions)
  const now = await change.read(ids, exceptions.ask)
  return new Set(
    ids.filter((id) => {
      const image = now.get(id)
      return isImage(image) && change.reached(image, 'member')
    }),
  )
}

/** Before-image and intent first; one whom Graph does not take keeps nobody else out. */
async function join(exceptions: Exceptions, ids: readonly string[]): Promise<void> {
  exceptions.ask.signal.throwIfAborted()
  const attempts = await intend(exceptions, 'apply', ids)
  try {
    const answers = await changeOf(exceptions).apply(ids, 'member', exceptions.ask)
    await record(exceptions, attempts, ids, answers.get(ids[0] ?? ''))
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    await record(exceptions, attempts, ids, error)
    if (error.kind === 'unknownEffect') return
    if (!['alreadyExists', 'notFound', 'badRequest', 'conflict'].includes(error.kind)) throw error
    if (ids.length === 1) return
    const middle = Math.ceil(ids.length / 2)
    await join(exceptions, ids.slice(0, middle))
    await join(exceptions, ids.slice(middle))
  }
}

async function intend(
  exceptions: Exceptions,
  direction: 'apply' | 'restore',
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { world, rolloutId, groupId } = exceptions
  const { effect } = changeOf(exceptions)
  const before = await world.store.read.attempts(effect, groupId, ids)
  const place = { effect, target: groupId, rolloutId, waveId: '', at: world.clock.now() }
  return await world.store.tx(async (writer) => {
    if (direction === 'apply') {
      const image = { member: false }
      await writer.recordImages(
        place,
        ids.map((personId) => ({ personId, image })),
      )
    }
    const numbered = ids.map((personId) => ({ personId, number: nextNumber(before.get(personId)) }))
    const attempts = await writer.intend(place, direction, numbered)
    return new Map(ids.map((id, index) => [id, attempts[index] as number]))
  })
}

async function record(
  { world }: Exceptions,
  attempts: ReadonlyMap<string, number>,
  ids: readonly string[],
  answer: { requestId?: string | undefined; clientRequestId?: string | undefined } | undefined,
): Promise<void> {
  const numbers = ids.flatMap((id) => attempts.get(id) ?? [])
  const code = answer instanceof GraphFailure ? answer.code : undefined
  const call = { requestId: answer?.requestId, clientRequestId: answer?.clientRequestId, code }
  await world.store.tx((writer) => writer.answer(numbers, world.clock.now(), wordOf(answer), call))
}

function wordOf(answer: object | undefined): Answer {
  if (answer === undefined) return 'unknown'
  if (!(answer instanceof GraphFailure)) return 'accepted'
  if (answer.kind === 'unknownEffect') return 'unknown'
  return ['alreadyExists', 'notMember'].includes(answer.kind) ? 'alreadySo' : 'refused'
}
