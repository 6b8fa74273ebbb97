import type { Policy } from '../graph/directory/policies.ts'
import { type Finding, finding } from './policy-switch.ts'

type Conditions = Policy['conditions']

/** Guests and other people from outside, as a policy names them. */
export const GUESTS = 'GuestsOrExternalUsers'

/** The conditions of a policy that covers everybody: as they were, but for whom they are about. Guests stay out. */
export function wideConditions(conditions: Conditions, exceptionsId: string): Conditions {
  const users = conditions.users ?? {}
  const more = (have: readonly string[] | null | undefined, one: string) => [
    ...new Set([...(have ?? []), one]),
  ]
  return sendable({
    ...conditions,
    users: {
      ...users,
      includeUsers: ['All'],
      includeGroups: [],
      excludeUsers: more(users.excludeUsers, GUESTS),
      excludeGroups: more(users.excludeGroups, exceptionsId),
    },
  })
}

/** The recorded conditions; `keepOut` stays left out of them. */
export function narrowConditions(recorded: Conditions, keepOut: string | null): Conditions {
  const users = recorded.users ?? {}
  if (keepOut === null) return sendable(recorded)
  const excludeGroups = [...new Set([...(users.excludeGroups ?? []), keepOut])]
  return sendable({ ...recorded, users: { ...users, excludeGroups } })
}

export function isWide({ conditions }: Policy): boolean {
  return conditions.users?.includeUsers?.includes('All') ?? false
}

/** Whether two say the same of whom they are about; what Graph fills in says nothing. */
export function isAbout(policy: Policy, wanted: Conditions): boolean {
  const [have, want] = [policy.conditions.users ?? {}, wanted.users ?? {}]
  const keys = [
    'includeUsers',
    'includeGroups',
    'includeRoles',
    'excludeUsers',
    'excludeGroups',
    'excludeRoles',
  ] as const
  const isSame = keys.every((key) => {
    if (key !== 'excludeUsers') return sorted(have[key]) === sorted(want[key])
    const people = ({ excludeUsers }: Users) => sorted(excludeUsers?.filter((one) => one !== GUESTS))
    return people(have) === people(want)
  })
  return isSame && leavesGuestsOut(have) === leavesGuestsOut(want)
}

type Users = NonNullable<Conditions['users']>

/** By the old word or by the object that replaces it: either may be what Graph answers with. */
function leavesGuestsOut(users: Users): boolean {
  return (users.excludeUsers ?? []).includes(GUESTS) || users['excludeGuestsOrExternalUsers'] != null
}

/** What stands against a policy for all users that guests have nothing to do with. */
export function guestFindings(policy: Policy): Finding[] {
  if (leavesGuestsOut(policy.conditions.users ?? {})) return []
  const message = `The policy ${policy.displayName} covers guests, whom no plan puts under it.`
  return [finding('policyDiffers', message, 'Leave guests and people from outside out of it again.')]
}

function sorted(ids: readonly string[] | null | undefined): string {
  return JSON.stringify((ids ?? []).toSorted())
}

/** Without what Graph writes about its own answer. */
function sendable<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sendable) as T
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([name]) => !name.includes('@odata.') || name === '@odata.type')
  return Object.fromEntries(kept.map(([name, inner]) => [name, sendable(inner)])) as T
}
