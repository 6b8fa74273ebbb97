import { GraphFailure } from '../graph/errors.ts'
import { areEnded, SESSIONS, sessionsImage } from '../methods/sessions.ts'
import type { Attempt, BeforeImage } from '../store/ledger.ts'
import type { Revocation } from '../store/session-revocations.ts'
import type { Writer } from '../store/store.ts'
import { mayHaveActed, nextNumber } from './ownership.ts'
import { pollUntil } from './poll.ts'
import { isLaneWanted } from './retire-sight.ts'
import { noteRevoked } from './revoke-note.ts'
import { mayRevoke, type RevokeOrder } from './revoke-order.ts'
import type { World } from './world.ts'

export interface Revoking {
  world: World
  order: RevokeOrder
  signal: AbortSignal
  /** Asked before every call. */
  isCut(): Promise<boolean>
}

/** People in one request. */
const PER_CALL = 20
/** Tries before somebody whose sessions never end is `failed`. */
const MOST_TRIES = 3
/** How long an accepted call may stay unseen; it is never sent a second time, or the person is asked twice. */
const SEEN_WITHIN_MS = 86_400_000

const NOT_SEEN = 'asked for, and not read back yet'

/**
 * Twenty a call: read first, before-image and intent committed, sent, read back. What was accepted is waited for and not
 * repeated. Answers with whether everybody was looked at.
 */
export async function revokePeople(revoking: Revoking, ids: readonly string[]): Promise<boolean> {
  for (let start = 0; start < ids.length; start += PER_CALL) {
    if (await revoking.isCut()) return false
    await revokeGroup(revoking, ids.slice(start, start + PER_CALL))
  }
  return true
}

async function revokeGroup(revoking: Revoking, ids: readonly string[]): Promise<void> {
  const { world, signal } = revoking
  const { read } = world.store
  const now = await world.directory.readSessionsFrom(ids, { lane: 'change', signal })
  await closeForeign(revoking, ids)
  const images = await read.openImages(SESSIONS.effect, SESSIONS.target, ids)
  const attempts = await read.attempts(SESSIONS.effect, SESSIONS.target, ids)
  const standing = ids.map((id) => standOf(world.clock.now(), now, images.get(id), attempts.get(id), id))
  const those = (is: Stand) => ids.filter((_, place) => standing[place] === is)
  await note(revoking, those('gone'), 'skipped', 'not in the directory any more')
  await note(revoking, those('ended'), 'revoked', null)
  await note(revoking, those('waits'), 'unknown', NOT_SEEN)
  await note(revoking, those('unseen'), 'failed', 'accepted by Microsoft, and not seen within a day')
  await note(revoking, those('hopeless'), 'failed', `no answer to ${MOST_TRIES} calls`)
  const going = those('send')
  if (going.length === 0) return
  const before = new Map(going.map((id) => [id, now.get(id) ?? null]))
  const sent = await intend(revoking, before, attempts)
  if (sent.size === 0) return
  await readBack(revoking, await send(revoking, sent))
}

/** Left open by a run that ended in between: what that one sent says nothing about this one. */
async function closeForeign({ world, order }: Revoking, ids: readonly string[]): Promise<void> {
  await world.store.tx(async (writer) => {
    const images = await writer.openImages(SESSIONS.effect, SESSIONS.target, ids)
    const foreign = [...images.values()].filter((one) => one.rolloutId !== order.rolloutId)
    await writer.closeImages(
      foreign.map((one) => one.id),
      world.clock.now(),
    )
  })
}

async function openImages(writer: Writer, ids: readonly string[]): Promise<number[]> {
  const images = await writer.openImages(SESSIONS.effect, SESSIONS.target, ids)
  return [...images.values()].map((one) => one.id)
}

type Stand = 'gone' | 'ended' | 'waits' | 'unseen' | 'hopeless' | 'send'

function standOf(
  at: number,
  now: ReadonlyMap<string, string | null>,
  image: BeforeImage | undefined,
  attempts: readonly Attempt[] = [],
  id: string,
): Stand {
  const validFrom = now.get(id)
  if (validFrom === undefined) return 'gone'
  if (!image) return 'send'
  const acted = attempts.filter((one) => one.intendedAt >= image.recordedAt && mayHaveActed(one))
  if (acted.length > 0 && areEnded(validFrom, image.image)) return 'ended'
  const accepted = acted.find((one) => one.answer === 'accepted')
  if (accepted) return at - accepted.intendedAt > SEEN_WITHIN_MS ? 'unseen' : 'waits'
  return acted.length >= MOST_TRIES ? 'hopeless' : 'send'
}

