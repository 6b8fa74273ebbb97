import type {
  AppliedConditionalAccessPolicy,
  ConditionalAccessPolicy,
} from '@microsoft/microsoft-graph-types'
import type { Directory } from '../directory/directory.ts'
import { countsAsMember } from '../directory/membership.ts'
import { biting } from '../lagged.ts'
import type { Person } from '../people/person.ts'

type Demand = 'none' | 'mfa' | 'block'

interface Verdict {
  policy: ConditionalAccessPolicy
  applies: boolean
  demand: Demand
}

/** What the policies that bite at this moment ask of a sign-in. */
export interface Evaluation {
  verdicts: Verdict[]
  mfa: boolean
  block: boolean
}

/** How far the person got: `unasked` came in without a second factor, since no policy that bites asked for one. */
export type Outcome = 'satisfied' | 'unasked' | 'interrupted' | 'failed'

export function evaluate(directory: Directory, person: Person, legacy: boolean, now: number): Evaluation {
  const evaluation: Evaluation = { verdicts: [], mfa: false, block: false }
  for (const entry of directory.policies.values()) {
    const policy = biting(entry.body, now)
    if (!policy) continue
    const demand = demandOf(policy)
    const applies = policy.state !== 'disabled' && covers(directory, policy, person, legacy, now)
    evaluation.verdicts.push({ policy, applies, demand })
    if (!applies || policy.state !== 'enabled') continue
    if (demand === 'mfa') evaluation.mfa = true
    if (demand === 'block') evaluation.block = true
  }
  return evaluation
}

function demandOf(policy: ConditionalAccessPolicy): Demand {
  const controls = policy.grantControls?.builtInControls ?? []
  if (controls.includes('block')) return 'block'
  return controls.includes('mfa') || policy.grantControls?.authenticationStrength ? 'mfa' : 'none'
}

function covers(
  directory: Directory,
  policy: ConditionalAccessPolicy,
  person: Person,
  legacy: boolean,
  now: number,
): boolean {
  const { users, applications, clientAppTypes } = policy.conditions ?? {}
  if (!users || !applications?.includeApplications?.some((app) => app !== 'None')) return false
  const clients = clientAppTypes ?? ['all']
  const suits = legacy ? ['exchangeActiveSync', 'other'] : ['browser', 'mobileAppsAndDesktopClients']
  if (!clients.some((client) => client === 'all' || suits.includes(client))) return false
  const named = (ids?: string[] | null) => ids?.includes(person.id) ?? false
  const guests = (ids?: string[] | null) =>
    person.kind === 'guest' && (ids?.includes('GuestsOrExternalUsers') ?? false)
  const grouped = (ids?: string[] | null) =>
    ids?.some((id) => countsAsMember(directory, id, person, now)) ?? false
  const inRole = (ids?: string[] | null) => ids?.some((id) => person.roles.includes(id)) ?? false
  if (named(users.excludeUsers) || guests(users.excludeUsers)) return false
  if (grouped(users.excludeGroups) || inRole(users.excludeRoles)) return false
  if (users.includeUsers?.includes('All') || named(users.includeUsers) || guests(users.includeUsers))
    return true
  return grouped(users.includeGroups) || inRole(users.includeRoles)
}

/** What a row of the log says of each policy. Rows share equal lists. */
export function appliedPolicies(
  evaluation: Evaluation,
  outcome: Outcome,
): readonly AppliedConditionalAccessPolicy[] {
  const applied = evaluation.verdicts.map((verdict) => line(verdict, outcome))
  const key = JSON.stringify(applied)
  const known = interned.get(key)
  if (known) return known
  if (interned.size > 2000) interned.clear()
  interned.set(key, applied)
  return applied
}

const interned = new Map<string, readonly AppliedConditionalAccessPolicy[]>()

function line(verdict: Verdict, outcome: Outcome): AppliedConditionalAccessPolicy {
  const { policy, applies, demand } = verdict
  const controls = demand === 'none' ? (policy.grantControls?.builtInControls ?? []) : [demand]
  return {
    id: policy.id ?? null,
    displayName: policy.displayName ?? null,
    enforcedGrantControls: applies ? controls : [],
    enforcedSessionControls: [],
    result: resultOf(policy, applies, demand, outcome),
  }
}

function resultOf(
  policy: ConditionalAccessPolicy,
  applies: boolean,
  demand: Demand,
  outcome: Outcome,
): NonNullable<AppliedConditionalAccessPolicy['result']> {
  if (policy.state === 'disabled') return 'notEnabled'
  const reportOnly = policy.state === 'enabledForReportingButNotEnforced'
  if (!applies) return reportOnly ? 'reportOnlyNotApplied' : 'notApplied'
  if (demand === 'block') return reportOnly ? 'reportOnlyFailure' : 'failure'
  if (demand === 'none' || outcome === 'satisfied') return reportOnly ? 'reportOnlySuccess' : 'success'
  if (!reportOnly) return outcome === 'unasked' ? 'success' : 'failure'
  return outcome === 'failed' ? 'reportOnlyFailure' : 'reportOnlyInterrupted'
}
