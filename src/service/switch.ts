import { inspectRearm, switchOff, switchOnAgain } from '../engine/disarm.ts'
import { switchedOnKey } from '../engine/doors.ts'
import { planOf } from '../engine/job.ts'
import { rolloutContextOf } from '../engine/step.ts'
import { tellRollout } from '../engine/tell.ts'
import { queueLookAfterDisarm, queueUnretire } from '../engine/unretire.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Reader, Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import { refuseWhileFrozen } from './freeze.ts'
import { graphFault } from './graph-fault.ts'
import { bareFirst, covered, type InGroup, inGroup, wouldBeBare } from './in-group.ts'
import { keepVerb, within } from './keep.ts'
import { needRollout, rolloutView } from './look.ts'
import { checkCall } from './permit.ts'
import { disarmAtOnce, disarmedMeanwhile, rearmInTurn } from './switch-turns.ts'
import type { VerbAnswer } from './views.ts'

/** The policy that is on by our hand. @throws notApplicable */
async function ourPolicy(world: World, { call, rollout }: Situation): Promise<string> {
  if (planOf(rollout).enforce.by === 'per-user-mfa') {
    const because = 'there is no policy to switch: this plan sets the per-user MFA of each person'
    const instead = 'Pause stops it; rollback takes a person, a wave or everybody back.'
    throw fault('notApplicable', { verb: call.verb, because, instead })
  }
  const isOn = await world.store.read.setting(switchedOnKey(rollout.id))
  if (isOn && rollout.policyId) return rollout.policyId
  const instead = 'Nobody is under MFA by this rollout yet: pause or abort is enough.'
  throw fault('notApplicable', { verb: call.verb, because: 'the policy of this rollout is not on', instead })
}

function answer(
  situation: Situation,
  changed: boolean,
  says: string,
  people: readonly InGroup[],
  why: string,
) {
  return async (world: World): Promise<VerbAnswer> => ({
    verb: situation.call.verb,
    changed,
    dryRun: situation.call.dryRun,
    says,
    people: people.map((one) => ({ personId: one.personId, upn: one.upn, why: one.why ?? why })),
    rollout: await rolloutView(world, situation.rollout.id),
  })
}

/** Holds first, so that nobody is added any more; then the one call, whether or not it was made before. */
export async function disarm(world: World, situation: Situation, signal: AbortSignal): Promise<VerbAnswer> {
  const { caller, call, rollout } = situation
  const policyId = await ourPolicy(world, situation)
  const bites = `It bites within minutes to a day; ${await sayAdministrators(world, rollout)}`
  const why = 'without MFA once it bites'
  if (call.dryRun) {
    const bare = await wouldBeBare(world.store.read, rollout.id)
    const people = await bareFirst(world, rollout.id, bare, await inGroup(world, rollout, signal))
    const says = `Would: put the policy in report-only. ${bites}.`
    return await answer(situation, false, says, people, why)(world)
  }
  const bare = new Map<string, InGroup>()
  const queue = async () => {
    for (const { personId, upn } of await queueUnretire(world, rollout.id))
      bare.set(personId, { personId, upn })
  }
  const off = () =>
    switchOff(world, policyId, signal, queue).catch((error) => {
      throw graphFault(error)
    })
  const isReadBack = await disarmAtOnce(world, rollout.id, async (olderSettled) => {
    await recordDisarm(world, situation, policyId)
    const first = await off()
    return (await olderSettled()) ? await off() : first
  })
  const read = isReadBack
    ? 'The policy was read back as report-only'
    : 'The call was sent and not read back in time: disarm again'
  // Who is in the group is told besides: a tenant that does not say is no reason to keep the rest off the record.
  const asked = await inGroup(world, rollout, signal).then(
    async (people) => ({ people: await bareFirst(world, rollout.id, [...bare.values()], people) }),
    (error: unknown) => ({ people: [] as InGroup[], error }),
  )
  const says = answer(situation, true, `${read}. ${bites}.`, asked.people, why)
  const told = await world.store.tx(async (writer) => {
    await appendOff(writer, world, rollout.id, policyId, isReadBack, caller.person)
    const done = await says(within(world, writer))
    return 'error' in asked ? done : await keepVerb(writer, world, situation, done)
  })
  if ('error' in asked) throw asked.error
  return told
}

/** What is in force for them still, as read from the records: no call of ours touches it. */
async function sayAdministrators(world: World, rollout: StoredRollout): Promise<string> {
  const { administrators } = planOf(rollout).enforce
  const isOn = await world.store.read.setting(switchedOnKey(rollout.id, 'administrators'))
  if (!administrators || !isOn) return 'administrators keep their own policies'
  return `administrators stay under MFA: their policy ${administrators.policy} is left on`
}

