import type { Ask, Receipt } from '../graph/directory/ask.ts'
import { GraphFailure, isFailure } from '../graph/errors.ts'
import { type Answers, hasReached, type Image } from '../methods/change.ts'
import type { Answer } from '../store/ledger.ts'
import type { Member, Outcome } from '../store/members.ts'
import { type Chunk, isOursBy, ledgerOf, placeOf } from './chunk.ts'
import { refuseWhenHeld } from './held.ts'
import { nextNumber } from './ownership.ts'

/** Takes people to one stage, a call's worth at a time; whoever was there without us is `already` and nobody's doing of ours. */
export async function addPeople(chunk: Chunk, people: readonly Member[], stage: string): Promise<void> {
  const { change, seen } = chunk
  const isThere = ({ personId }: Member) => {
    const image = seen.get(personId)
    return image !== undefined && change.reached(image, stage)
  }
  await settleThere(
    chunk,
    people.filter((one) => hasReached(change, seen.get(one.personId) ?? {})),
  )
  const absent = people.filter((one) => !isThere(one)).map((one) => one.personId)
  for (let start = 0; start < absent.length; start += change.perCall) {
    await addGroup(chunk, absent.slice(start, start + change.perCall), stage)
  }
}

/** Seen in place before we sent anything this time: ours from before a crash, or another's. */
async function settleThere(chunk: Chunk, there: readonly Member[]): Promise<void> {
  if (there.length === 0) return
  const { world, job, change, seen } = chunk
  const ids = there.map((member) => member.personId)
  const ledger = await ledgerOf(chunk, ids)
  const ours = ids.filter((id) => isOursBy(change, ledger, id))
  const others = ids.filter((id) => !ours.includes(id))
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await writer.recordImages(
      placeOf(chunk, at),
      others.map((personId) => ({ personId, image: seen.get(personId) ?? {} })),
    )
    await writer.setMembers(job.rollout.id, others, { outcome: 'already', requested_at: at, in_place_at: at })
    await writer.setMembers(job.rollout.id, ours, { outcome: 'done', in_place_at: at })
    // By an earlier run of the plan: asked for now, as far as this run is concerned.
    const anew = there.filter((one) => one.requestedAt === null && ours.includes(one.personId))
    await writer.setMembers(
      job.rollout.id,
      anew.map((one) => one.personId),
      { requested_at: at },
    )
  })
}

async function refuseToGoOn(chunk: Chunk): Promise<void> {
  await refuseWhenHeld(chunk.world, chunk.job, chunk.signal)
  chunk.refuseStale()
}

async function addGroup(chunk: Chunk, people: readonly string[], stage: string): Promise<void> {
  await refuseToGoOn(chunk)
  const { world, job, change, signal } = chunk
  const ask: Ask = { lane: 'change', signal }
  const attempts = await intend(chunk, people)
  if (attempts.size === 0) return
  const ids = [...attempts.keys()]
  const answers = await answersOf(ids, () => change.apply(ids, stage, ask))
  const stopped = await record(chunk, attempts, answers)
  if (stopped) throw stopped
  const refused = ids.flatMap((id) => {
    const answer = answers.get(id)
    return answer instanceof GraphFailure && isAboutThePerson(answer) ? [{ id, failure: answer }] : []
  })
  if (change.isAllOrNothing && refused.length > 1) {
    await bisect(chunk, ids, stage)
  } else {
    for (const { id, failure } of refused) await settleRefused(chunk, id, failure)
  }
  await world.store.tx((writer) =>
    writer.setMembers(job.rollout.id, ids, { requested_at: world.clock.now() }),
  )
}

async function answersOf(ids: readonly string[], call: () => Promise<Answers>): Promise<Answers> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    return new Map(ids.map((id) => [id, error]))
  }
}

interface Answered {
  answer: Answer
  ids: string[]
  call: Receipt | GraphFailure
  /** Who was in which request: in a batch each person has one of their own. */
  requests: Map<string, string[]>
}

/** What the answers were, by kind; the first failure that is nobody's in particular: the next call would fare no better. */
async function record(
  chunk: Chunk,
  attempts: ReadonlyMap<string, number>,
  answers: ReadonlyMap<string, Receipt | GraphFailure>,
): Promise<GraphFailure | undefined> {
  const isAlone = attempts.size === 1 || !chunk.change.isAllOrNothing
  const groups = new Map<string, Answered>()
  let stopped: GraphFailure | undefined
  for (const id of attempts.keys()) {
    const call = answers.get(id) ?? new GraphFailure({ kind: 'unknownEffect', message: 'no answer' })
    const answer = answerOf(call, isAlone)
    const key = `${answer} ${call.requestId} ${call instanceof GraphFailure ? call.code : ''}`
    const group: Answered = groups.get(key) ?? { answer, ids: [], call, requests: new Map() }
    group.ids.push(id)
    const request = call.clientRequestId ?? ''
    group.requests.set(request, [...(group.requests.get(request) ?? []), id])
    groups.set(key, group)
    if (call instanceof GraphFailure && call.kind !== 'unknownEffect' && !isAboutThePerson(call)) {
      stopped ??= call
    }
  }
  await write(chunk, attempts, [...groups.values()])
  return stopped
}

