import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import type { Directory } from '../directory/directory.ts'
import { isAt } from '../directory/locations.ts'
import { countsAsMember } from '../directory/membership.ts'
import { biting } from '../lagged.ts'
import type { Person } from '../people/person.ts'
import { type Client, clientAppTypes } from './client.ts'
import type { Place } from './place.ts'

export type Demand = 'none' | 'mfa' | 'block'

/** Who stands at the door, with what and where. */
export interface Knock {
  person: Person
  client: Client
  place: Place
  /** What Identity Protection would say of it; absent: nothing. */
  risk?: 'low' | 'medium' | 'high'
}

export interface Verdict {
  policy: ConditionalAccessPolicy
  applies: boolean
  demand: Demand
  /** Id of the authentication strength it asks for. */
  strength: string | null
}

/** What the policies that bite at this moment ask of a sign-in. */
export interface Evaluation {
  verdicts: Verdict[]
  mfa: boolean
  block: boolean
  /** Ids of the authentication strengths asked for. */
  strengths: string[]
}

export function evaluate(directory: Directory, knock: Knock, now: number): Evaluation {
  const evaluation: Evaluation = { verdicts: [], mfa: false, block: false, strengths: [] }
  for (const entry of directory.policies.values()) {
    const policy = biting(entry.body, now)
    if (!policy) continue
    const demand = demandOf(policy)
    const strength = policy.grantControls?.authenticationStrength?.id ?? null
    const applies = policy.state !== 'disabled' && covers(directory, policy, knock, now)
    evaluation.verdicts.push({ policy, applies, demand, strength })
    if (!applies || policy.state !== 'enabled') continue
    if (demand === 'mfa') evaluation.mfa = true
    if (demand === 'block') evaluation.block = true
    if (strength) evaluation.strengths.push(strength)
  }
  return evaluation
}

function demandOf(policy: ConditionalAccessPolicy): Demand {
  const controls = policy.grantControls?.builtInControls ?? []
  if (controls.includes('block')) return 'block'
  return controls.includes('mfa') || policy.grantControls?.authenticationStrength ? 'mfa' : 'none'
}

function covers(directory: Directory, policy: ConditionalAccessPolicy, knock: Knock, now: number): boolean {
  const { users, applications } = policy.conditions ?? {}
  if (!users || !applications?.includeApplications?.some((app) => app !== 'None')) return false
  const clients = policy.conditions?.clientAppTypes ?? ['all']
  const suits = clientAppTypes(knock.client)
  if (!clients.some((client) => client === 'all' || suits.includes(client))) return false
  const { signInRiskLevels } = policy.conditions ?? {}
  if (signInRiskLevels?.length && !signInRiskLevels.includes(knock.risk ?? 'none')) return false
  return coversPerson(directory, users, knock.person, now) && coversPlace(directory, policy, knock.place, now)
}

type Users = NonNullable<NonNullable<ConditionalAccessPolicy['conditions']>['users']>

function coversPerson(directory: Directory, users: Users, person: Person, now: number): boolean {
  const named = (ids?: string[] | null) => ids?.includes(person.id) ?? false
  const guests = (ids?: string[] | null, external?: object | null) =>
    person.kind === 'guest' && Boolean(ids?.includes('GuestsOrExternalUsers') || external)
  const grouped = (ids?: string[] | null) =>
    ids?.some((id) => countsAsMember(directory, id, person, now)) ?? false
  const inRole = (ids?: string[] | null) => ids?.some((id) => holdsRole(directory, id, person, now)) ?? false
  if (named(users.excludeUsers) || guests(users.excludeUsers, users.excludeGuestsOrExternalUsers))
    return false
  if (grouped(users.excludeGroups) || inRole(users.excludeRoles)) return false
  if (users.includeUsers?.includes('All') || named(users.includeUsers)) return true
  if (guests(users.includeUsers, users.includeGuestsOrExternalUsers)) return true
  return grouped(users.includeGroups) || inRole(users.includeRoles)
}

function holdsRole(directory: Directory, templateId: string, person: Person, now: number): boolean {
  if (person.roles.includes(templateId)) return true
  for (const [group, role] of directory.roleGroups) {
    if (role === templateId && countsAsMember(directory, group, person, now)) return true
  }
  return false
}

function coversPlace(
  directory: Directory,
  policy: ConditionalAccessPolicy,
  place: Place,
  now: number,
): boolean {
  const { includeLocations, excludeLocations } = policy.conditions?.locations ?? {}
  const at = (names: string[]) => names.some((name) => isAt(directory, name, place, now))
  if (excludeLocations && at(excludeLocations)) return false
  return !includeLocations?.length || at(includeLocations)
}
