import { GraphFailure } from '../graph/errors.ts'
import { PER_USER_MFA_RETIRED, perUserMfaRetirement } from '../methods/per-user-mfa.ts'
import type { Member, PerUserMfa } from '../store/members.ts'
import type { StoredWave } from '../store/rollouts.ts'
import type { Reader, Writer } from '../store/store.ts'
import type { Task } from '../store/tasks.ts'
import type { CrossingOrder } from './crossing.ts'
import type { Restoring, Told } from './settle-restored.ts'
import { rolloutContextOf } from './step.ts'
import { takePeopleOut } from './take-people-out.ts'
import { queueWatch } from './tell.ts'
import type { World } from './world.ts'

/** Members of a wave whose per-user MFA we ended, or may have. */
export async function bareWithoutPolicy(read: Reader, waveId: string): Promise<Member[]> {
  const members = await read.membersOf(waveId)
  const { effect, target } = PER_USER_MFA_RETIRED
  const images = await read.openImages(
    effect,
    target,
    members.map((member) => member.personId),
  )
  return members.filter((member) => images.has(member.personId))
}

/**
 * Waves of every run under the policy of this one, its own first: a run that was aborted leaves its people in, and the
 * next may not have come to them yet.
 */
async function wavesUnderPolicyOf(read: Reader, rolloutId: string): Promise<StoredWave[]> {
  const own = await read.rollout(rolloutId)
  const others = (await read.rollouts()).filter(
    ({ id, policyId }) => id !== rolloutId && policyId !== null && policyId === own?.policyId,
  )
  const waves: StoredWave[] = []
  for (const id of [rolloutId, ...others.map((one) => one.id)]) waves.push(...(await read.wavesOf(id)))
  return waves
}

/** Everybody who has neither while the policy is off, once each, by the wave that took them over. */
export async function bareUnderPolicyOf(
  read: Reader,
  rolloutId: string,
): Promise<{ wave: StoredWave; members: Member[] }[]> {
  const seen = new Set<string>()
  const found: { wave: StoredWave; members: Member[] }[] = []
  for (const wave of await wavesUnderPolicyOf(read, rolloutId)) {
    const bare = await bareWithoutPolicy(read, wave.id)
    const members = bare.filter((member) => !seen.has(member.personId))
    for (const { personId } of members) seen.add(personId)
    if (members.length > 0) found.push({ wave, members })
  }
  return found
}

/** The policy went off: whoever has no per-user MFA any more gets it back, ahead of all other work. Answers with them. */
export async function queueUnretire(world: World, rolloutId: string): Promise<Member[]> {
  return await world.store.tx(async (writer) => {
    const bare: Member[] = []
    for (const { wave, members } of await bareUnderPolicyOf(writer, rolloutId)) {
      bare.push(...members)
      await queueUnretireOf(writer, { rolloutId: wave.rolloutId, waveId: wave.id }, undefined)
    }
    return bare
  })
}

/** Of everybody in a wave, or of these people; committed with what asks for it. */
export async function queueUnretireOf(
  writer: Writer,
  order: CrossingOrder,
  people: readonly string[] | undefined,
): Promise<void> {
  if (people) return await queueUnretirePeople(writer, order, people)
  await writer.enqueueOnce({ kind: 'unretire', lane: order.waveId, data: order, runAt: 0 })
}

/** Should the process end between the call that disarms and what has to follow it. */
export async function queueLookAfterDisarm(writer: Writer, rolloutId: string, runAt: number): Promise<void> {
  if ((await bareUnderPolicyOf(writer, rolloutId)).length === 0) return
  const lane = `${rolloutId}/disarm`
  await writer.enqueueOnce({ kind: 'lookAfterDisarm', lane, data: { rolloutId }, runAt })
}

/** While the rollout stays disarmed: is anybody without per-user MFA under a policy that is off? */
export async function lookAfterDisarm(world: World, task: Task, signal: AbortSignal): Promise<void> {
  const { rolloutId } = task.data as { rolloutId: string }
  const rollout = await world.store.read.rollout(rolloutId)
  const isDisarmed = rollout && rolloutContextOf(rollout.saved).holds.some(({ kind }) => kind === 'disarmed')
  if (!isDisarmed || !rollout.policyId) return
  if (await isOff(world, rollout.policyId, signal)) await queueUnretire(world, rolloutId)
  const again = world.clock.now() + world.times.recheckMs
  await world.store.tx((writer) => queueLookAfterDisarm(writer, rolloutId, again))
}

