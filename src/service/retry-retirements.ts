import { type CrossingOrder, mayRetire, queueRetire } from '../engine/crossing.ts'
import { waveContextOf } from '../engine/step.ts'
import { NOT_BACK_YET } from '../engine/unretire.ts'
import type { World } from '../engine/world.ts'
import type { Member } from '../store/members.ts'
import type { StoredWave } from '../store/rollouts.ts'
import type { Reader, Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import { keepVerb, within } from './keep.ts'
import { possibleOn, rolloutView } from './look.ts'
import { checkCall } from './permit.ts'
import type { VerbAnswer } from './views.ts'

/** Of these, whose per-user MFA did not go off though it was asked for, or of whom that is not known. */
export function notRetired(people: readonly Member[]): Member[] {
  return people.filter(
    ({ perUserMfa, perUserReason, deferred, restore }) =>
      (perUserMfa === 'failed' || perUserMfa === 'unknown') &&
      deferred === null &&
      restore === null &&
      // To have it back is tried again by itself.
      !perUserReason?.startsWith(NOT_BACK_YET),
  )
}

/** The same, but for those of waves that are taken back or out of their window by now. */
export async function retirable(read: Reader, people: readonly Member[], now: number): Promise<Member[]> {
  const found: Member[] = []
  for (const [waveId, own] of Map.groupBy(notRetired(people), (member) => member.waveId)) {
    const order = { rolloutId: own[0]?.rolloutId ?? '', waveId }
    if ((await mayRetire(read, order, now)) !== 'never') found.push(...own)
  }
  return found
}

/** As if never looked at: the wave's own work comes to them, and reads before it writes. */
export async function retireAgain(writer: Writer, people: readonly Member[], at: number): Promise<void> {
  for (const [waveId, own] of Map.groupBy(people, (member) => member.waveId)) {
    const order: CrossingOrder = { rolloutId: own[0]?.rolloutId ?? '', waveId }
    const ids = own.map((member) => member.personId)
    await writer.setMembers(order.rolloutId, ids, { per_user_mfa: null, per_user_reason: null })
    await queueRetire(writer, order, at)
  }
}

/**
 * `retry` of a wave in which nothing but the end of per-user MFA did not go through: the wave stays where it is.
 * undefined: there is no such person, or the wave has more to take again.
 */
export async function retryRetirements(
  world: World,
  situation: Situation,
  wave: StoredWave,
): Promise<VerbAnswer | undefined> {
  const { call, rollout } = situation
  const now = world.clock.now()
  const members = await world.store.read.membersOf(wave.id)
  const again = await retirable(world.store.read, members, now)
  if (again.length === 0 || hasMore(wave, members, now)) return undefined
  const answer = async (seen: World): Promise<VerbAnswer> => ({
    verb: 'retry',
    changed: !call.dryRun,
    dryRun: call.dryRun,
    says: `${call.dryRun ? 'Would: ' : ''}the end of per-user MFA is tried again for ${again.length} people.`,
    people: again.map(({ personId, upn }) => ({ personId, upn, why: 'goes over again' })),
    rollout: await rolloutView(seen, rollout.id),
  })
  if (call.dryRun) return await answer(world)
  return await world.store.tx(async (writer) => {
    await record(writer, situation, wave, again, now)
    return await keepVerb(writer, world, situation, await answer(within(world, writer)))
  })
}

function hasMore(wave: StoredWave, members: readonly Member[], now: number): boolean {
  if (!possibleOn(wave, now).includes('retry')) return false
  const { holds } = waveContextOf(wave.saved)
  return (
    holds.some(({ kind }) => kind === 'error' || kind === 'stuck') ||
    members.some(({ outcome, deferred }) => deferred === null && ['failed', 'unknown'].includes(outcome))
  )
}

async function record(
  writer: Writer,
  { caller, call, rollout }: Situation,
  wave: StoredWave,
  people: readonly Member[],
  at: number,
): Promise<void> {
  // Looked at again where nobody comes between.
  checkCall(caller, call, (await writer.rollout(rollout.id)) ?? rollout, await writer.wavesOf(rollout.id))
  const data = { people: people.map((one) => one.personId), channel: caller.channel }
  const place = { at, rolloutId: rollout.id, waveId: wave.id }
  await writer.append({ ...place, type: 'verb.retry', actor: caller.person, reason: call.reason, data })
  await retireAgain(writer, await retirable(writer, people, at), at)
}
