import type { Difference } from './policy-properties.ts'
import { propertyAt } from './policy-properties.ts'
import { markIn } from './policy-template.ts'

/** Who has to stay left out of the policy, by object id. */
export interface Exclusions {
  people: readonly string[]
  groups: readonly string[]
}

const SAYS: Record<string, string> = {
  enabledForReportingButNotEnforced: 'report-only',
}

/** One difference in words, such as `state: enabled → disabled`. */
export function sayDifference({ path, before, after }: Difference): string {
  if (isList(before) && isList(after)) {
    const gone = list(before).filter((one) => !list(after).includes(one))
    const more = list(after).filter((one) => !list(before).includes(one))
    const parts = [
      ...(gone.length > 0 ? [`without ${gone.join(', ')}`] : []),
      ...(more.length > 0 ? [`with ${more.join(', ')}`] : []),
    ]
    return `${path}: ${parts.join(', and ')}`
  }
  return `${path}: ${say(before)} → ${say(after)}`
}

function isList(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.every((one) => typeof one === 'string'))
}

function list(value: unknown): string[] {
  return (value as string[] | null) ?? []
}

function say(value: unknown): string {
  if (value === null) return 'nothing'
  return typeof value === 'string' ? (SAYS[value] ?? value) : JSON.stringify(value)
}

/** Why a changed property must not become the recorded one; null: it may. `now` is the whole policy. */
export function whyBarred(
  { path, after }: Difference,
  now: object,
  exclusions: Exclusions,
  mark: string,
): string | null {
  if (path === 'state') return 'nobody may join while it is not on; `disarm` keeps it in report-only by name'
  if (path.startsWith('conditions.users.include'))
    return 'it would no longer be about the people of the group and nobody else'
  if (path === 'conditions.users.excludeUsers' && lacks(after, exclusions.people))
    return 'an emergency account is not left out any more'
  if (path === 'conditions.users.excludeGroups' && lacks(after, exclusions.groups))
    return 'a protected group is not left out any more'
  if (path.startsWith('grantControls') && !asksForMfa(now)) return 'it does not ask for MFA any more'
  const marked = path === 'description' ? markIn(after as string | null) : undefined
  return marked !== undefined && marked !== mark ? 'another installation has put its mark on it' : null
}

function lacks(after: unknown, wanted: readonly string[]): boolean {
  return wanted.some((one) => !list(after).includes(one))
}

function asksForMfa(now: object): boolean {
  const controls = list(propertyAt(now, 'grantControls.builtInControls') ?? null)
  const isAlone = controls.length < 2 || propertyAt(now, 'grantControls.operator') === 'AND'
  const isAsked = controls.includes('mfa') || Boolean(propertyAt(now, 'grantControls.authenticationStrength'))
  return isAsked && isAlone && !controls.includes('block')
}

/** Whether putting this back takes people or sign-ins out of the policy, and puts none under it. */
export function isNarrowing({ path, before, after }: Difference): boolean {
  const isWithin = (small: unknown, large: unknown) => list(small).every((one) => list(large).includes(one))
  if (path === 'displayName' || path === 'description') return true
  if (!isList(before) || !isList(after)) return false
  if (path.startsWith('conditions.users.exclude')) return isWithin(after, before)
  return path.startsWith('conditions.users.include') && isWithin(before, after)
}