async function isOff(world: World, policyId: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await world.directory.readPolicy(policyId, { lane: 'restore', signal })).state !== 'enabled'
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    return error.kind === 'notFound'
  }
}

/** Of everybody in the wave, or of some: those get a task of their own kind, which the one for all does not merge with. */
interface UnretireOrder extends CrossingOrder {
  people?: readonly string[]
}

/** These are out of the group by another hand, and have no per-user MFA either if we ended it. */
export async function queueUnretirePeople(
  writer: Writer,
  { rolloutId, waveId }: CrossingOrder,
  people: readonly string[],
): Promise<void> {
  const bare = (await bareWithoutPolicy(writer, waveId)).map((member) => member.personId)
  const data: UnretireOrder = { rolloutId, waveId, people: bare.filter((id) => people.includes(id)) }
  if (data.people?.length === 0) return
  await writer.enqueue({ kind: 'unretirePeople', lane: waveId, data, runAt: 0 })
}

/** Puts back the recorded per-user state of everybody in the wave who lost it, and reads it back; they stay in the group. */
export async function unretire(world: World, task: Task, signal: AbortSignal): Promise<void> {
  const order = task.data as UnretireOrder
  const { store, clock, times } = world
  const wanted = (member: Member) => order.people?.includes(member.personId) ?? true
  const bare = (await bareWithoutPolicy(store.read, order.waveId)).filter(wanted)
  const restoring: Restoring = {
    world,
    rolloutId: order.rolloutId,
    changes: [perUserMfaRetirement(world.directory)],
    by: 'wavegate',
    tell: (writer, told) => tell(writer, order, told),
    isWantedElsewhere: () => isRolledBack(world, order),
    signal,
  }
  let pause = times.recheckMs
  try {
    if (bare.length > 0) await takePeopleOut(restoring, bare)
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    world.log.warn({ err: error, order }, 'per-user MFA could not be put back; it is tried again')
    pause = times.readBackLongestMs
  }
  const left = (await bareWithoutPolicy(store.read, order.waveId)).filter(wanted)
  await store.tx(async (writer) => {
    if (left.length > 0) {
      const again = { kind: task.kind, lane: task.lane, data: order, runAt: clock.now() + pause }
      if (order.people) await writer.enqueue(again)
      else await writer.enqueueOnce(again)
    }
    // They are to be proven anew.
    if (!(await writer.hasTask('watch'))) await queueWatch(writer, clock.now() + times.intakeMs)
  })
}

/** Taking the wave or its people back does the same, and more. */
async function isRolledBack({ store, clock }: World, { waveId }: CrossingOrder): Promise<boolean> {
  if ((await store.read.wave(waveId))?.state === 'rollingBack') return true
  return await store.read.isWaiting('restorePeople', waveId, clock.now())
}

/** How it is said of somebody who is to have per-user MFA again, and has not. */
export const NOT_BACK_YET = 'per-user MFA is not back'

const NOT_BACK: Partial<Record<Told['restore'], PerUserMfa>> = { failed: 'failed', unknown: 'unknown' }

async function tell(
  writer: Writer,
  { rolloutId, waveId }: CrossingOrder,
  { at, people, restore, reason }: Told,
): Promise<void> {
  if (people.length === 0) return
  const mark = NOT_BACK[restore] ?? null
  const said = mark === null ? null : `${NOT_BACK_YET}: ${reason}`
  await writer.setMembers(rolloutId, people, {
    per_user_mfa: mark,
    per_user_reason: said,
    per_user_at: at,
    not_proven_accepted_by: null,
    not_proven_accepted_at: null,
  })
  const place = { at, rolloutId, waveId, actor: 'wavegate', reason }
  await writer.append({ ...place, type: `perUserMfa.${restore}`, data: { people } })
}
