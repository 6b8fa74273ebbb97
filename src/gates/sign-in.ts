import { z } from 'zod'
import { meaningOf } from './error-codes.ts'

/** One row of the v1.0 sign-in log, as far as attribution needs it. Times are epoch milliseconds. */
export const signInSchema = z.object({
  id: z.string(),
  createdDateTime: z.int(),
  userId: z.string(),
  errorCode: z.int(),
  additionalDetails: z.string().nullable(),
  /** Rows stored by an earlier build have neither names, controls nor a place. */
  appliedConditionalAccessPolicies: z.array(
    z.object({
      id: z.string(),
      result: z.string(),
      name: z.string().nullish(),
      controls: z.array(z.string()).nullish(),
    }),
  ),
  place: z
    .object({ ip: z.string().nullable(), city: z.string().nullable(), country: z.string().nullable() })
    .nullish(),
  app: z.object({ id: z.string().nullable(), name: z.string().nullable() }).nullish(),
  /** The program, where it is one that knows no second factor. */
  oldProgram: z.string().nullish(),
  /** Who asked for a second factor, in the beta log's words; absent where only v1.0 was read. */
  askers: z.array(z.string()).nullish(),
})
export type SignIn = z.infer<typeof signInSchema>

/** Stands among a row's policies for the demand that per-user MFA made, or did not make. */
export const PER_USER_DEMAND = 'per-user-mfa'

/** Kinds that are our change's doing carry what they were; all others are shown and count for nothing. */
export type SignInClass =
  | 'provenSuccess'
  | 'success'
  | 'interrupt'
  | 'blockedByPolicy'
  | 'registrationBlocked'
  | 'invalidNumber'
  | 'mfaFailed'
  | 'mfaDenied'
  | 'otherPolicy'
  | 'provider'
  | 'password'
  | 'noise'

const INVALID_NUMBER = /invalid (phone number )?format|invalid (phone )?number|number (is|was) invalid/i
const DENIED_BY_PERSON = /declined|denied the|fraud/i
const TROUBLE_AT_MICROSOFT = /service error/i
const STILL_RUNNING = /in[- ]progress|duplicate/i

/** What one row says about our policy. Rows of another policy, of Microsoft's trouble or of a wrong password are not ours. */
export function classifySignIn(row: SignIn, policyId: string): SignInClass {
  const ours = resultsOf(row, policyId)
  if (row.errorCode === 0) return ours.includes('success') ? 'provenSuccess' : 'success'
  // Our policy asks for MFA and never blocks: where another one blocked, that is what kept the person out.
  const failedOurs = ours.includes('failure') && blockerOf(row, policyId) === undefined
  const meaning = meaningOf(row.errorCode)
  if (meaning === undefined) return failedOurs ? 'blockedByPolicy' : 'noise'
  switch (meaning) {
    case 'mfaInterrupt':
      return !failedOurs && failedAnother(row, policyId) ? 'otherPolicy' : 'interrupt'
    case 'policyBlock':
      return failedOurs ? 'blockedByPolicy' : 'otherPolicy'
    case 'registrationBlock':
      return 'registrationBlocked'
    case 'mfaFailure':
      return classifyMfaFailure(row, policyId, failedOurs)
    case 'otherInterrupt':
    case 'noise':
      return 'noise'
    case 'provider':
      return 'provider'
    case 'password':
      return 'password'
    default:
      return meaning satisfies never
  }
}

function classifyMfaFailure(row: SignIn, policyId: string, failedOurs: boolean): SignInClass {
  const details = row.additionalDetails ?? ''
  if (TROUBLE_AT_MICROSOFT.test(details)) return 'provider'
  if (STILL_RUNNING.test(details)) return 'noise'
  if (!failedOurs) return failedAnother(row, policyId) ? 'otherPolicy' : 'noise'
  if (INVALID_NUMBER.test(details)) return 'invalidNumber'
  // Saying no to a prompt one did not ask for is MFA doing its job, not a lock-out.
  if (DENIED_BY_PERSON.test(details)) return 'mfaDenied'
  return 'mfaFailed'
}

/** Does the row say anything about our policy, be it that it did not apply? */
export function listsPolicy(row: SignIn, policyId: string): boolean {
  return resultsOf(row, policyId).length > 0
}

export interface OtherPolicy {
  id: string
  name: string | null
}

/** The policy of somebody else that turned this sign-in away: one that blocks, or, where ours did not fail, any. */
export function otherPolicyOf(row: SignIn, policyId: string): OtherPolicy | undefined {
  return blockerOf(row, policyId) ?? failedOthers(row, policyId)[0]
}

function blockerOf(row: SignIn, policyId: string): OtherPolicy | undefined {
  return failedOthers(row, policyId).find((one) => one.controls.includes('block'))
}

function resultsOf(row: SignIn, policyId: string): string[] {
  return row.appliedConditionalAccessPolicies
    .filter((policy) => policy.id.toLowerCase() === policyId.toLowerCase())
    .map((policy) => policy.result)
}

function failedAnother(row: SignIn, policyId: string): boolean {
  return failedOthers(row, policyId).length > 0
}

function failedOthers(row: SignIn, policyId: string): (OtherPolicy & { controls: string[] })[] {
  return row.appliedConditionalAccessPolicies
    .filter((policy) => policy.id.toLowerCase() !== policyId.toLowerCase() && policy.result === 'failure')
    .map(({ id, name = null, controls }) => ({
      id,
      name,
      controls: (controls ?? []).map((control) => control.toLowerCase()),
    }))
}