function answerOf(call: Receipt | GraphFailure, isAlone: boolean): Answer {
  if (!(call instanceof GraphFailure)) return 'accepted'
  if (call.kind === 'unknownEffect') return 'unknown'
  return isAlone && call.kind === 'alreadyExists' ? 'alreadySo' : 'refused'
}

function isAboutThePerson(failure: GraphFailure): boolean {
  return ['alreadyExists', 'notFound', 'badRequest', 'conflict'].includes(failure.kind)
}

async function write(
  chunk: Chunk,
  attempts: ReadonlyMap<string, number>,
  groups: readonly Answered[],
): Promise<void> {
  const { world, job } = chunk
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    for (const { answer, ids, call, requests } of groups) {
      const code = call instanceof GraphFailure ? call.code : undefined
      const { requestId, clientRequestId } = call
      for (const [own, theirs] of requests) {
        const numbers = theirs.map((id) => attempts.get(id) as number)
        await writer.answer(numbers, at, answer, { requestId, clientRequestId: own || undefined, code })
      }
      const data = {
        people: ids,
        answer,
        requestId: requestId ?? null,
        clientRequestId: clientRequestId ?? null,
      }
      await writer.append({
        at,
        rolloutId: job.rollout.id,
        waveId: job.wave.id,
        type: 'members.requested',
        actor: 'wavegate',
        data,
      })
    }
  })
}

/** Twenty are taken whole or not at all; halving finds the one that Graph does not take. */
async function bisect(chunk: Chunk, ids: readonly string[], stage: string): Promise<void> {
  const middle = Math.ceil(ids.length / 2)
  await addGroup(chunk, ids.slice(0, middle), stage)
  await addGroup(chunk, ids.slice(middle), stage)
}

async function settleRefused(chunk: Chunk, id: string, failure: GraphFailure): Promise<void> {
  // Whose doing it is comes out when it is read back: an earlier attempt of ours may be the reason.
  if (failure.kind === 'alreadyExists') return
  const isGone = await isPersonGone(chunk, id)
  await setOutcome(
    chunk,
    id,
    isGone ? 'gone' : 'failed',
    isGone ? 'not in the directory any more' : failure.message,
  )
}

async function isPersonGone(chunk: Chunk, id: string): Promise<boolean> {
  try {
    await chunk.world.directory.readUser(id, { lane: 'verify', signal: chunk.signal })
    return false
  } catch (error) {
    if (isFailure(error, 'notFound')) return true
    throw error
  }
}

async function setOutcome(chunk: Chunk, id: string, outcome: Outcome, reason: string): Promise<void> {
  const { world, job } = chunk
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await writer.setMembers(job.rollout.id, [id], { outcome, outcome_reason: reason })
    await writer.append({
      at,
      rolloutId: job.rollout.id,
      waveId: job.wave.id,
      personId: id,
      type: `member.${outcome}`,
      actor: 'wavegate',
      reason,
    })
  })
}

/**
 * Before-images and the intent, committed before the call is sent. Answers with the attempts' ids by person; who was
 * parked meanwhile, or whose state before could not be read, is not among them.
 */
async function intend(chunk: Chunk, people: readonly string[]): Promise<Map<string, number>> {
  const { world, job, change, seen } = chunk
  const before = await world.store.read.attempts(change.effect, change.target, people)
  const place = placeOf(chunk, world.clock.now())
  return await world.store.tx(async (writer) => {
    const parked = await writer.parked(job.rollout.id, people)
    const ids = people.filter((id) => !parked.has(id) && seen.has(id))
    if (ids.length === 0) return new Map<string, number>()
    await writer.recordImages(
      place,
      ids.map((personId) => ({ personId, image: imageOf(chunk, personId) })),
    )
    await writer.setMembers(job.rollout.id, ids, { requested_at: place.at })
    const numbered = ids.map((personId) => ({ personId, number: nextNumber(before.get(personId)) }))
    const attempts = await writer.intend(place, 'apply', numbered)
    return new Map(ids.map((id, index) => [id, attempts[index] as number]))
  })
}

function imageOf({ seen }: Chunk, personId: string): Image {
  const image = seen.get(personId)
  if (!image) throw new Error(`nobody is changed whose state is not on record: ${personId}`)
  return image
}