async function recordDisarm(world: World, { caller, call, rollout }: Situation, policyId: string) {
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    const data = { channel: caller.channel, policyId }
    await writer.append({
      at,
      rolloutId: rollout.id,
      type: 'verb.disarm',
      actor: caller.person,
      reason: call.reason,
      data,
    })
    await tellRollout(writer, rollout.id, { type: 'DISARM', at, by: caller.person, reason: call.reason })
    await queueLookAfterDisarm(writer, rollout.id, at + world.times.recheckMs)
  })
}

async function appendOff(
  writer: Writer,
  world: World,
  rolloutId: string,
  policyId: string,
  isReadBack: boolean,
  actor: string,
): Promise<void> {
  const type = isReadBack ? 'policy.disarmed' : 'policy.disarmUnknown'
  const at = world.clock.now()
  await writer.append({ at, rolloutId, type, actor, data: { policyId } })
}

/** The count first; then on, read back, and only then the hold goes. */
export async function rearm(world: World, situation: Situation, signal: AbortSignal): Promise<VerbAnswer> {
  const { call, rollout } = situation
  const policyId = await ourPolicy(world, situation)
  const why = 'under MFA again'
  const sayCount = (count: number) => `${count} people are in the group`
  if (call.dryRun) {
    const count = await checked(world, situation, policyId, signal)
    const says = `Would: switch the policy on. ${sayCount(count)}.`
    return await answer(situation, false, says, await covered(world, rollout.id), why)(world)
  }
  const disarmedBy = (await world.store.read.newestEvent(rollout.id, ['verb.disarm']))?.seq
  return await rearmInTurn(world, rollout.id, async (turn) => {
    const patience = AbortSignal.any([signal, turn.overtaken])
    const members = await checked(world, situation, policyId, patience)
    await refuseOvertaken(world.store.read, situation, disarmedBy)
    turn.overtaken.throwIfAborted()
    turn.sent = true
    try {
      await onAgain(world, policyId, signal, patience)
      return await world.store.tx(async (writer) => {
        await refuseOvertaken(writer, situation, disarmedBy)
        await recordRearm(writer, situation, { at: world.clock.now(), policyId, members })
        const seen = within(world, writer)
        const says = `The policy was read back as enabled. ${sayCount(members)}.`
        const done = answer(situation, true, says, await covered(seen, rollout.id), why)
        return await keepVerb(writer, world, situation, await done(seen))
      })
    } catch (error) {
      const queue = () => queueUnretire(world, rollout.id)
      const isReadBack = await switchOff(world, policyId, signal, queue).catch(() => false)
      await world.store.tx((writer) => appendOff(writer, world, rollout.id, policyId, isReadBack, 'wavegate'))
      throw error
    }
  })
}

/** Members and protection, read anew. Answers with how many are in the group. @throws preflightFailed */
async function checked(
  world: World,
  { rollout }: Situation,
  policyId: string,
  signal: AbortSignal,
): Promise<number> {
  const { findings, members } = await inspectRearm(world, rollout, policyId, signal).catch((error) => {
    throw graphFault(error)
  })
  const [first] = findings
  if (first) throw fault('preflightFailed', { first: `${first.message} ${first.hint}`, findings })
  return members.length
}

/** Whether it still stands as it did when the rearm was asked for: held by the same disarm, not frozen, as seen. */
async function refuseOvertaken(
  read: Reader,
  { caller, call, rollout }: Situation,
  disarmedBy: number | undefined,
): Promise<void> {
  const now = await needRollout(read, rollout.id)
  const isHeld = rolloutContextOf(now.saved).holds.some((hold) => hold.kind === 'disarmed')
  if (!isHeld || (await read.newestEvent(rollout.id, ['verb.disarm']))?.seq !== disarmedBy)
    throw disarmedMeanwhile()
  await refuseWhileFrozen(read)
  checkCall(caller, call, now, await read.wavesOf(rollout.id))
}

async function onAgain(
  world: World,
  policyId: string,
  signal: AbortSignal,
  patience: AbortSignal,
): Promise<void> {
  const isReadBack = await switchOnAgain(world, policyId, signal, patience).catch((error) => {
    throw graphFault(error)
  })
  if (!isReadBack)
    throw fault('graphUnavailable', { detail: 'the policy was not read back as enabled in time' })
}

async function recordRearm(
  writer: Writer,
  { caller, call, rollout }: Situation,
  { at, policyId, members }: { at: number; policyId: string; members: number },
): Promise<void> {
  const data = { channel: caller.channel, policyId, members }
  await writer.append({
    at,
    rolloutId: rollout.id,
    type: 'verb.rearm',
    actor: caller.person,
    reason: call.reason,
    data,
  })
  await tellRollout(writer, rollout.id, { type: 'REARM', at, by: caller.person, reason: call.reason })
}
