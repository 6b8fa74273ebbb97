import type { Policy } from '../graph/directory/policies.ts'
import { leafAt, propertyAt, saySame, withProperty } from './policy-properties.ts'
import { type PolicyWanted, policyBody, RISKY } from './policy-template.ts'

type Ids = readonly string[] | null | undefined

/** In what the policy is not the one we may switch on, in words; empty: nothing. */
export function differences(read: Policy, wanted: PolicyWanted): string[] {
  const policy = withoutAccepted(read, wanted)
  return [
    ...usersDiffer(policy, wanted),
    ...conditionsDiffer(policy, wanted),
    ...grantDiffers(policy, wanted),
    ...othersSet(policy),
  ]
}

/** What was accepted counts as the template's, as long as it still is what was accepted. */
function withoutAccepted(policy: Policy, wanted: PolicyWanted): Policy {
  const template = policyBody(wanted)
  return Object.entries(wanted.accepted ?? {})
    .filter(([path, value]) => saySame(leafAt(policy, path), value))
    .reduce((seen, [path]) => withProperty(seen, path, propertyAt(template, path)), policy)
}

function usersDiffer(policy: Policy, wanted: PolicyWanted): string[] {
  const users = policy.conditions.users ?? {}
  const everybody = wanted.groupId === null
  return [
    ...only('conditions.users.includeGroups', users.includeGroups, everybody ? [] : [wanted.groupId]),
    ...only('conditions.users.includeUsers', users.includeUsers, everybody ? ['All'] : []),
    ...only('conditions.users.includeRoles', users.includeRoles, []),
    ...(users['includeGuestsOrExternalUsers']
      ? ['conditions.users.includeGuestsOrExternalUsers is set']
      : []),
    ...atLeast('conditions.users.excludeUsers', users.excludeUsers, wanted.excludedPeople),
    ...atLeast('conditions.users.excludeGroups', users.excludeGroups, wanted.excludedGroups),
  ]
}

function conditionsDiffer({ conditions }: Policy, { demand }: PolicyWanted): string[] {
  const { applications, clientAppTypes, locations } = conditions
  const everywhere = demand.exceptLocations.length === 0
  return [
    ...atLeast('conditions.applications.includeApplications', applications?.includeApplications, ['All']),
    ...only('conditions.applications.excludeApplications', applications?.excludeApplications, []),
    ...only('conditions.clientAppTypes', clientAppTypes, ['all']),
    ...only(
      'conditions.signInRiskLevels',
      conditions['signInRiskLevels'] as Ids,
      demand.onlyRisky ? RISKY : [],
    ),
    // Graph may or may not say that a policy without a condition of place is on all of them.
    ...(everywhere && !locations?.includeLocations?.includes('All')
      ? only('conditions.locations.includeLocations', locations?.includeLocations, [])
      : only('conditions.locations.includeLocations', locations?.includeLocations, ['All'])),
    ...only('conditions.locations.excludeLocations', locations?.excludeLocations, demand.exceptLocations),
  ]
}

function grantDiffers({ grantControls }: Policy, { demand }: PolicyWanted): string[] {
  const have = grantControls?.authenticationStrength?.id ?? null
  const controls = demand.strengthId === null ? ['mfa'] : []
  const differs = only('grantControls.builtInControls', grantControls?.builtInControls, controls)
  if (have === demand.strengthId) return differs
  if (demand.strengthId === null) return [...differs, 'grantControls.authenticationStrength is set']
  return [...differs, `grantControls.authenticationStrength is not ${demand.strengthId}`]
}

/** Whatever else narrows or widens it: we switch on only what we know whole. */
function othersSet(policy: Policy): string[] {
  const {
    users: _users,
    applications,
    clientAppTypes: _clients,
    locations,
    signInRiskLevels: _risk,
    ...conditions
  } = policy.conditions
  const { includeLocations: _places, excludeLocations: _exceptions, ...otherPlaces } = locations ?? {}
  const { includeApplications: _in, excludeApplications: _out, ...otherApplications } = applications ?? {}
  const {
    operator: _operator,
    builtInControls: _controls,
    authenticationStrength: _strength,
    ...grants
  } = policy.grantControls ?? {}
  const others = {
    conditions,
    'conditions.applications': otherApplications,
    'conditions.locations': otherPlaces,
    grantControls: grants,
    policy: { sessionControls: policy.sessionControls },
  }
  return Object.entries(others).flatMap(([place, part]) =>
    Object.entries(part)
      .filter(([name, value]) => !name.includes('@odata.') && !saysNothing(value))
      .map(([name]) => `${place}.${name} is set`),
  )
}

function only(what: string, have: Ids, want: readonly (string | null)[]): string[] {
  const extra = (have ?? []).filter((one) => !want.includes(one) && one !== 'None')
  return [
    ...(extra.length > 0 ? [`${what} also names ${extra.join(', ')}`] : []),
    ...atLeast(what, have, want),
  ]
}

function atLeast(what: string, have: Ids, want: readonly (string | null)[]): string[] {
  const missing = want.filter((one) => one !== null && !(have ?? []).includes(one))
  return missing.length > 0 ? [`${what} lacks ${missing.join(', ')}`] : []
}

/** Graph fills in what nobody set: null, an empty list, an object of such. */
function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true
  return typeof value === 'object' && Object.values(value).every(saysNothing)
}