/** Before-image and intent, committed before the call; nobody who is wanted back, or of a wave that is held by now. */
async function intend(
  { world, order }: Revoking,
  before: ReadonlyMap<string, string | null>,
  earlier: ReadonlyMap<string, Attempt[]>,
): Promise<ReadonlyMap<string, number>> {
  const at = world.clock.now()
  const place = { ...SESSIONS, ...order, at }
  return await world.store.tx(async (writer) => {
    const none = new Map<string, number>()
    if ((await mayRevoke(writer, order, at)) !== 'now') return none
    const members = await writer.membersAmong(order.rolloutId, [...before.keys()])
    const ids = members
      .filter((one) => one.deferred === null && one.restore === null)
      .map((one) => one.personId)
    if (ids.length === 0) return none
    await writer.recordImages(
      place,
      ids.map((personId) => ({ personId, image: sessionsImage(before.get(personId) ?? null) })),
    )
    const mark = { outcome: 'unknown', reason: NOT_SEEN } as const
    await writer.setRevocations({ ...order, at }, ids, mark)
    const numbered = ids.map((personId) => ({ personId, number: nextNumber(earlier.get(personId)) }))
    const attempts = await writer.intend(place, 'apply', numbered)
    return new Map(ids.map((id, index) => [id, attempts[index] as number]))
  })
}

/** Answers with who is to be read back. @throws GraphFailure when the next call would fare no better */
async function send(revoking: Revoking, attempts: ReadonlyMap<string, number>): Promise<string[]> {
  const { world, signal } = revoking
  const ids = [...attempts.keys()]
  const answers = await answersOf(ids, () => world.directory.revokeSessions(ids, { lane: 'change', signal }))
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    for (const [id, attempt] of attempts) {
      const answer = answers.get(id)
      if (!answer) continue
      const isFailed = answer instanceof GraphFailure
      const what = !isFailed ? 'accepted' : answer.kind === 'unknownEffect' ? 'unknown' : 'refused'
      await writer.answer([attempt], at, what, answer)
    }
  })
  const refused = [...answers].flatMap(([id, answer]) =>
    answer instanceof GraphFailure && answer.kind !== 'unknownEffect' ? [{ id, answer }] : [],
  )
  const own = refused.filter(({ answer }) => isAboutThePerson(answer))
  for (const { id, answer } of own) await note(revoking, [id], 'failed', answer.message)
  const stopped = refused.find(({ answer }) => !isAboutThePerson(answer))
  if (stopped) throw stopped.answer
  return ids.filter((id) => !own.some((one) => one.id === id))
}

async function answersOf<T>(
  ids: readonly string[],
  call: () => Promise<Map<string, T | GraphFailure>>,
): Promise<ReadonlyMap<string, T | GraphFailure>> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    return new Map(ids.map((id) => [id, error]))
  }
}

function isAboutThePerson({ kind }: GraphFailure): boolean {
  return ['notFound', 'badRequest', 'conflict', 'alreadyExists'].includes(kind)
}

async function readBack(revoking: Revoking, ids: readonly string[]): Promise<void> {
  const { world, order, signal } = revoking
  const images = await world.store.read.openImages(SESSIONS.effect, SESSIONS.target, ids)
  const seen = new Set<string>()
  const missing = () => ids.filter((id) => !seen.has(id))
  const read = async () => {
    if (missing().length === 0) return true
    const now = await world.directory.readSessionsFrom(missing(), { lane: 'verify', signal })
    for (const [id, validFrom] of now)
      if (areEnded(validFrom, images.get(id)?.image ?? sessionsImage(null))) seen.add(id)
    return missing().length === 0 ? true : undefined
  }
  await pollUntil(world, signal, read, () => isLaneWanted(world, order))
  await note(revoking, [...seen], 'revoked', null)
  await note(revoking, missing(), 'unknown', NOT_SEEN)
}

async function note(
  { world, order }: Revoking,
  ids: readonly string[],
  outcome: Revocation,
  reason: string | null,
): Promise<void> {
  if (ids.length === 0) return
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await noteRevoked(writer, order, at, ids, { outcome, reason })
    // Nothing to put back: once it is settled, what was before is history.
    if (outcome !== 'unknown') await writer.closeImages(await openImages(writer, ids), at)
  })
}
