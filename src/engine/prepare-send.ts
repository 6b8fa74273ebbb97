import type { Receipt } from '../graph/directory/ask.ts'
import { GraphFailure, isFailure } from '../graph/errors.ts'
import type { Answers, Change, Image } from '../methods/change.ts'
import type { Answer } from '../store/ledger.ts'
import { refuseWhenHeld } from './held.ts'
import { nextNumber } from './ownership.ts'
import { noteOutcome } from './prepare-note.ts'
import type { Preparing } from './prepare-people.ts'
import type { World } from './world.ts'

export interface Sending extends Preparing {
  change: Change
  stage: string
  /** How it was before this call. */
  seen: ReadonlyMap<string, Image>
  /** Who is to be read back. */
  sent: Set<string>
}

/** One call's worth of people. @throws GraphFailure when the next call would fare no better */
export async function sendGroup(sending: Sending, ids: readonly string[]): Promise<void> {
  const { world, job, change, stage, signal } = sending
  await refuseWhenHeld(world, job, signal)
  sending.refuseStale()
  const attempts = await intend(sending, ids)
  if (attempts.size === 0) return
  const asked = [...attempts.keys()]
  const answers = await answersOf(asked, () => change.apply(asked, stage, { lane: 'change', signal }))
  await record(sending, attempts, answers)
  const refused = asked.filter((id) => isRefusal(answers.get(id)))
  if (change.isAllOrNothing && refused.length > 1 && isAboutPeople(asked, answers)) {
    for (const id of refused) await sendGroup(sending, [id])
    return
  }
  await settleAnswers(sending, asked, answers)
}

async function answersOf(ids: readonly string[], call: () => Promise<Answers>): Promise<Answers> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    return new Map(ids.map((id) => [id, error]))
  }
}

/** Before-images and the intent, committed before the call is sent; nobody who is left for later by now. */
async function intend(
  { world, job, change, seen }: Sending,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { effect, target } = change
  const place = { effect, target, rolloutId: job.rollout.id, waveId: job.wave.id, at: world.clock.now() }
  const before = await world.store.read.attempts(effect, target, ids)
  return await world.store.tx(async (writer) => {
    const parked = await writer.parked(job.rollout.id, ids)
    const going = ids.filter((id) => !parked.has(id) && seen.has(id))
    if (going.length === 0) return new Map<string, number>()
    await writer.recordImages(
      place,
      going.map((personId) => ({ personId, image: seen.get(personId) as Image })),
    )
    const numbered = going.map((personId) => ({ personId, number: nextNumber(before.get(personId)) }))
    const attempts = await writer.intend(place, 'apply', numbered)
    return new Map(going.map((id, index) => [id, attempts[index] as number]))
  })
}

async function record(
  { world, job, preparation }: Sending,
  attempts: ReadonlyMap<string, number>,
  answers: Answers,
): Promise<void> {
  const at = world.clock.now()
  const said = [...attempts].map(([id, attempt]) => ({ id, attempt, call: answers.get(id) ?? noAnswer() }))
  const groups = Map.groupBy(said, ({ call }) => `${answerOf(call)} ${call.requestId ?? ''}`)
  await world.store.tx(async (writer) => {
    for (const { attempt, call } of said) await writer.answer([attempt], at, answerOf(call), callOf(call))
    for (const group of groups.values()) {
      const [{ call }] = group as [(typeof said)[number]]
      const data = {
        step: preparation.step,
        people: group.map(({ id }) => id),
        answer: answerOf(call),
        requestId: call.requestId ?? null,
      }
      const place = { at, rolloutId: job.rollout.id, waveId: job.wave.id }
      await writer.append({ ...place, type: 'prepare.requested', actor: 'wavegate', data })
    }
  })
}

function noAnswer(): GraphFailure {
  return new GraphFailure({ kind: 'unknownEffect', message: 'no answer' })
}

function callOf(call: Receipt | GraphFailure) {
  const { requestId, clientRequestId } = call
  return { requestId, clientRequestId, code: call instanceof GraphFailure ? call.code : undefined }
}

function answerOf(call: Receipt | GraphFailure): Answer {
  if (!(call instanceof GraphFailure)) return 'accepted'
  // Said of a number it has created all the same.
  if (call.kind === 'unknownEffect' || call.kind === 'alreadyExists') return 'unknown'
  return 'refused'
}

function isRefusal(call: Receipt | GraphFailure | undefined): call is GraphFailure {
  return call instanceof GraphFailure && answerOf(call) === 'refused'
}

/** One person who is refused says nothing about the next; a permission that is missing refuses everybody. */
function isAboutPeople(ids: readonly string[], answers: Answers): boolean {
  const refused = ids.map((id) => answers.get(id)).filter(isRefusal)
  const isEverybody = ids.length > 1 && refused.length === ids.length
  if (isEverybody && refused.every(({ kind }) => kind === 'forbidden')) return false
  return refused.every(({ kind }) => ['notFound', 'forbidden', 'badRequest', 'conflict'].includes(kind))
}

async function settleAnswers(sending: Sending, ids: readonly string[], answers: Answers): Promise<void> {
  const isTheirs = isAboutPeople(ids, answers)
  let stopped: GraphFailure | undefined
  for (const id of ids) {
    const answer = answers.get(id)
    if (!isRefusal(answer)) sending.sent.add(id)
    else if (isTheirs || answer.kind === 'badRequest' || answer.kind === 'conflict')
      await settleRefused(sending, id, answer)
    else stopped ??= answer
  }
  if (stopped) throw stopped
}

async function settleRefused(sending: Sending, id: string, failure: GraphFailure): Promise<void> {
  const isGone = failure.kind === 'notFound' && (await isNowhere(sending.world, id, sending.signal))
  if (isGone) await noteOutcome(sending, [id], 'gone', 'not in the directory any more')
  else await noteOutcome(sending, [id], 'failed', failure.message)
}

async function isNowhere(world: World, id: string, signal: AbortSignal): Promise<boolean> {
  try {
    await world.directory.readUser(id, { lane: 'verify', signal })
    return false
  } catch (error) {
    if (isFailure(error, 'notFound')) return true
    throw error
  }
}
