import type { Ask } from '../graph/directory/ask.ts'
import type { Policy } from '../graph/directory/policies.ts'
import { isFailure } from '../graph/errors.ts'
import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import { finding, inspectGroup, inspectPolicy, policyFindings } from '../methods/policy-switch.ts'
import { type PolicyWanted, policyBody } from '../methods/policy-template.ts'
import { acceptedProperties, recordTarget } from './drift-record.ts'
import { refuseWhenHeld } from './held.ts'
import { Refused, refuse, type WaveJob } from './job.ts'
import { pollUntil } from './poll.ts'
import { type Protection, readProtection } from './protection.ts'
import type { World } from './world.ts'

/** Where people enter MFA, with the policy read as enabled. */
export interface SwitchedOn {
  groupId: string
  policyId: string
  protection: Protection
  /** Members as the directory showed them just now. */
  members: Set<string>
  /** When all this was read. */
  readAt: number
}

/** Nobody joins on a reading of the policy that is older. */
export const READING_GOOD_FOR = 5 * 60_000

/**
 * Everything that must be true before somebody may join the group, in the order of the design: group and policy
 * resolved, the group of the right kind and holding nobody of another's, the policy whole as the template, enabled,
 * and read back so.
 * @throws Refused @throws ChunkCut when the wave is held before the policy is on @throws Superseded
 */
export async function switchOn(world: World, job: WaveJob, signal: AbortSignal): Promise<SwitchedOn> {
  const ask: Ask = { lane: 'change', signal }
  const readAt = world.clock.now()
  const protection = await readProtection(world, job.plan, ask)
  refuse(protection.findings)
  const { group, members, findings } = await inspectGroup(
    world.directory,
    job.rollout.groupId ?? job.plan.enforce.group,
    world.installation,
    ask,
  )
  refuse(findings)
  if (!group) throw new Error('a group without findings was not resolved')
  const wanted: PolicyWanted = {
    name: job.rollout.policyId ?? job.plan.enforce.policy,
    groupId: group.id,
    excludedPeople: protection.emergencyIds,
    excludedGroups: protection.groupIds,
    mark: world.installation,
    accepted: (await acceptedProperties(world.store.read, job.rollout.id)) ?? {},
  }
  const inspected = await inspectPolicy(world.directory, wanted, ask)
  refuse(inspected.findings)
  const policyId = await enabledPolicy(world, job, wanted, inspected.policy, members, ask)
  await recordTarget(world, job.rollout.id, policyId, wanted, ask)
  return { groupId: group.id, policyId, protection, members: new Set(members), readAt }
}

async function enabledPolicy(
  world: World,
  job: WaveJob,
  wanted: PolicyWanted,
  found: Policy | undefined,
  members: readonly string[],
  ask: Ask,
): Promise<string> {
  const image = await world.store.read.tenantImage('policy', job.rollout.id, found?.id)
  const wasOn = image && (await world.store.read.setting(switchedOnKey(job.rollout.id)))
  if (wasOn && found?.state === 'enabled') return found.id
  await refuseForeignMembers(world, job, wanted, members, found?.state === 'enabled')
  if (wasOn) {
    const hint = 'Find out who and why; switch it on again by hand and resume, or roll the rollout back.'
    throw new Refused([
      finding(
        'policyTurnedOff',
        `The policy ${job.plan.enforce.policy} was switched off by another hand.`,
        hint,
      ),
    ])
  }
  if (!image) await recordImage(world, job, wanted, found)
  const policy = found ?? (await createdPolicy(world, job, wanted, ask))
  // Known by its id before it is switched on: whatever happens next, a rollback finds it.
  await world.store.tx((writer) => writer.setRollout(job.rollout.id, { policy_id: policy.id }))
  if (policy.state !== 'enabled') await enable(world, job, policy, ask)
  await readBackEnabled(world, policy.id, wanted, ask)
  await world.store.tx(async (writer) => {
    const standing = await writer.tenantImage('policy', job.rollout.id)
    if (standing?.objectId === null) await writer.nameTenantObject(standing.id, policy.id)
    await writer.setSetting(switchedOnKey(job.rollout.id), String(world.clock.now()))
    await writer.append({
      at: world.clock.now(),
      rolloutId: job.rollout.id,
      waveId: job.wave.id,
      type: 'policy.switchedOn',
      actor: 'wavegate',
      data: { policyId: policy.id, groupId: wanted.groupId, created: found === undefined },
    })
  })
  return policy.id
}

export function switchedOnKey(rolloutId: string): string {
  return `switchedOn:${rolloutId}`
}

/**
 * The policy covers, once on, whoever is in the group. Each of them needs a before-image of ours; and where our hand
 * switches it on, also a wave of this rollout that has begun to enforce.
 */
