import { DECLARED_TIMES } from '../../src/gates/declared-times.ts'
import { lockOut } from '../../src/gates/lock-out.ts'
import type { SignIn } from '../../src/gates/sign-in.ts'

export const OURS = 'our-policy'
export const THEIRS = 'their-policy'
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const SWITCH = Date.UTC(2026, 10, 23, 9)

let count = 0

/** A row of the sign-in log, some minutes after the person's switch. */
export function signIn(minutes: number, errorCode: number, over: Partial<SignIn> = {}): SignIn {
  count += 1
  return {
    id: `s${count}`,
    createdDateTime: SWITCH + minutes * MINUTE,
    userId: 'ann',
    errorCode,
    additionalDetails: null,
    appliedConditionalAccessPolicies: [{ id: OURS, result: errorCode === 0 ? 'success' : 'failure' }],
    ...over,
  }
}

export function seenAfter(minutes: number, rows: SignIn[]) {
  return lockOut({
    rows,
    policyId: OURS,
    since: SWITCH,
    now: SWITCH + minutes * MINUTE,
    times: DECLARED_TIMES,
  })
}
