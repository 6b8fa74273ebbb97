import type { Receipt } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { Answers, Change, Image } from '../methods/change.ts'
import { perUserMfaRetirement } from '../methods/per-user-mfa.ts'
import type { Answer } from '../store/ledger.ts'
import type { Member } from '../store/members.ts'
import { isImage, isOursBy, ledgerOf } from './chunk.ts'
import { type CrossingOrder, mayRetire } from './crossing.ts'
import { nextNumber } from './ownership.ts'
import { pollUntil } from './poll.ts'
import { type Mark, note } from './retire-note.ts'
import { isCut, isLaneWanted, type RetireSight } from './retire-sight.ts'
import type { World } from './world.ts'

export interface Retiring {
  world: World
  order: CrossingOrder
  sight: RetireSight
  signal: AbortSignal
}

/** Tries before somebody whose per-user MFA never goes off is `failed`. */
const MOST_TRIES = 5

/**
 * Twenty a call: state read, before-image and intent committed, off, and at the end read back; who is not seen without
 * per-user MFA is `unknown`, never a guess. Answers with whether everybody was looked at.
 */
export async function retirePeople(retiring: Retiring, people: readonly Member[]): Promise<boolean> {
  const { world, order, sight } = retiring
  const change = perUserMfaRetirement(world.directory)
  const ids = people.map((member) => member.personId)
  await noteKept(retiring, change, ids)
  const going = ids.filter((id) => sight.keeps(id) === null)
  const sent = new Set<string>()
  let isThrough = true
  try {
    for (let start = 0; start < going.length && isThrough; start += change.perCall) {
      isThrough = !(await isCut(world, order, sight.readAt))
      if (isThrough) await retireGroup(retiring, change, going.slice(start, start + change.perCall), sent)
    }
  } finally {
    if (!retiring.signal.aborted) await readBack(retiring, change, [...sent])
  }
  return isThrough
}

/** Who may not lose it is named, unless there is nothing to lose. */
async function noteKept(retiring: Retiring, change: Change, ids: readonly string[]): Promise<void> {
  const kept = ids.filter((id) => retiring.sight.keeps(id) !== null)
  const seen = await stillOn(retiring, change, kept)
  for (const id of await offAlready(retiring, change, seen)) {
    const reason = retiring.sight.keeps(id)
    const state = String(seen.get(id)?.['state'])
    await note(retiring, [id], { mark: 'keeps', reason }, new Map([[id, state]]))
  }
}

/** Notes whose state could not be read; answers with what the others' is. */
async function stillOn(retiring: Retiring, change: Change, ids: readonly string[]) {
  const seen = new Map<string, Image>()
  if (ids.length === 0) return seen
  const now = await change.read(ids, { lane: 'change', signal: retiring.signal })
  for (const id of ids) {
    const image = now.get(id)
    if (isImage(image)) seen.set(id, image)
    else await noteUnread(retiring, id, image)
  }
  return seen
}

async function noteUnread(retiring: Retiring, id: string, failure: GraphFailure | undefined): Promise<void> {
  const why = failure?.message ?? 'Graph did not answer for this person'
  const isAboutThem = failure?.kind === 'notFound' || failure?.kind === 'forbidden'
  const reason = `per-user MFA could not be read: ${why}`
  await note(retiring, [id], { mark: isAboutThem ? 'failed' : 'unknown', reason })
}

/** Without per-user MFA now: by our hand, or never under it. Answers with the people who still are. */
async function offAlready(
  retiring: Retiring,
  change: Change,
  seen: ReadonlyMap<string, Image>,
): Promise<string[]> {
  const off = [...seen].flatMap(([id, image]) => (change.reached(image, 'disabled') ? [id] : []))
  const ledger = await ledgerOf({ world: retiring.world, change }, off)
  const ours = off.filter((id) => isOursBy(change, ledger, id))
  const others = off.filter((id) => !ours.includes(id))
  await note(retiring, ours, { mark: 'retired', reason: null })
  await note(retiring, others, { mark: 'none', reason: null })
  return [...seen.keys()].filter((id) => !off.includes(id))
}

/** Notes in `sent` who is to be read back. @throws GraphFailure when the next call would fare no better */
async function retireGroup(
  retiring: Retiring,
  change: Change,
  ids: readonly string[],
  sent: Set<string>,
): Promise<void> {
  const seen = await stillOn(retiring, change, ids)
  const on = await leaveHopeless(retiring, change, await offAlready(retiring, change, seen))
  const attempts = await intend(retiring, change, new Map(on.map((id) => [id, seen.get(id) as Image])))
  if (attempts.size === 0) return
  const asked = [...attempts.keys()]
  const answers = await answersOf(asked, () =>
    change.apply(asked, 'disabled', { lane: 'change', signal: retiring.signal }),
  )
  await record(retiring, attempts, answers)
  await settleRefused(retiring, asked, answers, sent)
}