async function refuseForeignMembers(
  world: World,
  job: WaveJob,
  wanted: PolicyWanted,
  members: readonly string[],
  isOnAlready: boolean,
): Promise<void> {
  const groupId = wanted.groupId ?? ''
  const images = await world.store.read.openImages(GROUP_MEMBERSHIP.effect, groupId, members)
  const begun = isOnAlready ? undefined : await inBegunWaves(world, job.rollout.id)
  const adopted = await world.store.read.adopted(groupId)
  const isWaved = (id: string) => images.get(id)?.image.member === false && (!begun || begun.has(id))
  const foreign = members.filter((id) => !isWaved(id) && !adopted.has(id))
  if (foreign.length === 0) return
  const some = foreign.slice(0, 5).join(', ')
  const hint =
    'Take them out by hand: whoever is in the group when the policy goes on is under MFA without a wave.'
  throw new Refused([
    finding(
      'groupNotEmpty',
      `${foreign.length} people whom no wave put there are in the group (${some}).`,
      hint,
    ),
  ])
}

async function inBegunWaves(world: World, rolloutId: string): Promise<Set<string>> {
  const waves = await world.store.read.wavesOf(rolloutId)
  const begun = new Set(waves.filter((wave) => wave.enforcingAt !== null).map((wave) => wave.id))
  const members = await world.store.read.membersOfRollout(rolloutId)
  return new Set(members.filter((member) => begun.has(member.waveId)).map((member) => member.personId))
}

/** Before the first change: how the policy was, or that there was none. */
async function recordImage(
  world: World,
  job: WaveJob,
  wanted: PolicyWanted,
  found: Policy | undefined,
): Promise<void> {
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await writer.setRollout(job.rollout.id, { group_id: wanted.groupId, policy_id: found?.id ?? null })
    await writer.recordTenantImage({
      kind: 'policy',
      objectId: found?.id ?? null,
      image: found ? { ...found } : null,
      rolloutId: job.rollout.id,
      at,
    })
    await writer.append({
      at,
      rolloutId: job.rollout.id,
      waveId: job.wave.id,
      type: 'policy.beforeImage',
      actor: 'wavegate',
      data: { policy: found?.id ?? null, state: found?.state ?? null },
    })
  })
}

/** Made by us, report-only, and read back: what was just made may not be readable, let alone changeable, yet. */
async function createdPolicy(world: World, job: WaveJob, wanted: PolicyWanted, ask: Ask): Promise<Policy> {
  await refuseWhenHeld(world, job, signalOf(ask))
  try {
    await world.directory.createPolicy(policyBody(wanted), ask)
  } catch (error) {
    // It may have been made all the same; a second one of the same name must not be.
    if (!isFailure(error, 'unknownEffect')) throw error
  }
  const made = await pollUntil(world, signalOf(ask), async () => {
    const { policy, findings } = await inspectPolicy(world.directory, wanted, ask)
    refuse(findings)
    return policy
  })
  if (!made) throw new Error(`the policy ${wanted.name} was made and not read back in time`)
  return made
}

async function enable(world: World, job: WaveJob, policy: Policy, ask: Ask): Promise<void> {
  await refuseWhenHeld(world, job, signalOf(ask))
  try {
    await world.directory.setPolicyState(policy.id, 'enabled', ask)
  } catch (error) {
    // The read-back decides what a lost answer did.
    if (isFailure(error, 'unknownEffect')) return
    if (isFailure(error, 'badRequest') && (await world.directory.readSecurityDefaults(ask)).isEnabled) {
      throw new Refused([securityDefaultsOn()])
    }
    throw error
  }
}

export function securityDefaultsOn() {
  const hint =
    'Entra enables no Conditional Access policy beside them. Turn them off yourself when you know who is bare then.'
  return finding('securityDefaultsOn', 'Security defaults are on in this tenant.', hint)
}

async function readBackEnabled(
  world: World,
  policyId: string,
  wanted: PolicyWanted,
  ask: Ask,
): Promise<void> {
  const policy = await pollUntil(world, signalOf(ask), async () => {
    try {
      const read = await world.directory.readPolicy(policyId, ask)
      return read.state === 'enabled' ? read : undefined
    } catch (error) {
      // A policy that was just made may not be readable yet.
      if (isFailure(error, 'notFound')) return undefined
      throw error
    }
  })
  if (!policy) throw new Error(`the policy ${policyId} was not read back as enabled in time`)
  refuse(policyFindings(policy, wanted))
}

function signalOf(ask: Ask): AbortSignal {
  return ask.signal ?? new AbortController().signal
}
