import type { Ask } from '../graph/directory/ask.ts'
import type { Group } from '../graph/directory/groups.ts'
import { isFailure } from '../graph/errors.ts'
import { finding, inspectGroup } from '../methods/policy-switch.ts'
import { markIn, markText } from '../methods/policy-template.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { planOf, Refused, refuse } from './job.ts'
import { pollUntil } from './poll.ts'
import type { World } from './world.ts'

export function exceptionsName(
  rollout: Pick<StoredRollout, 'plan' | 'targetGroup'>,
  group?: string | null,
): string {
  return planOf(rollout).enforce.exceptions ?? `${group ?? rollout.targetGroup} exceptions`
}

/** The group that the policy leaves out: the plan's, which has to be empty at first, or one we make once. */
export async function exceptionsGroup(
  world: World,
  rollout: StoredRollout,
  ask: Ask & { signal: AbortSignal },
): Promise<string> {
  const known = await world.store.read.graduation(rollout.id)
  if (known?.groupId) return known.groupId
  const named = planOf(rollout).enforce.exceptions
  const groupId = named === null ? await ourGroup(world, rollout, ask) : await theirGroup(world, named, ask)
  await world.store.tx((writer) => writer.setGraduation(rollout.id, { groupId, isOurs: named === null }))
  return groupId
}

async function theirGroup(world: World, name: string, ask: Ask): Promise<string> {
  const { group, members, findings } = await inspectGroup(world.directory, name, world.installation, ask)
  refuse(findings)
  if (!group) throw new Error('a group without findings was not resolved')
  if (members.length > 0) {
    const hint =
      'Empty it, or name another: whoever is in it would stay out of the policy without a reason on record.'
    throw new Refused([
      finding('groupNotEmpty', `The exceptions group ${name} holds ${members.length} people.`, hint),
    ])
  }
  return group.id
}

/** Found by name and mark, so that an answer that was lost makes no second one. */
async function ourGroup(
  world: World,
  rollout: StoredRollout,
  ask: Ask & { signal: AbortSignal },
): Promise<string> {
  const group = await world.directory.readGroup(rollout.groupId ?? '', ask)
  const displayName = exceptionsName(rollout, group.displayName)
  const there = await findOurs(world, displayName, ask)
  if (there) return there.id
  await world.store.tx(async (writer) => {
    await writer.setGraduation(rollout.id, { isOurs: true })
    const event = {
      at: world.clock.now(),
      rolloutId: rollout.id,
      actor: 'wavegate',
      data: { name: displayName },
    }
    await writer.append({ ...event, type: 'exceptions.making' })
  })
  const description = `Stays out of the MFA policy that covers all users; kept by wavegate ${markText(world.installation)}`
  try {
    await world.directory.createGroup({ displayName, description }, ask)
  } catch (error) {
    // The read-back decides what a lost answer did.
    if (!isFailure(error, 'unknownEffect')) throw error
  }
  const made = await pollUntil(world, ask.signal, () => findOurs(world, displayName, ask))
  if (!made) throw new Error(`the group ${displayName} was made and not read back in time`)
  return made.id
}

/** @throws Refused when the name is another's */
async function findOurs(world: World, name: string, ask: Ask): Promise<Group | undefined> {
  const resolved = await world.directory.resolveGroup(name, ask)
  if (resolved.found === 'none') return undefined
  if (resolved.found === 'one' && markIn(resolved.group.description) === world.installation)
    return resolved.group
  const hint = 'Rename that group, or name an empty one in enforce.exceptions.'
  throw new Refused([finding('groupForeign', `A group called ${name} is there, and is not ours.`, hint)])
}
