import { DECLARED_TIMES } from '../../src/gates/declared-times.ts'
import { lockOut } from '../../src/gates/lock-out.ts'
import type { SignIn } from '../../src/gates/sign-in.ts'

export const OURS = 'our-policy'
export const THEIRS = 'their-policy'
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const SWITCH = Date.UTC(2026, 10, 23, 9)

export const AT_HOME = { ip: '198.18.7.7', city: 'Odense', country: 'DK' }
export const ABROAD = { ip: '203.0.113.9', city: 'Hanoi', country: 'VN' }

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
    place: AT_HOME,
    appliedConditionalAccessPolicies: [{ id: OURS, result: errorCode === 0 ? 'success' : 'failure' }],
    ...over,
  }
}

/** A week before the switch the person signed in at home; the log of that time is known unless the test says otherwise. */
export function seenAfter(minutes: number, rows: SignIn[], knowsHabits = true) {
  const before = signIn(-7 * 24 * 60, 0, { appliedConditionalAccessPolicies: [] })
  return lockOut({
    rows: knowsHabits ? [before, ...rows] : rows,
    knowsHabits,
    policyId: OURS,
    since: SWITCH,
    now: SWITCH + minutes * MINUTE,
    times: DECLARED_TIMES,
  })
}
