import { GraphFailure } from '../graph/errors.ts'
import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import type { Member } from '../store/members.ts'
import type { Chunk } from './add-people.ts'
import { isOpen } from './held.ts'
import { isOurs } from './ownership.ts'
import { pollUntil } from './poll.ts'

/** Tries before a person who never appears in the group is `failed`. */
const MOST_TRIES = 5

/** Reads until everybody who was asked for is in the group; who is not at the deadline is `unknown`, never a guess. */
export async function readBackAdded(chunk: Chunk, people: readonly Member[]): Promise<void> {
  const waiting = await sentAndPending(chunk, people)
  if (waiting.length === 0) return
  const seen = new Set<string>()
  const inTime = await pollUntil(chunk.world, chunk.signal, async () => {
    const members = await readMembers(chunk)
    for (const id of waiting) if (members.has(id)) seen.add(id)
    if (seen.size === waiting.length) return true
    return (await isWantedElsewhere(chunk)) ? false : undefined
  })
  await settle(chunk, [...seen])
  const until = inTime === false ? 'when something else was to be done' : 'at the read-back deadline'
  await leaveUnknown(
    chunk,
    waiting.filter((id) => !seen.has(id)),
    until,
  )
}

/** The chunk failed on the way: nobody who may have joined stays `pending`, whether they can be read or not. */
export async function recordWhatWasSent(chunk: Chunk, people: readonly Member[]): Promise<void> {
  const waiting = await sentAndPending(chunk, people)
  if (waiting.length === 0) return
  const members = await readMembersOrNobody(chunk)
  await settle(
    chunk,
    waiting.filter((id) => members.has(id)),
  )
  await leaveUnknown(
    chunk,
    waiting.filter((id) => !members.has(id)),
    'when the chunk failed',
  )
}

/** A rollback, of the wave or of somebody in it, does not wait for the deadline of what it takes back. */
async function isWantedElsewhere({ world, job }: Chunk): Promise<boolean> {
  if (!(await isOpen(world, job))) return true
  return await world.store.read.isWaiting('restorePeople', job.wave.id, world.clock.now())
}

async function leaveUnknown(chunk: Chunk, ids: readonly string[], until: string): Promise<void> {
  const reason = `asked for, and not in the group ${until}`
  await write(chunk, 'members.unknown', ids, { outcome: 'unknown', outcome_reason: reason })
}

/** Outcomes that were unknown: read once more; who is still absent is asked for again, a bounded number of times. */
export async function lookAtUnknown(chunk: Chunk): Promise<void> {
  const { world, job, target } = chunk
  const unknown = await world.store.read.toEnforce(job.wave.id, 'unknown', 100_000)
  if (unknown.length === 0) return
  const ids = unknown.map((member) => member.personId)
  const members = await readMembers(chunk)
  await settle(
    chunk,
    ids.filter((id) => members.has(id)),
  )
  const absent = ids.filter((id) => !members.has(id))
  const attempts = await world.store.read.attempts(GROUP_MEMBERSHIP.effect, target.groupId, absent)
  const images = await world.store.read.openImages(GROUP_MEMBERSHIP.effect, target.groupId, absent)
  // Tries of an earlier run, taken back since, say nothing about this one.
  const isHopeless = (id: string) => {
    const since = images.get(id)?.recordedAt ?? 0
    const tries = (attempts.get(id) ?? []).filter(
      (one) => one.direction === 'apply' && one.intendedAt >= since,
    )
    return tries.length >= MOST_TRIES
  }
  await write(chunk, 'members.failed', absent.filter(isHopeless), {
    outcome: 'failed',
    outcome_reason: 'never seen in the group',
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
  const { world, job, target } = chunk
  const among = new Set(people.map((member) => member.personId))
  const ids = (await world.store.read.membersOf(job.wave.id))
    .filter((member) => among.has(member.personId) && member.outcome === 'pending')
    .filter((member) => member.requestedAt !== null)
    .map((member) => member.personId)
  const images = await world.store.read.openImages(GROUP_MEMBERSHIP.effect, target.groupId, ids)
  const attempts = await world.store.read.attempts(GROUP_MEMBERSHIP.effect, target.groupId, ids)
  return ids.filter((id) => {
    const made = attempts.get(id) ?? []
    return made.at(-1)?.answer !== 'refused' || isOurs(images.get(id), made)
  })
}

async function readMembersOrNobody(chunk: Chunk): Promise<Set<string>> {
  try {
    return await readMembers(chunk)
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    return new Set()
  }
}

async function readMembers(chunk: Chunk): Promise<Set<string>> {
  return await chunk.method.read(chunk.target.groupId, { lane: 'verify', signal: chunk.signal })
}

/** In place, as the directory shows it. Ours when an attempt of ours may have done it, `already` otherwise. */
async function settle(chunk: Chunk, ids: readonly string[]): Promise<void> {
  const { world, target } = chunk
  const images = await world.store.read.openImages(GROUP_MEMBERSHIP.effect, target.groupId, ids)
  const attempts = await world.store.read.attempts(GROUP_MEMBERSHIP.effect, target.groupId, ids)
  const ours = ids.filter((id) => isOurs(images.get(id), attempts.get(id) ?? []))
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
