import type { AppliedConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import { strengthOf } from '../directory/strengths.ts'
import type { Person } from '../people/person.ts'
import { canMeet } from './asked.ts'
import type { Evaluation, Verdict } from './conditional-access.ts'

/** How far the person got: `unasked` came in without a second factor, since no policy that bites asked for one. */
export type Outcome = 'satisfied' | 'unasked' | 'interrupted' | 'failed'

/** What a row of the log says of each policy. Rows share equal lists. */
export function appliedPolicies(
  evaluation: Evaluation,
  person: Person,
  outcome: Outcome,
): readonly AppliedConditionalAccessPolicy[] {
  const applied = evaluation.verdicts.map((verdict) => line(verdict, person, outcome))
  const key = JSON.stringify(applied)
  const known = interned.get(key)
  if (known) return known
  if (interned.size > 2000) interned.clear()
  interned.set(key, applied)
  return applied
}

const interned = new Map<string, readonly AppliedConditionalAccessPolicy[]>()

function line(verdict: Verdict, person: Person, outcome: Outcome): AppliedConditionalAccessPolicy {
  const { policy, applies } = verdict
  return {
    id: policy.id ?? null,
    displayName: policy.displayName ?? null,
    enforcedGrantControls: applies ? controlsOf(verdict) : [],
    enforcedSessionControls: applies && policy.sessionControls?.signInFrequency ? ['SignInFrequency'] : [],
    result: resultOf(verdict, person, outcome),
  }
}

function controlsOf({ policy, demand, strength }: Verdict): string[] {
  if (strength) return [`Require authentication strength - ${strengthOf(strength)?.displayName}`]
  return demand === 'none' ? (policy.grantControls?.builtInControls ?? []) : [demand]
}

function resultOf(
  { policy, applies, demand, strength }: Verdict,
  person: Person,
  outcome: Outcome,
): NonNullable<AppliedConditionalAccessPolicy['result']> {
  if (policy.state === 'disabled') return 'notEnabled'
  const reportOnly = policy.state === 'enabledForReportingButNotEnforced'
  if (!applies) return reportOnly ? 'reportOnlyNotApplied' : 'notApplied'
  if (demand === 'block') return reportOnly ? 'reportOnlyFailure' : 'failure'
  if (demand === 'none') return reportOnly ? 'reportOnlySuccess' : 'success'
  if (strength && !canMeet(person, [strength], false)) return reportOnly ? 'reportOnlyFailure' : 'failure'
  if (outcome === 'satisfied') return reportOnly ? 'reportOnlySuccess' : 'success'
  if (!reportOnly) return outcome === 'unasked' ? 'success' : 'failure'
  return outcome === 'failed' ? 'reportOnlyFailure' : 'reportOnlyInterrupted'
}
