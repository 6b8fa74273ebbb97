import type { Ask } from '../graph/directory/ask.ts'
import type { Policy } from '../graph/directory/policies.ts'
import { isFailure } from '../graph/errors.ts'
import { type Exclusions, sayDifference, whyBarred } from '../methods/policy-drift.ts'
import { policyDifferences } from '../methods/policy-properties.ts'
import { type FindingCode, inspectGroup, type Finding as TenantFinding } from '../methods/policy-switch.ts'
import type { Finding } from '../store/drift.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { memberFindings } from './drift-members.ts'
import { rolloutContextOf } from './step.ts'
import type { World } from './world.ts'

/**
 * In what the tenant is not as we read it back last, or as it was accepted since. Four calls and a page for each
 * thousand members; a few more when something is found.
 */
export async function readDrift(world: World, rollout: StoredRollout, ask: Ask): Promise<Finding[]> {
  const recorded = await world.store.read.recorded(rollout.id, 'policy')
  if (!recorded || !rollout.policyId || !rollout.groupId) return []
  const exclusions = (await world.store.read.recorded(rollout.id, 'exclusions')) as unknown as Exclusions
  const policy = await readPolicy(world, rollout.policyId, ask)
  const found = policy
    ? policyFindings(world, rollout, recorded, policy, exclusions)
    : [deleted('policy', rollout.targetPolicy)]
  const group = await inspectGroup(world.directory, rollout.groupId, world.installation, ask)
  found.push(...group.findings.map((one) => groupFinding(one, rollout.targetGroup)))
  if (group.group) found.push(...(await memberFindings(world, rollout, group.members, ask)))
  return found
}

/** undefined: there is none of this id any more. */
export async function readPolicy(world: World, id: string, ask: Ask): Promise<Policy | undefined> {
  try {
    return await world.directory.readPolicy(id, ask)
  } catch (error) {
    if (isFailure(error, 'notFound')) return undefined
    throw error
  }
}

export function isDisarmed(rollout: Pick<StoredRollout, 'saved'>): boolean {
  return rolloutContextOf(rollout.saved).holds.some((hold) => hold.kind === 'disarmed')
}

function policyFindings(
  world: World,
  rollout: StoredRollout,
  recorded: object,
  policy: Policy,
  exclusions: Exclusions,
): Finding[] {
  return policyDifferences(recorded, policy)
    .filter(({ path }) => !(path === 'state' && isDisarmed(rollout)))
    .map((difference) => ({
      object: 'policy',
      property: difference.path,
      personId: null,
      before: difference.before,
      after: difference.after,
      says: sayDifference(difference),
      barred: whyBarred(difference, policy, exclusions, world.installation),
    }))
}

function deleted(object: Finding['object'], name: string): Finding {
  const says = `the ${object} ${name} was deleted`
  const barred = 'the rollout is nothing without it'
  return { object, property: 'deleted', personId: null, before: 'there', after: 'deleted', says, barred }
}

/** How a finding about the group is called as a property of it, and how it was before. */
const GROUP_PROPERTIES: Partial<Record<FindingCode, [property: string, before: string, after: string]>> = {
  groupDynamic: ['membership', 'assigned', 'dynamic'],
  groupSynchronised: ['origin', 'cloud', 'on-premises'],
  groupRoleAssignable: ['roles', 'none', 'assignable'],
  groupNotSecurity: ['security', 'a security group', 'none'],
  groupNested: ['memberOf', 'nothing', 'other groups'],
  groupHoldsGroups: ['nested', 'people only', 'groups or devices too'],
  groupForeign: ['mark', 'none of another', 'of another installation'],
}

function groupFinding(found: TenantFinding, name: string): Finding {
  const known = GROUP_PROPERTIES[found.code]
  if (!known) return deleted('group', name)
  const [property, before, after] = known
  const says = `${property}: ${before} → ${after} (${found.message})`
  return { object: 'group', property, personId: null, before, after, says, barred: found.hint }
}
