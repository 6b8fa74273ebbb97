import type { Ask } from '../graph/directory/ask.ts'
import type { Policy } from '../graph/directory/policies.ts'
import { isFailure } from '../graph/errors.ts'
import { type Exclusions, sayDifference, whyBarred } from '../methods/policy-drift.ts'
import { type Difference, policyDifferences } from '../methods/policy-properties.ts'
import { type FindingCode, inspectGroup, type Finding as TenantFinding } from '../methods/policy-switch.ts'
import type { Finding } from '../store/drift.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { exceptedFindings } from './drift-exceptions.ts'
import { memberFindings } from './drift-members.ts'
import { exceptionsName } from './exceptions-group.ts'
import { rolloutContextOf } from './step.ts'
import { exclusionsKey, policyOf, WATCHED_POLICIES, type WatchedPolicy } from './watched-policy.ts'
import type { World } from './world.ts'

/**
 * In what the tenant is not as we read it back last, or as it was accepted since. Four calls and a page for each
 * thousand members, a call for each policy beside ours; a few more when something is found.
 */
export async function readDrift(world: World, rollout: StoredRollout, ask: Ask): Promise<Finding[]> {
  if (!(await world.store.read.recorded(rollout.id, 'policy')) || !rollout.policyId || !rollout.groupId)
    return []
  const found: Finding[] = []
  for (const object of WATCHED_POLICIES) found.push(...(await policyFindings(world, rollout, object, ask)))
  const group = await inspectGroup(world.directory, rollout.groupId, world.installation, ask)
  found.push(...group.findings.map((one) => groupFinding('group', one, rollout.targetGroup)))
  if (group.group) found.push(...(await memberFindings(world, rollout, group.members, ask)))
  found.push(...(await exceptionsFindings(world, rollout, ask)))
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

async function policyFindings(
  world: World,
  rollout: StoredRollout,
  object: WatchedPolicy,
  ask: Ask,
): Promise<Finding[]> {
  const { read } = world.store
  const { id, name } = policyOf(rollout, object)
  const recorded = await read.recorded(rollout.id, object)
  if (id === null || !recorded || (object === 'twin' && rollout.state !== 'running')) return []
  const policy = await readPolicy(world, id, ask)
  if (!policy) return [deleted(object, name)]
  const exclusions = (await read.recorded(rollout.id, exclusionsKey(object))) as unknown as Exclusions
  // A disarm leaves the administrators' policy alone.
  const isOurs = (path: string) => object === 'policy' && path === 'state' && isDisarmed(rollout)
  return policyDifferences(recorded, policy)
    .filter(({ path }) => !isOurs(path))
    .map((difference) => ({
      object,
      property: difference.path,
      personId: null,
      before: difference.before,
      after: difference.after,
      says: sayDifference(difference),
      barred: barredOf(object, difference, () =>
        whyBarred(difference, policy, exclusions, world.installation),
      ),
    }))
}

function barredOf(
  object: WatchedPolicy,
  { path }: Difference,
  otherwise: () => string | null,
): string | null {
  if (object === 'twin' && path === 'state') return 'it is on everybody, and stays in report-only'
  if (object === 'twin' && path.startsWith('conditions.users.include'))
    return 'it would no longer tell of everybody'
  if (object === 'administratorsPolicy' && path === 'state')
    return 'no administrator may join while it is not on'
  return otherwise()
}

/** The people whom a policy for all users leaves out: by their group, and by name. */
async function exceptionsFindings(world: World, rollout: StoredRollout, ask: Ask): Promise<Finding[]> {
  const graduation = await world.store.read.graduation(rollout.id)
  if (rollout.state !== 'graduated' || graduation?.wideAt == null || graduation.groupId === null) return []
  const { group, members, findings } = await inspectGroup(
    world.directory,
    graduation.groupId,
    world.installation,
    ask,
  )
  const found = findings.map((one) => groupFinding('exceptions', one, exceptionsName(rollout)))
  return group ? [...found, ...(await exceptedFindings(world, rollout, group.id, members, ask))] : found
}

function deleted(object: Finding['object'], name: string): Finding {
  const what = object === 'policy' || object === 'group' ? `the ${object} ${name}` : name
  const barred =
    object === 'twin' ? 'a gate of the plan is judged by it' : 'the rollout is nothing without it'
  const after = 'deleted'
  return {
    object,
    property: 'deleted',
    personId: null,
    before: 'there',
    after,
    says: `${what} was deleted`,
    barred,
  }
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

function groupFinding(object: 'group' | 'exceptions', found: TenantFinding, name: string): Finding {
  const known = GROUP_PROPERTIES[found.code]
  if (!known) return deleted(object, name)
  const [property, before, after] = known
  const says = `${property}: ${before} → ${after} (${found.message})`
  return { object, property, personId: null, before, after, says, barred: found.hint }
}
