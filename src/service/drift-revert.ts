import { tellDrift } from '../engine/drift.ts'
import { findingName, sayDrift, upnOf } from '../engine/drift-words.ts'
import { takeForeignOut } from '../engine/take-foreign-out.ts'
import { tellRollout, tellWave } from '../engine/tell.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import type { Drift } from '../store/drift.ts'
import type { Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import type { TouchedPerson } from './at-risk.ts'
import { putPeopleBack, retireThem } from './drift-revert-people.ts'
import { planRevert, type RevertPlan, remedy } from './drift-revert-plan.ts'
import { policyBack } from './drift-revert-policy.ts'
import { refuseWhileStopped, refuseWidening } from './drift-revert-rules.ts'
import { graphFault } from './graph-fault.ts'
import { rolloutView } from './look.ts'
import { checkCall } from './permit.ts'
import type { VerbAnswer } from './views.ts'

/** Puts back what we had recorded, reads it back, and only then says so. Nobody is taken out who is not named. */
export async function revertDrift(
  world: World,
  situation: Situation,
  signal: AbortSignal,
): Promise<VerbAnswer> {
  const { call, rollout } = situation
  const plan = await planRevert(world, situation, signal)
  const leaving = plan.takeOut.flatMap((one) => one.personId ?? [])
  await refuseForward(world, situation, plan, leaving, signal)
  if (!call.dryRun) await carryOutRevert(world, situation, plan, signal)
  const left = plan.leaves.length > 0 ? ` Left as it is: ${sayLeft(plan.leaves)}` : ''
  return {
    verb: 'revert',
    changed: !call.dryRun,
    dryRun: call.dryRun,
    says: `${call.dryRun ? 'Would put back' : 'Put back and read back'}: ${sayDrift(plan.settles).join('; ')}.${left}`,
    people: [
      ...plan.takeOut.map(named('is taken out of the group: without MFA by this policy')),
      ...plan.people.askAgain.map(named('is asked in again, as everybody of the wave was')),
      ...plan.people.retireAgain.map(
        named('loses per-user MFA again, once all that has to be true was read'),
      ),
      ...plan.people.giveBack.map(named('has per-user MFA back as it was left')),
      ...plan.people.except.map(named('is among the exceptions again: without MFA by this policy')),
      ...plan.people.coverAgain.map(named('is under the policy again')),
    ],
    requests: plan.requests,
    rollout: await rolloutView(world, rollout.id),
  }
}

/** @throws installationFrozen, notApplicable, revertWidens */
async function refuseForward(
  world: World,
  situation: Situation,
  { policies, people }: RevertPlan,
  leaving: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const { object, isForward } of policies)
    if (isForward) await refuseWidening(world, situation, object, leaving, signal)
  if (people.coverAgain.length > 0) await refuseWhileStopped(world.store.read, situation.rollout.id)
}

function sayLeft(leaves: readonly Drift[]): string {
  return `${sayDrift(leaves).join('; ')}. ${[...new Set(leaves.map(remedy))].join(' ')}`
}

function named(why: string): (one: Drift) => TouchedPerson {
  return (one) => ({ personId: one.personId ?? '', upn: upnOf(one), why })
}

async function carryOutRevert(
  world: World,
  situation: Situation,
  plan: RevertPlan,
  signal: AbortSignal,
): Promise<void> {
  const { caller, call, rollout } = situation
  // The intent, with every call that follows from it, before the first of them is sent.
  await world.store.tx(async (writer) => {
    const now = (await writer.rollout(rollout.id)) ?? rollout
    checkCall(caller, call, now, await writer.wavesOf(rollout.id))
    const people = plan.settles.flatMap((one) => one.personId ?? [])
    const findings = sayDrift(plan.settles)
    const data = { channel: caller.channel, findings, people, requests: plan.requests }
    const said = { at: world.clock.now(), rolloutId: rollout.id, actor: caller.person, reason: call.reason }
    await writer.append({ ...said, type: 'verb.revert', data })
  })
  await takeOut(world, situation, plan, signal)
  for (const policy of plan.policies) await policyBack(world, situation, policy, signal)
  await putPeopleBack(world, situation, plan.people, signal)
  await world.store.tx((writer) => settle(writer, world, situation, plan))
}

async function takeOut(
  world: World,
  { rollout }: Situation,
  plan: RevertPlan,
  signal: AbortSignal,
): Promise<void> {
  const people = plan.takeOut.flatMap((one) => one.personId ?? [])
  const { effect } = GROUP_MEMBERSHIP
  const place = { rolloutId: rollout.id, groupId: rollout.groupId ?? '', effect }
  const present = await takeForeignOut(world, place, people, { lane: 'restore', signal }).catch((error) => {
    throw graphFault(error)
  })
  if (present.length > 0) {
    const detail = `${present.length} of the people taken out are still in the group; revert again`
    throw fault('graphUnavailable', { detail })
  }
}

async function settle(writer: Writer, world: World, situation: Situation, plan: RevertPlan): Promise<void> {
  const { caller, call, rollout } = situation
  const at = world.clock.now()
  const said = { at, rolloutId: rollout.id, actor: caller.person, reason: call.reason }
  const data = { findings: plan.settles.map(findingName), requests: plan.requests }
  await writer.append({ ...said, type: 'drift.reverted', data })
  const again = await askAgain(writer, situation, at, plan.people.askAgain)
  await retireThem(writer, situation, at, plan.people.retireAgain)
  await writer.settleDrift(
    plan.settles.map((one) => one.id),
    { how: 'reverted', by: caller.person, reason: call.reason, at },
  )
  const command = { at, by: caller.person, reason: call.reason, again }
  await tellRollout(writer, rollout.id, { type: 'REVERT', ...command })
  if ((await writer.openDrift(rollout.id)).length > 0) await tellDrift(writer, rollout.id, at)
}

/** Pending again, and their waves told: they join by the way everybody joined. Answers with the completed ones. */
async function askAgain(
  writer: Writer,
  { caller, call, rollout }: Situation,
  at: number,
  findings: readonly Drift[],
): Promise<number[]> {
  const ids = new Set(findings.flatMap((one) => one.personId ?? []))
  if (ids.size === 0) return []
  const members = await writer.membersOfRollout(rollout.id)
  const people = members.filter(
    (one) => ids.has(one.personId) && one.deferred === null && one.restore === null,
  )
  await writer.setMembers(
    rollout.id,
    people.map((one) => one.personId),
    { outcome: 'pending', outcome_reason: null, requested_at: null, in_place_at: null, locked_out_now: 0 },
  )
  // Asked for whole, whatever was accepted before.
  const states = findings.filter((one) => one.object === 'person')
  const whole = states.map((one) => [one.personId as string, 'enforced'] as const)
  await writer.notePerUserState(rollout.id, new Map(whole))
  const event = { at, rolloutId: rollout.id, actor: caller.person, reason: call.reason }
  await writer.append({ ...event, type: 'members.askedAgain', data: { people: [...ids] } })
  const completed: number[] = []
  for (const wave of await writer.wavesOf(rollout.id)) {
    if (!people.some((one) => one.waveId === wave.id)) continue
    if (wave.state === 'completed') completed.push(wave.position)
    await tellWave(writer, wave.id, { type: 'ASK_AGAIN', at, by: caller.person, reason: call.reason })
  }
  return completed
}
