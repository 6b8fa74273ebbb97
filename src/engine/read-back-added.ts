import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import type { Member } from '../store/members.ts'
import { type Chunk, isOpen } from './add-people.ts'
import { isOurs } from './ownership.ts'
import { pollUntil } from './poll.ts'

/** Tries before a person who never appears in the group is `failed`. */
const MOST_TRIES = 5

/** Reads until everybody who was asked for is in the group; who is not at the deadline is `unknown`, never a guess. */
export async function readBackAdded(chunk: Chunk, people: readonly Member[]): Promise<void> {
  const waiting = await stillPending(chunk, people)
  if (waiting.length === 0) return
  const seen = new Set<string>()
  await pollUntil(chunk.world, chunk.signal, async () => {
    const members = await readMembers(chunk)
    for (const id of waiting) if (members.has(id)) seen.add(id)
    // A rollback does not wait for the deadline of what it takes back.
    return seen.size === waiting.length || !(await isOpen(chunk)) ? true : undefined
  })
  await settle(chunk, [...seen])
  const missing = waiting.filter((id) => !seen.has(id))
  if (missing.length === 0) return
  const reason = 'asked for, and not in the group at the read-back deadline'
  await write(chunk, 'members.unknown', missing, { outcome: 'unknown', outcome_reason: reason })
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
  const isHopeless = (id: string) =>
    (attempts.get(id) ?? []).filter((one) => one.direction === 'apply').length >= MOST_TRIES
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

async function stillPending(chunk: Chunk, people: readonly Member[]): Promise<string[]> {
  const ids = new Set(people.map((member) => member.personId))
  const members = await chunk.world.store.read.membersOf(chunk.job.wave.id)
  return members
    .filter(
      (member) => ids.has(member.personId) && member.outcome === 'pending' && member.requestedAt !== null,
    )
    .map((member) => member.personId)
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
