import type { Ask } from '../graph/directory/ask.ts'
import type { Directory } from '../graph/directory/directory.ts'
import type { Group } from '../graph/directory/groups.ts'
import type { Policy } from '../graph/directory/policies.ts'
import { differences } from './policy-differences.ts'
import { type Finding, finding } from './policy-finding.ts'
import { markIn, type PolicyWanted } from './policy-template.ts'

export { type Finding, type FindingCode, finding } from './policy-finding.ts'

/** The group that people enter MFA by: found once, and of the only kind that its members enter by our hand alone. */
export async function inspectGroup(
  directory: Directory,
  name: string,
  mark: string,
  ask: Ask,
): Promise<{ group?: Group; members: string[]; findings: Finding[] }> {
  const resolved = await directory.resolveGroup(name, ask)
  if (resolved.found === 'none') {
    const hint = 'Create an empty, assigned security group of that name, or name the group by its object id.'
    return { members: [], findings: [finding('groupMissing', `There is no group ${name}.`, hint)] }
  }
  if (resolved.found === 'many') {
    const hint = `Name it by its object id: ${resolved.groups.map((group) => group.id).join(' or ')}.`
    return { members: [], findings: [finding('groupAmbiguous', `Several groups are called ${name}.`, hint)] }
  }
  const { group } = resolved
  const findings = kindFindings(group)
  const marked = markIn(group.description)
  if (marked !== undefined && marked !== mark) {
    const hint =
      'Use another group, or end the other installation’s rollout and take its mark out of the description.'
    findings.push(
      finding('groupForeign', `The group ${name} belongs to the wavegate installation ${marked}.`, hint),
    )
  }
  const parents = await directory.parentGroups(group.id, ask)
  if (parents.length > 0) {
    const names = parents.map((parent) => parent.displayName ?? parent.id).join(', ')
    const hint = 'Take it out of them: whatever they give would come and go with our waves.'
    findings.push(finding('groupNested', `The group ${name} is itself a member of ${names}.`, hint))
  }
  const members = await directory.listMembers(group.id, ask)
  if (members.some((member) => member.type !== 'user')) {
    const hint = 'Take them out: their people would be under MFA without a wave.'
    findings.push(finding('groupHoldsGroups', `The group ${name} holds other groups or devices.`, hint))
  }
  return { group, members: members.map((member) => member.id), findings }
}

function kindFindings(group: Group): Finding[] {
  const found: Finding[] = []
  const name = group.displayName
  if (group.groupTypes.includes('DynamicMembership') || group.membershipRule) {
    const hint = 'Use a group with assigned membership: nobody can be added to this one.'
    found.push(finding('groupDynamic', `The group ${name} is dynamic.`, hint))
  }
  if (group.onPremisesSyncEnabled === true) {
    found.push(
      finding('groupSynchronised', `The group ${name} comes from on-premises.`, 'Use a cloud group.'),
    )
  }
  if (group.isAssignableToRole === true) {
    found.push(
      finding('groupRoleAssignable', `The group ${name} can be given roles.`, 'Use a group that cannot.'),
    )
  }
  if (group.securityEnabled === false) {
    found.push(
      finding('groupNotSecurity', `The group ${name} is not a security group.`, 'Use a security group.'),
    )
  }
  return found
}

/** The policy by name or id: found at most once, ours or unmarked, and like the template. */
export async function inspectPolicy(
  directory: Directory,
  wanted: PolicyWanted,
  ask: Ask,
): Promise<{ policy?: Policy; findings: Finding[] }> {
  return pickPolicy(await directory.listPolicies(ask), wanted)
}

/** The same, among policies that have been read. */
export function pickPolicy(
  all: readonly Policy[],
  wanted: PolicyWanted,
): { policy?: Policy; findings: Finding[] } {
  const found = all.filter((policy) => policy.id === wanted.name || policy.displayName === wanted.name)
  if (found.length > 1) {
    const hint = `Name it by its id: ${found.map((policy) => policy.id).join(' or ')}.`
    return { findings: [finding('policyAmbiguous', `Several policies are called ${wanted.name}.`, hint)] }
  }
  const [policy] = found
  if (policy === undefined) return { findings: [] }
  return { policy, findings: policyFindings(policy, wanted) }
}

export function policyFindings(policy: Policy, wanted: PolicyWanted): Finding[] {
  const marked = markIn(policy.description)
  if (marked !== undefined && marked !== wanted.mark) {
    const hint = 'Use another policy name, or end the other installation’s rollout first.'
    const message = `The policy ${policy.displayName} belongs to the wavegate installation ${marked}.`
    return [finding('policyForeign', message, hint)]
  }
  const differs = differences(policy, wanted)
  if (differs.length === 0) return []
  const hint =
    'Change the policy to match, or name another one: wavegate switches on only what it knows whole.'
  return [
    finding(
      'policyDiffers',
      `The policy ${policy.displayName} is not the plan’s: ${differs.join('; ')}.`,
      hint,
    ),
  ]
}