async function answersOf(ids: readonly string[], call: () => Promise<Answers>): Promise<Answers> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    return new Map(ids.map((id) => [id, error]))
  }
}

async function leaveHopeless(retiring: Retiring, change: Change, ids: readonly string[]): Promise<string[]> {
  const { images, attempts } = await ledgerOf({ world: retiring.world, change }, ids)
  const { rolloutId, waveId } = retiring.order
  const retried = (await retiring.world.store.read.newestEvent(rolloutId, ['verb.retry'], waveId))?.at ?? 0
  const hopeless = ids.filter((id) => {
    const recorded = images.get(id)?.recordedAt
    if (recorded === undefined) return false
    // Somebody who says retry wants to see it tried, as often as the first time.
    const since = Math.max(recorded, retried)
    const tries = (attempts.get(id) ?? []).filter(
      (one) => one.direction === 'apply' && one.intendedAt >= since,
    )
    return tries.length >= MOST_TRIES
  })
  await note(retiring, hopeless, { mark: 'failed', reason: `never seen ${change.says}` })
  return ids.filter((id) => !hopeless.includes(id))
}

/** Before-images and the intent, committed before the call is sent; nobody who is parked, or of a wave that is held by now. */
async function intend(
  { world, order }: Retiring,
  change: Change,
  seen: ReadonlyMap<string, Image>,
): Promise<ReadonlyMap<string, number>> {
  const at = world.clock.now()
  const { effect, target } = change
  const place = { effect, target, ...order, at }
  const before = await world.store.read.attempts(effect, target, [...seen.keys()])
  return await world.store.tx(async (writer) => {
    if (seen.size === 0 || (await mayRetire(writer, order, at)) !== 'now') return new Map<string, number>()
    const members = await writer.membersAmong(order.rolloutId, [...seen.keys()])
    const ids = members
      .filter((one) => one.deferred === null && one.restore === null)
      .map((one) => one.personId)
    if (ids.length === 0) return new Map<string, number>()
    await writer.recordImages(
      place,
      ids.map((personId) => ({ personId, image: seen.get(personId) as Image })),
    )
    const asked = {
      per_user_mfa: 'unknown',
      per_user_reason: 'asked for, and not read back yet',
      per_user_at: at,
    }
    await writer.setMembers(order.rolloutId, ids, asked)
    const numbered = ids.map((personId) => ({ personId, number: nextNumber(before.get(personId)) }))
    const attempts = await writer.intend(place, 'apply', numbered)
    return new Map(ids.map((id, index) => [id, attempts[index] as number]))
  })
}

async function record(
  { world }: Retiring,
  attempts: ReadonlyMap<string, number>,
  answers: Answers,
): Promise<void> {
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    for (const [id, attempt] of attempts) {
      const answer = answers.get(id)
      if (answer) await writer.answer([attempt], at, answerOf(answer), answer)
    }
  })
}

function answerOf(answer: Receipt | GraphFailure): Answer {
  if (!(answer instanceof GraphFailure)) return 'accepted'
  return answer.kind === 'unknownEffect' ? 'unknown' : 'refused'
}

async function settleRefused(
  retiring: Retiring,
  ids: readonly string[],
  answers: Answers,
  sent: Set<string>,
): Promise<void> {
  let stopped: GraphFailure | undefined
  for (const id of ids) {
    const answer = answers.get(id)
    if (!(answer instanceof GraphFailure) || answer.kind === 'unknownEffect') sent.add(id)
    else if (isAboutThePerson(answer)) await note(retiring, [id], { mark: 'failed', reason: answer.message })
    else stopped ??= answer
  }
  if (stopped) throw stopped
}

function isAboutThePerson({ kind }: GraphFailure): boolean {
  return ['notFound', 'forbidden', 'badRequest', 'conflict', 'alreadyExists'].includes(kind)
}

async function readBack(retiring: Retiring, change: Change, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { world, order, signal } = retiring
  const seen = new Set<string>()
  const missing = () => ids.filter((id) => !seen.has(id))
  let isLeft = false
  const read = async () => {
    const now = await change.read(missing(), { lane: 'verify', signal })
    for (const [id, image] of now) if (isImage(image) && change.reached(image, 'disabled')) seen.add(id)
    return seen.size === ids.length ? true : undefined
  }
  await pollUntil(world, signal, read, async () => {
    isLeft = await isLaneWanted(world, order)
    return isLeft
  })
  await note(retiring, [...seen], { mark: 'retired', reason: null })
  const until = isLeft ? 'when something else was to be done' : 'at the read-back deadline'
  const unknown: Mark = { mark: 'unknown', reason: `asked for, and not ${change.says} ${until}` }
  await note(retiring, missing(), unknown)
}
