import type { Ask } from '../graph/directory/ask.ts'
import { type GraphFailure, isFailure } from '../graph/errors.ts'
import type { Change, Image } from '../methods/change.ts'
import { groupMembership } from '../methods/group-membership.ts'
import { perUserMfa } from '../methods/per-user-mfa.ts'
import type { Member } from '../store/members.ts'
import { type Chunk, isImage } from './chunk.ts'
import { covers, readCovers } from './covered-elsewhere.ts'
import { beginLooking } from './drift-record.ts'
import { ChunkCut } from './held.ts'
import { doorOf, refuse, type WaveJob } from './job.ts'
import { readProtection } from './protection.ts'
import { checkSecurityDefaults } from './security-defaults.ts'
import { READING_GOOD_FOR, switchOn } from './switch-on.ts'
import type { World } from './world.ts'

/** How the people of a wave enter MFA, with everything read that has to be true before. */
export interface WayIn {
  change: Change
  /** Who is not to be changed, by a reading that is good for a while yet. @throws Refused */
  facts(): Promise<Facts>
  /** What the tenant shows of these people now. @throws GraphFailure when nobody could be read */
  look(ids: readonly string[]): Promise<ReadonlyMap<string, Image | GraphFailure>>
  /** @throws ChunkCut when what was read is too old to change anybody on it */
  refuseStale(): void
}

export interface Facts {
  protectedPeople: ReadonlySet<string>
  /** Who is under MFA by another rule already, where that keeps this one from them. */
  coveredElsewhere: (id: string) => boolean
}

/** @throws Refused @throws ChunkCut when the wave is held before the way is open @throws Superseded */
export async function wayIn(world: World, job: WaveJob, signal: AbortSignal): Promise<WayIn> {
  const { by } = job.plan.enforce
  switch (by) {
    case 'conditional-access':
      return await byGroup(world, job, signal)
    case 'per-user-mfa':
      return await byPerUserMfa(world, job, signal)
    default:
      return by satisfies never
  }
}

async function byGroup(world: World, job: WaveJob, signal: AbortSignal): Promise<WayIn> {
  const open = await switchOn(world, job, signal)
  const { protection, readAt } = open
  const door = doorOf(job.planned)
  const { groupId, members } = door === 'administrators' ? (open.administrators ?? noDoor(job)) : open
  return {
    change: groupMembership(world.directory, groupId),
    facts: async () => ({ protectedPeople: protection.people, coveredElsewhere: () => false }),
    look: async (ids) => new Map(ids.map((id) => [id, { member: members.has(id) }])),
    refuseStale: () => refuseStale(world, readAt),
  }
}

function noDoor({ planned }: WaveJob): never {
  throw new Error(`the wave ${planned.name} is for administrators, and the plan gives them no group`)
}

/**
 * No policy of ours: who is protected, and whom a policy covers already, is all that has to be read before, and again
 * as often as it grows old on the way: people are read one by one here, which takes longer than the reading is good for.
 */
async function byPerUserMfa(world: World, job: WaveJob, signal: AbortSignal): Promise<WayIn> {
  const ask: Ask = { lane: 'change', signal }
  const change = perUserMfa(world.directory)
  let known = await readFacts(world, job, ask)
  await beginLooking(world, job.rollout.id)
  let reading: Promise<void> | undefined
  const readAnew = async () => {
    known = await readFacts(world, job, ask)
  }
  return {
    change,
    async facts() {
      if (world.clock.now() - known.readAt > READING_GOOD_FOR / 2) {
        reading ??= readAnew().finally(() => {
          reading = undefined
        })
        await reading
      }
      return known
    },
    look: (ids) => change.read(ids, ask),
    refuseStale: () => refuseStale(world, known.readAt),
  }
}

async function readFacts(world: World, job: WaveJob, ask: Ask): Promise<Facts & { readAt: number }> {
  const readAt = world.clock.now()
  const protection = await readProtection(world, job.plan, ask)
  refuse(protection.findings)
  refuse(await checkSecurityDefaults(world, job.rollout.id, job.plan, ask))
  const policies = await readCovers(world, ask)
  return {
    readAt,
    protectedPeople: protection.people,
    coveredElsewhere: (id) => policies.some((policy) => covers(policy, id)),
  }
}

function refuseStale(world: World, readAt: number): void {
  if (world.clock.now() - readAt > READING_GOOD_FOR) throw new ChunkCut('what was read is to be read anew')
}

export function chunkOf(world: World, job: WaveJob, way: WayIn, signal: AbortSignal): Chunk {
  return { world, job, change: way.change, seen: new Map(), refuseStale: way.refuseStale, signal }
}

/** The chunk with what the tenant shows of its people; nobody is in it whose state could not be read. */
export async function lookAt(chunk: Chunk, way: WayIn, people: readonly Member[]): Promise<Chunk> {
  const { world, job, signal } = chunk
  const now = await way.look(people.map((member) => member.personId))
  const seen = new Map<string, Image>()
  for (const { personId } of people) {
    const image = now.get(personId)
    if (isImage(image)) seen.set(personId, image)
    else await leaveUnread(personId, image)
  }
  return { ...chunk, seen }

  async function leaveUnread(personId: string, failure: GraphFailure | undefined): Promise<void> {
    if (failure && !isFailure(failure, 'notFound') && !isFailure(failure, 'forbidden')) throw failure
    const isGone = isFailure(failure, 'notFound') && (await isNowhere(personId))
    const outcome = isGone ? ('gone' as const) : ('failed' as const)
    const why = failure?.message ?? 'Graph did not answer for this person'
    const reason = isGone ? 'not in the directory any more' : `the state before could not be read: ${why}`
    const place = { at: world.clock.now(), rolloutId: job.rollout.id, waveId: job.wave.id, personId }
    await world.store.tx(async (writer) => {
      await writer.setMembers(job.rollout.id, [personId], { outcome, outcome_reason: reason })
      await writer.append({ ...place, type: `member.${outcome}`, actor: 'wavegate', reason })
    })
  }

  async function isNowhere(personId: string): Promise<boolean> {
    try {
      await world.directory.readUser(personId, { lane: 'verify', signal })
      return false
    } catch (error) {
      if (isFailure(error, 'notFound')) return true
      throw error
    }
  }
}
