import { meaningOf } from './error-codes.ts'
import type { SignIn } from './sign-in.ts'

/** What the report-only twin says the policy would have done to a person. */
export type WouldBe = 'blocked' | 'prompted' | 'passed' | 'notCovered'

/**
 * The worst of what the twin says of somebody's sign-ins: one program that would be kept out is what they call the help
 * desk about, however well the others do. A wrong password says nothing about the policy. Undefined: not heard from.
 */
export function wouldBe(rows: readonly SignIn[], twinId: string): WouldBe | undefined {
  const results = new Set(
    rows
      .filter((row) => row.errorCode === 0 || meaningOf(row.errorCode) !== 'password')
      .flatMap((row) => row.appliedConditionalAccessPolicies)
      .filter((policy) => policy.id.toLowerCase() === twinId.toLowerCase())
      .map((policy) => policy.result),
  )
  if (results.has('reportOnlyFailure')) return 'blocked'
  if (results.has('reportOnlyInterrupted')) return 'prompted'
  if (results.has('reportOnlySuccess')) return 'passed'
  return results.has('reportOnlyNotApplied') ? 'notCovered' : undefined
}
