import { inspectRearm, switchOff, switchOnAgain } from '../engine/disarm.ts'
import { planOf } from '../engine/job.ts'
import { switchedOnKey } from '../engine/switch-on.ts'
import { tellRollout } from '../engine/tell.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Member } from '../store/members.ts'
import type { Situation } from './act.ts'
import { graphFault } from './graph-fault.ts'
import { rolloutView } from './look.ts'
import type { VerbAnswer } from './views.ts'

/** The policy that is on by our hand. @throws notApplicable */
async function ourPolicy(world: World, { call, rollout }: Situation): Promise<string> {
  const isOn = await world.store.read.setting(switchedOnKey(rollout.id))
  if (isOn && rollout.policyId) return rollout.policyId
  const instead = 'Nobody is under MFA by this rollout yet: pause or abort is enough.'
  throw fault('notApplicable', { verb: call.verb, because: 'the policy of this rollout is not on', instead })
}

async function covered(world: World, rolloutId: string): Promise<Member[]> {
  const members = await world.store.read.membersOfRollout(rolloutId)
  return members.filter(
    (one) => (one.outcome === 'done' || one.outcome === 'unknown') && one.restore !== 'restored',
  )
}

function answer(
  situation: Situation,
  changed: boolean,
  says: string,
  people: readonly Member[],
  why: string,
) {
  return async (world: World): Promise<VerbAnswer> => ({
    verb: situation.call.verb,
    changed,
    dryRun: situation.call.dryRun,
    says,
    people: people.map(({ personId, upn }) => ({ personId, upn, why })),
    rollout: await rolloutView(world, situation.rollout.id),
  })
}

/** Holds first, so that nobody is added any more; then the one call, whether or not it was made before. */
export async function disarm(world: World, situation: Situation, signal: AbortSignal): Promise<VerbAnswer> {
  const { caller, call, rollout } = situation
  const policyId = await ourPolicy(world, situation)
  const people = await covered(world, rollout.id)
  const bites = 'It bites within minutes to a day; administrators keep their own policies'
  const why = 'without MFA once it bites'
  if (call.dryRun)
    return await answer(
      situation,
      false,
      `Would: put the policy in report-only. ${bites}.`,
      people,
      why,
    )(world)
  const at = world.clock.now()
  const command = { at, by: caller.person, reason: call.reason }
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
    await tellRollout(writer, rollout.id, { type: 'DISARM', ...command })
  })
  const isReadBack = await switchOff(world, policyId, signal).catch((error) => {
    throw graphFault(error)
  })
  await world.store.tx((writer) =>
    writer.append({
      at: world.clock.now(),
      rolloutId: rollout.id,
      type: isReadBack ? 'policy.disarmed' : 'policy.disarmUnknown',
      actor: caller.person,
      data: { policyId },
    }),
  )
  const read = isReadBack
    ? 'The policy was read back as report-only'
    : 'The call was sent and not read back in time: disarm again'
  return await answer(situation, true, `${read}. ${bites}.`, people, why)(world)
}

/** The count first; then on, read back, and only then the hold goes. */
export async function rearm(world: World, situation: Situation, signal: AbortSignal): Promise<VerbAnswer> {
  const { caller, call, rollout } = situation
  const policyId = await ourPolicy(world, situation)
  const people = await covered(world, rollout.id)
  const why = 'under MFA again'
  const seen = await inspectRearm(world, planOf(rollout), policyId, signal).catch((error) => {
    throw graphFault(error)
  })
  const [first] = seen.findings
  if (first)
    throw fault('preflightFailed', { first: `${first.message} ${first.hint}`, findings: seen.findings })
  const count = `${seen.members.length} people are in the group`
  if (call.dryRun)
    return await answer(situation, false, `Would: switch the policy on. ${count}.`, people, why)(world)
  const isReadBack = await switchOnAgain(world, policyId, signal).catch((error) => {
    throw graphFault(error)
  })
  if (!isReadBack)
    throw fault('graphUnavailable', { detail: 'the policy was not read back as enabled in time' })
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    const data = { channel: caller.channel, policyId, members: seen.members.length }
    await writer.append({
      at,
      rolloutId: rollout.id,
      type: 'verb.rearm',
      actor: caller.person,
      reason: call.reason,
      data,
    })
    await tellRollout(writer, rollout.id, { type: 'REARM', at, by: caller.person, reason: call.reason })
  })
  return await answer(situation, true, `The policy was read back as enabled. ${count}.`, people, why)(world)
}
