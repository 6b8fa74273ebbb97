import type { Policy, PolicyBody } from '../graph/directory/policies.ts'
import { leafAt, propertyAt, saySame, withProperty } from './policy-properties.ts'

export interface PolicyWanted {
  name: string
  /** null: everybody, once a rollout is graduated. */
  groupId: string | null
  /** Object ids of the emergency accounts. */
  excludedPeople: readonly string[]
  /** Object ids of the protected groups. */
  excludedGroups: readonly string[]
  /** Names our installation, in the policy's description. */
  mark: string
  /** Changes by another hand that an approver took, by path: part of what is wanted. */
  accepted?: Readonly<Record<string, unknown>>
}

const MARK = /\[wavegate:([^\]]+)\]/

export function markText(installation: string): string {
  return `[wavegate:${installation}]`
}

/** The mark a description carries; undefined: none. */
export function markIn(description: string | null | undefined): string | undefined {
  return MARK.exec(description ?? '')?.[1]
}

/** The policy as we make it where there is none: report-only until the group has been read back. */
export function policyBody(wanted: PolicyWanted): PolicyBody {
  return {
    displayName: wanted.name,
    description: `MFA for the members of one group; kept by wavegate ${markText(wanted.mark)}`,
    state: 'enabledForReportingButNotEnforced',
    conditions: {
      clientAppTypes: ['all'],
      applications: { includeApplications: ['All'] },
      users: {
        ...(wanted.groupId === null ? { includeUsers: ['All'] } : { includeGroups: [wanted.groupId] }),
        excludeUsers: [...wanted.excludedPeople],
        excludeGroups: [...wanted.excludedGroups],
      },
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  }
}

/** What was accepted counts as the template's, as long as it still is what was accepted. */
function withoutAccepted(policy: Policy, wanted: PolicyWanted): Policy {
  const template = policyBody(wanted)
  return Object.entries(wanted.accepted ?? {})
    .filter(([path, value]) => saySame(leafAt(policy, path), value))
    .reduce((seen, [path]) => withProperty(seen, path, propertyAt(template, path)), policy)
}

/** In what the policy is not the one we may switch on, in words; empty: nothing. */
export function differences(read: Policy, wanted: PolicyWanted): string[] {
  const policy = withoutAccepted(read, wanted)
  const users = policy.conditions.users ?? {}
  const found: string[] = []
  const only = (what: string, have: readonly string[] | null | undefined, want: readonly string[]) => {
    const extra = (have ?? []).filter((one) => !want.includes(one) && one !== 'None')
    const missing = want.filter((one) => !(have ?? []).includes(one))
    if (extra.length > 0) found.push(`${what} also names ${extra.join(', ')}`)
    if (missing.length > 0) found.push(`${what} lacks ${missing.join(', ')}`)
  }
  const atLeast = (what: string, have: readonly string[] | null | undefined, want: readonly string[]) => {
    const missing = want.filter((one) => !(have ?? []).includes(one))
    if (missing.length > 0) found.push(`${what} lacks ${missing.join(', ')}`)
  }
  only('conditions.users.includeGroups', users.includeGroups, wanted.groupId === null ? [] : [wanted.groupId])
  only('conditions.users.includeUsers', users.includeUsers, wanted.groupId === null ? ['All'] : [])
  only('conditions.users.includeRoles', users.includeRoles, [])
  if (users['includeGuestsOrExternalUsers'])
    found.push('conditions.users.includeGuestsOrExternalUsers is set')
  atLeast('conditions.users.excludeUsers', users.excludeUsers, wanted.excludedPeople)
  atLeast('conditions.users.excludeGroups', users.excludeGroups, wanted.excludedGroups)
  atLeast(
    'conditions.applications.includeApplications',
    policy.conditions.applications?.includeApplications,
    ['All'],
  )
  only('conditions.applications.excludeApplications', policy.conditions.applications?.excludeApplications, [])
  only('conditions.clientAppTypes', policy.conditions.clientAppTypes, ['all'])
  only('grantControls.builtInControls', policy.grantControls?.builtInControls, ['mfa'])
  const { users: _users, applications, clientAppTypes: _clients, ...conditions } = policy.conditions
  const { includeApplications: _in, excludeApplications: _out, ...otherApplications } = applications ?? {}
  const { operator: _operator, builtInControls: _controls, ...grants } = policy.grantControls ?? {}
  const others = {
    conditions,
    'conditions.applications': otherApplications,
    grantControls: grants,
    policy: { sessionControls: policy.sessionControls },
  }
  for (const [place, part] of Object.entries(others)) {
    for (const [name, value] of Object.entries(part)) {
      if (!name.includes('@odata.') && !saysNothing(value)) found.push(`${place}.${name} is set`)
    }
  }
  return found
}

/** Graph fills in what nobody set: null, an empty list, an object of such. */
function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true
  return typeof value === 'object' && Object.values(value).every(saysNothing)
}
