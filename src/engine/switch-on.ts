import type { Ask } from '../graph/directory/ask.ts'
import { inspectGroup, pickPolicy } from '../methods/policy-switch.ts'
import { type Door, doorsOf, idsOf } from './doors.ts'
import { acceptedProperties, recordTarget } from './drift-record.ts'
import { enabledPolicy, type OpenDoor } from './enable-policy.ts'
import { refuseWhenHeld } from './held.ts'
import { refuse, type WaveJob } from './job.ts'
import { makeLocations } from './locations.ts'
import { readDemand, wantedPolicy } from './policy-wanted.ts'
import { type Protection, readProtection } from './protection.ts'
import type { World } from './world.ts'

export { switchedOnKey } from './doors.ts'

/** A group people join, with its policy read as enabled. */
export interface OpenGroup {
  groupId: string
  policyId: string
  /** Members as the directory showed them just now. */
  members: Set<string>
}

/** Where people enter MFA, with the policy read as enabled. */
export interface SwitchedOn extends OpenGroup {
  protection: Protection
  /** When all this was read. */
  readAt: number
  /** Where administrators enter, if they have a group and policy of their own. */
  administrators?: OpenGroup
}

/** Nobody joins on a reading of the policy that is older. */
export const READING_GOOD_FOR = 5 * 60_000

/**
 * Everything that must be true before somebody may join a group, in the order of the design: groups and policies
 * resolved, the groups of the right kind and holding nobody of another's, the policies whole as the template, enabled,
 * and read back so. Nothing is switched on before all of it has been looked at.
 * @throws Refused @throws ChunkCut when the wave is held before the policy is on @throws Superseded
 */
export async function switchOn(world: World, job: WaveJob, signal: AbortSignal): Promise<SwitchedOn> {
  const ask: Ask = { lane: 'change', signal }
  const readAt = world.clock.now()
  const protection = await readProtection(world, job.plan, ask)
  refuse(protection.findings)
  await makeLocations(world, job.rollout.id, job.plan, { ...ask, signal }, () =>
    refuseWhenHeld(world, job, signal),
  )
  const { demand, findings } = await readDemand(world, job.plan, ask)
  refuse(findings)
  const groups = []
  for (const door of doorsOf(job.plan)) groups.push(await theGroup(world, job, door, ask))
  const policies = await world.directory.listPolicies(ask)
  const accepted = {
    people: (await acceptedProperties(world.store.read, job.rollout.id)) ?? {},
    administrators:
      (await acceptedProperties(world.store.read, job.rollout.id, 'administratorsPolicy')) ?? {},
  }
  const doors = groups.map(({ door, groupId, members }): OpenDoor => {
    const name = idsOf(job.rollout, door.for).policyId ?? door.policy
    const template = wantedPolicy(world, name, groupId, demand, protection)
    const wanted = { ...template, accepted: accepted[door.for] }
    const picked = pickPolicy(policies, wanted)
    refuse(picked.findings)
    return { door, wanted, members, groupId, found: picked.policy }
  })
  const open: OpenGroup[] = []
  for (const door of doors) {
    const policyId = await enabledPolicy(world, job, door, ask)
    const object = door.door.for === 'people' ? 'policy' : 'administratorsPolicy'
    await recordTarget(world, job.rollout.id, object, policyId, door.wanted, ask)
    open.push({ groupId: door.groupId, policyId, members: new Set(door.members) })
  }
  const [people, administrators] = open as [OpenGroup, OpenGroup?]
  return { ...people, protection, readAt, ...(administrators && { administrators }) }
}

async function theGroup(world: World, job: WaveJob, door: Door, ask: Ask) {
  const { group, members, findings } = await inspectGroup(
    world.directory,
    idsOf(job.rollout, door.for).groupId ?? door.group,
    world.installation,
    ask,
  )
  refuse(findings)
  if (!group) throw new Error('a group without findings was not resolved')
  return { door, groupId: group.id, members }
}
