import type { Ask } from '../graph/directory/ask.ts'
import { isFailure } from '../graph/errors.ts'
import { guestFindings } from '../methods/policy-reach.ts'
import { type Finding, finding, inspectGroup, inspectPolicy } from '../methods/policy-switch.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { acceptedProperties, foreignAmong } from './drift-record.ts'
import { wideWanted } from './graduation-plan.ts'
import { planOf } from './job.ts'
import { readDemand, wantedPolicy } from './policy-wanted.ts'
import { pollUntil } from './poll.ts'
import { readProtection } from './protection.ts'
import type { World } from './world.ts'

/**
 * One call, ahead of all others; then `sent`, whatever came of it; then the read-back. False: it was sent, and could not
 * be read back in time.
 */
export async function switchOff(
  world: World,
  policyId: string,
  signal: AbortSignal,
  sent?: () => Promise<unknown>,
): Promise<boolean> {
  const ask = { lane: 'disarm', signal } as const
  return await setState(world, policyId, 'enabledForReportingButNotEnforced', ask, signal, sent)
}

/** What has to be true before the policy goes on again; reads members and protection anew. */
export async function inspectRearm(
  world: World,
  rollout: StoredRollout,
  policyId: string,
  signal: AbortSignal,
): Promise<{ findings: Finding[]; members: string[] }> {
  const ask: Ask = { lane: 'change', signal }
  const plan = planOf(rollout)
  const protection = await readProtection(world, plan, ask)
  const group = await inspectGroup(
    world.directory,
    rollout.groupId ?? plan.enforce.group,
    world.installation,
    ask,
  )
  const findings = [...protection.findings, ...group.findings]
  if (!group.group) return { findings, members: [] }
  const foreign = await foreignAmong(world.store.read, group.group.id, group.members)
  if (foreign.length > 0) {
    const hint = 'Take them out by hand: the policy would reach people whom no wave put there.'
    findings.push(finding('groupNotEmpty', `The group holds ${foreign.length} people of another hand.`, hint))
  }
  const guarded = group.members.filter((id) => protection.people.has(id))
  if (guarded.length > 0) {
    const hint = 'Take them out by hand first.'
    findings.push(finding('emergencyAccount', `${guarded.length} protected accounts are in the group.`, hint))
  }
  const { demand, findings: unread } = await readDemand(world, plan, ask)
  if (unread.length > 0) return { findings: [...findings, ...unread], members: group.members }
  const accepted = (await acceptedProperties(world.store.read, rollout.id)) ?? {}
  const graduation = await world.store.read.graduation(rollout.id)
  const wanted =
    graduation?.wideAt != null && graduation.groupId !== null
      ? { ...wideWanted(world, policyId, demand, protection, graduation.groupId), accepted }
      : { ...wantedPolicy(world, policyId, group.group.id, demand, protection), accepted }
  const inspected = await inspectPolicy(world.directory, wanted, ask)
  findings.push(...inspected.findings)
  if (wanted.groupId === null && inspected.policy) findings.push(...guestFindings(inspected.policy))
  return { findings, members: group.members }
}

/** The call itself goes on when `patience` has ended: what was sent is waited for. The read-back does not. */
export async function switchOnAgain(
  world: World,
  policyId: string,
  signal: AbortSignal,
  patience: AbortSignal,
): Promise<boolean> {
  return await setState(world, policyId, 'enabled', { lane: 'change', signal }, patience)
}

async function setState(
  world: World,
  policyId: string,
  state: 'enabled' | 'enabledForReportingButNotEnforced',
  ask: Ask & { signal: AbortSignal },
  patience: AbortSignal = ask.signal,
  sent?: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await world.directory.setPolicyState(policyId, state, ask)
  } catch (error) {
    // The read-back decides what a lost answer did.
    if (!isFailure(error, 'unknownEffect')) throw error
  }
  await sent?.()
  patience.throwIfAborted()
  const reading = { ...ask, signal: patience }
  const read = await pollUntil(world, patience, async () =>
    (await world.directory.readPolicy(policyId, reading)).state === state ? true : undefined,
  )
  return read === true
}
