import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure, isFailure } from '../graph/errors.ts'
import { GROUP_MEMBERSHIP, type GroupMembership } from '../methods/group-membership.ts'
import type { Answer } from '../store/ledger.ts'
import type { Member, Outcome } from '../store/members.ts'
import { ChunkCut, refuseWhenHeld } from './held.ts'
import type { WaveJob } from './job.ts'
import { isOurs, nextNumber } from './ownership.ts'
import { READING_GOOD_FOR, type SwitchedOn } from './switch-on.ts'
import type { World } from './world.ts'

export interface Chunk {
  world: World
  job: WaveJob
  target: SwitchedOn
  method: GroupMembership
  signal: AbortSignal
}

/** Puts people into the group, twenty a call; whoever was there without us is `already` and stays nobody's doing of ours. */
export async function addPeople(chunk: Chunk, people: readonly Member[]): Promise<void> {
  const there = people.filter((member) => chunk.target.members.has(member.personId))
  await settleThere(chunk, there)
  const absent = people.filter((member) => !chunk.target.members.has(member.personId))
  for (let start = 0; start < absent.length; start += GROUP_MEMBERSHIP.perCall) {
    await addGroup(
      chunk,
      absent.slice(start, start + GROUP_MEMBERSHIP.perCall).map((member) => member.personId),
    )
  }
}

/** Seen in the group before we sent anything this time: ours from before a crash, or another's. */
async function settleThere(chunk: Chunk, there: readonly Member[]): Promise<void> {
  if (there.length === 0) return
  const { world, job, target } = chunk
  const ids = there.map((member) => member.personId)
  const images = await world.store.read.openImages(GROUP_MEMBERSHIP.effect, target.groupId, ids)
  const attempts = await world.store.read.attempts(GROUP_MEMBERSHIP.effect, target.groupId, ids)
  const ours = ids.filter((id) => isOurs(images.get(id), attempts.get(id) ?? []))
  const others = ids.filter((id) => !ours.includes(id))
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await writer.recordImages(
      placeOf(chunk, at),
      others.map((personId) => ({ personId, image: { member: true } })),
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

async function refuseToGoOn({ world, job, target, signal }: Chunk): Promise<void> {
  await refuseWhenHeld(world, job, signal)
  if (world.clock.now() - target.readAt > READING_GOOD_FOR)
    throw new ChunkCut('the policy is to be read anew')
}

async function addGroup(chunk: Chunk, people: readonly string[]): Promise<void> {
  await refuseToGoOn(chunk)
  const { world, job, target, method, signal } = chunk
  const ask: Ask = { lane: 'change', signal }
  const { ids, attempts } = await intend(chunk, people)
  if (ids.length === 0) return
  try {
    const receipt = await method.apply(target.groupId, ids, ask)
    await record(chunk, attempts, ids, 'accepted', receipt)
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    switch (error.kind) {
      case 'unknownEffect':
        await record(chunk, attempts, ids, 'unknown', error)
        return
      case 'alreadyExists':
      case 'notFound':
      case 'badRequest':
      case 'conflict':
        await record(
          chunk,
          attempts,
          ids,
          ids.length === 1 && error.kind === 'alreadyExists' ? 'alreadySo' : 'refused',
          error,
        )
        await bisect(chunk, ids, error)
        return
      default:
        // Nothing happened, and the next group would fare no better: the job ends, nobody is lost.
        await record(chunk, attempts, ids, 'refused', error)
        throw error
    }
  }
  await world.store.tx((writer) =>
    writer.setMembers(job.rollout.id, ids, { requested_at: world.clock.now() }),
  )
}

/** Twenty are taken whole or not at all; halving finds the one that Graph does not take. */
async function bisect(chunk: Chunk, ids: readonly string[], error: GraphFailure): Promise<void> {
  const [only] = ids
  if (ids.length === 1 && only !== undefined) return await settleRefused(chunk, only, error)
  const middle = Math.ceil(ids.length / 2)
  await addGroup(chunk, ids.slice(0, middle))
  await addGroup(chunk, ids.slice(middle))
}

async function settleRefused(chunk: Chunk, id: string, error: GraphFailure): Promise<void> {
  // Whose membership it is comes out when it is read back: an earlier attempt of ours may be the reason.
  if (error.kind === 'alreadyExists') return
  const isGone = await isPersonGone(chunk, id)
  await setOutcome(
    chunk,
    id,
    isGone ? 'gone' : 'failed',
    isGone ? 'not in the directory any more' : error.message,
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

/** Before-images and the intent, committed before the call is sent. Who was parked meanwhile is not among them. */
async function intend(
  chunk: Chunk,
  people: readonly string[],
): Promise<{ ids: string[]; attempts: number[] }> {
  const { world, job, target } = chunk
  const before = await world.store.read.attempts(GROUP_MEMBERSHIP.effect, target.groupId, people)
  const place = placeOf(chunk, world.clock.now())
  return await world.store.tx(async (writer) => {
    const parked = await writer.parked(job.rollout.id, people)
    const ids = people.filter((id) => !parked.has(id))
    if (ids.length === 0) return { ids, attempts: [] }
    await writer.recordImages(
      place,
      ids.map((personId) => ({ personId, image: { member: false } })),
    )
    await writer.setMembers(job.rollout.id, ids, { requested_at: place.at })
    const numbered = ids.map((personId) => ({ personId, number: nextNumber(before.get(personId)) }))
    return { ids, attempts: await writer.intend(place, 'apply', numbered) }
  })
}

async function record(
  chunk: Chunk,
  attempts: readonly number[],
  ids: readonly string[],
  answer: Answer,
  call: { requestId?: string | undefined; clientRequestId?: string | undefined; code?: string | undefined },
): Promise<void> {
  const { world, job } = chunk
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await writer.answer(attempts, at, answer, call)
    const data = {
      people: ids,
      answer,
      requestId: call.requestId ?? null,
      clientRequestId: call.clientRequestId ?? null,
    }
    await writer.append({
      at,
      rolloutId: job.rollout.id,
      waveId: job.wave.id,
      type: 'members.requested',
      actor: 'wavegate',
      data,
    })
  })
}

function placeOf(chunk: Chunk, at: number) {
  const { job, target } = chunk
  return {
    effect: GROUP_MEMBERSHIP.effect,
    target: target.groupId,
    rolloutId: job.rollout.id,
    waveId: job.wave.id,
    at,
  }
}
