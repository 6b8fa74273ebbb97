import type { Ask } from '../graph/directory/ask.ts'
import type { Policy } from '../graph/directory/policies.ts'
import { isFailure } from '../graph/errors.ts'
import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import { finding, inspectPolicy, policyFindings } from '../methods/policy-switch.ts'
import { type PolicyWanted, policyBody } from '../methods/policy-template.ts'
import { columnsOf, type Door, imageKindOf, switchedOnKey } from './doors.ts'
import { refuseWhenHeld } from './held.ts'
import { Refused, refuse, type WaveJob } from './job.ts'
import { pollUntil } from './poll.ts'
import { checkSecurityDefaults } from './security-defaults.ts'
import type { World } from './world.ts'

/** A door whose group has been looked at, with the policy as it was found. */
export interface OpenDoor {
  door: Door
  wanted: PolicyWanted
  groupId: string
  members: readonly string[]
  found: Policy | undefined
}

/** The policy of a door: enabled, by our hand if need be, and read back so. Answers with its id. */
export async function enabledPolicy(world: World, job: WaveJob, open: OpenDoor, ask: Ask): Promise<string> {
  const { door, wanted, found } = open
  const { id } = job.rollout
  const image = await world.store.read.tenantImage(imageKindOf(door), id, found?.id)
  const wasOn = image && (await world.store.read.setting(switchedOnKey(id, door.for)))
  if (wasOn && found?.state === 'enabled') return found.id
  await refuseForeignMembers(world, job, open)
  if (!wasOn) refuse(await checkSecurityDefaults(world, id, job.plan, ask))
  if (wasOn) {
    const hint = 'Find out who and why; switch it on again by hand and resume, or roll the rollout back.'
    throw new Refused([
      finding('policyTurnedOff', `The policy ${door.policy} was switched off by another hand.`, hint),
    ])
  }
  if (!image) await recordImage(world, job, open)
  const policy = found ?? (await createdPolicy(world, job, wanted, ask))
  // Known by its id before it is switched on: whatever happens next, a rollback finds it.
  await world.store.tx((writer) => writer.setRollout(id, columnsOf(door.for, { policyId: policy.id })))
  if (policy.state !== 'enabled') await enable(world, job, policy, ask)
  await readBackEnabled(world, policy.id, wanted, ask)
  await world.store.tx(async (writer) => {
    const standing = await writer.tenantImage(imageKindOf(door), id)
    if (standing?.objectId === null) await writer.nameTenantObject(standing.id, policy.id)
    await writer.setSetting(switchedOnKey(id, door.for), String(world.clock.now()))
    await writer.append({
      at: world.clock.now(),
      rolloutId: job.rollout.id,
      waveId: job.wave.id,
      type: 'policy.switchedOn',
      actor: 'wavegate',
      data: { policyId: policy.id, groupId: open.groupId, for: door.for, created: found === undefined },
    })
  })
  return policy.id
}

/**
 * The policy covers, once on, whoever is in the group. Each of them needs a before-image of ours; and where our hand
 * switches it on, also a wave of this rollout that has begun to enforce.
 */
async function refuseForeignMembers(
  world: World,
  job: WaveJob,
  { groupId, members, found }: OpenDoor,
): Promise<void> {
  const images = await world.store.read.openImages(GROUP_MEMBERSHIP.effect, groupId, members)
  const begun = found?.state === 'enabled' ? undefined : await inBegunWaves(world, job.rollout.id)
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
async function recordImage(world: World, job: WaveJob, { door, groupId, found }: OpenDoor): Promise<void> {
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await writer.setRollout(job.rollout.id, columnsOf(door.for, { groupId, policyId: found?.id ?? null }))
    await writer.recordTenantImage({
      kind: imageKindOf(door),
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
      data: { policy: found?.id ?? null, state: found?.state ?? null, for: door.for },
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
      throw new Refused(await checkSecurityDefaults(world, job.rollout.id, job.plan, ask))
    }
    throw error
  }
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
