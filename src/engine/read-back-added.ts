import { GraphFailure } from '../graph/errors.ts'
import type { Image } from '../methods/change.ts'
import type { Member } from '../store/members.ts'
import { type Chunk, isImage, isOursBy, ledgerOf } from './chunk.ts'
import { isOpen } from './held.ts'
import { pollUntil } from './poll.ts'

/** Tries before a person who never appears in the group is `failed`. */
const MOST_TRIES = 5

/**
 * Reads until everybody who was asked for has reached the stage; who has not at the deadline is `unknown`, never a
 * guess. Answers with the people who have.
 */
export async function readBackAdded(
  chunk: Chunk,
  people: readonly Member[],
  stage: string,
  isOver: () => Promise<boolean> = () => isWantedElsewhere(chunk),
): Promise<ReadonlyMap<string, Image>> {
  const waiting = await sentAndPending(chunk, people)
  const seen = new Map<string, Image>()
  if (waiting.length === 0) return seen
  let isCut = false
  const read = async () => {
    const missing = waiting.filter((id) => !seen.has(id))
    for (const [id, image] of await readReached(chunk, missing, stage)) seen.set(id, image)
    return seen.size === waiting.length ? true : undefined
  }
  await pollUntil(chunk.world, chunk.signal, read, async () => {
    isCut = await isOver()
    return isCut
  })
  if (stage === last(chunk)) await settle(chunk, [...seen.keys()])
  const until = isCut ? 'when something else was to be done' : 'at the read-back deadline'
  await leaveUnknown(
    chunk,
    waiting.filter((id) => !seen.has(id)),
    until,
  )
  return seen
}

/** The chunk failed on the way: nobody who may have joined stays `pending`, whether they can be read or not. */
export async function recordWhatWasSent(chunk: Chunk, people: readonly Member[]): Promise<void> {
  const waiting = await sentAndPending(chunk, people)
  if (waiting.length === 0) return
  const reached = await readReachedOrNobody(chunk, waiting)
  await settle(chunk, [...reached.keys()])
  await leaveUnknown(
    chunk,
    waiting.filter((id) => !reached.has(id)),
    'when the chunk failed',
  )
}

/**
 * A rollback, of the wave or of somebody in it, does not wait for the deadline of what it takes back; nor does
 * per-user MFA that has to be back because the policy went off.
 */
async function isWantedElsewhere({ world, job }: Chunk): Promise<boolean> {
  if (!(await isOpen(world, job))) return true
  const now = world.clock.now()
  if (await world.store.read.isWaiting('restorePeople', job.wave.id, now)) return true
  return await world.store.read.isWaitingAnywhere('unretire', now)
}

async function leaveUnknown(chunk: Chunk, ids: readonly string[], until: string): Promise<void> {
  const reason = `asked for, and not ${chunk.change.says} ${until}`
  await write(chunk, 'members.unknown', ids, { outcome: 'unknown', outcome_reason: reason })
}

/** Outcomes that were unknown: read once more; who is still absent is asked for again, a bounded number of times. */
export async function lookAtUnknown(chunk: Chunk): Promise<void> {
  const { world, job, change } = chunk
  const unknown = await world.store.read.toEnforce(job.wave.id, 'unknown', 100_000)
  if (unknown.length === 0) return
  const ids = unknown.map((member) => member.personId)
  const reached = await readReached(chunk, ids, last(chunk))
  await settle(chunk, [...reached.keys()])
  const absent = ids.filter((id) => !reached.has(id))
  const { images, attempts } = await ledgerOf(chunk, absent)
  // Tries of an earlier run, taken back since, say nothing about this one.
  const isHopeless = (id: string) => {
    const since = images.get(id)?.recordedAt ?? 0
    const tries = (attempts.get(id) ?? []).filter(
      (one) => one.direction === 'apply' && one.intendedAt >= since,
    )
    return tries.length >= MOST_TRIES * change.stages.length
  }
  await write(chunk, 'members.failed', absent.filter(isHopeless), {
    outcome: 'failed',
    outcome_reason: `never seen ${change.says}`,
  })
  await write(
    chunk,
    'members.askedAgain',
    absent.filter((id) => !isHopeless(id)),
    { outcome: 'pending', outcome_reason: null },
  )
}

/** Whoever was refused last, with nothing sent that may have acted before, is still to be sent. */
async function sentAndPending(chunk: Chunk, people: readonly Member[]): Promise<string[]> {
  const { world, job, change } = chunk
  const members = await world.store.read.membersAmong(
    job.rollout.id,
    people.map((member) => member.personId),
  )
  const ids = members
    .filter((member) => member.outcome === 'pending' && member.requestedAt !== null)
    .map((member) => member.personId)
  const ledger = await ledgerOf(chunk, ids)
  return ids.filter(
    (id) => ledger.attempts.get(id)?.at(-1)?.answer !== 'refused' || isOursBy(change, ledger, id),
  )
}

async function readReachedOrNobody(
  chunk: Chunk,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Image>> {
  try {
    return await readReached(chunk, ids, last(chunk))
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    return new Map()
  }
}

/** Who could not be read has not been seen. */
async function readReached(
  { change, signal }: Chunk,
  ids: readonly string[],
  stage: string,
): Promise<ReadonlyMap<string, Image>> {
  const now = await change.read(ids, { lane: 'verify', signal })
  const reached = ids.flatMap((id): [string, Image][] => {
    const image = now.get(id)
    return isImage(image) && change.reached(image, stage) ? [[id, image]] : []
  })
  return new Map(reached)
}

function last({ change }: Chunk): string {
  return change.stages.at(-1) ?? ''
}

/** In place, as the directory shows it. Ours when an attempt of ours may have done it, `already` otherwise. */
async function settle(chunk: Chunk, ids: readonly string[]): Promise<void> {
  const { world, change } = chunk
  const ledger = await ledgerOf(chunk, ids)
  const ours = ids.filter((id) => isOursBy(change, ledger, id))
  const at = world.clock.now()
  await write(chunk, 'members.inPlace', ours, { outcome: 'done', outcome_reason: null, in_place_at: at })
  const others = ids.filter((id) => !ours.includes(id))
  await write(chunk, 'members.already', others, {
    outcome: 'already',
    outcome_reason: 'put there by another hand',
    in_place_at: at,
  })
}

type Values = Parameters<Parameters<Parameters<Chunk['world']['store']['tx']>[0]>[0]['setMembers']>[2]

async function write(chunk: Chunk, type: string, ids: readonly string[], values: Values): Promise<void> {
  if (ids.length === 0) return
  const { world, job } = chunk
  await world.store.tx(async (writer) => {
    await writer.setMembers(job.rollout.id, ids, values)
    const place = { at: world.clock.now(), rolloutId: job.rollout.id, waveId: job.wave.id }
    await writer.append({ ...place, type, actor: 'wavegate', data: { people: ids } })
  })
}
