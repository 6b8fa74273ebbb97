import { expect, test } from 'vitest'
import { ERROR_CODES } from '../../src/gates/error-codes.ts'
import { classifySignIn, type SignIn } from '../../src/gates/sign-in.ts'
import { OURS, signIn, THEIRS } from './sign-ins.ts'

const noPolicy = { appliedConditionalAccessPolicies: [] }
const theirs = {
  appliedConditionalAccessPolicies: [
    { id: THEIRS, result: 'failure' },
    { id: OURS, result: 'notApplied' },
  ],
}
const result = (id: string, controls: string[] | null, result = 'failure') => ({ id, result, controls })
const listed = (...policies: ReturnType<typeof result>[]) => ({ appliedConditionalAccessPolicies: policies })
const told = (additionalDetails: string) => ({ additionalDetails })

const ROWS: [string, SignIn, string][] = [
  ['a success that met our policy', signIn(1, 0), 'provenSuccess'],
  ['a success without our policy', signIn(1, 0, noPolicy), 'success'],
  [
    'a success where our policy only reports',
    signIn(1, 0, { appliedConditionalAccessPolicies: [{ id: OURS, result: 'reportOnlySuccess' }] }),
    'success',
  ],
  ['a person asked to register', signIn(1, 50072), 'interrupt'],
  ['a person asked for MFA', signIn(1, 50074), 'interrupt'],
  ['an interrupt that lists no policy', signIn(1, 50076, noPolicy), 'interrupt'],
  ['an interrupt of another policy', signIn(1, 50079, theirs), 'otherPolicy'],
  ['a block by our policy', signIn(1, 53003), 'blockedByPolicy'],
  ['a block by another policy', signIn(1, 53003, theirs), 'otherPolicy'],
  [
    'a block where our demand for MFA alone failed',
    signIn(1, 53003, listed(result(OURS, ['Mfa']))),
    'blockedByPolicy',
  ],
  [
    'a block by another policy, our demand beside it failed or not met',
    signIn(1, 53003, listed(result(OURS, ['Mfa']), result(THEIRS, ['Block']))),
    'otherPolicy',
  ],
  [
    'a block where ours passed by the session and another blocks',
    signIn(1, 53003, listed(result(OURS, ['mfa'], 'success'), result(THEIRS, ['block']))),
    'otherPolicy',
  ],
  [
    'a block where two policies demand MFA, one of them ours',
    signIn(1, 53003, listed(result(OURS, ['mfa']), result(THEIRS, ['mfa']))),
    'blockedByPolicy',
  ],
  [
    'a block beside a policy whose demand was not stored',
    signIn(1, 53003, listed(result(OURS, null), result(THEIRS, null))),
    'blockedByPolicy',
  ],
  [
    'a block that only reports, beside ours',
    signIn(1, 53003, listed(result(OURS, ['mfa']), result(THEIRS, ['block'], 'reportOnlyFailure'))),
    'blockedByPolicy',
  ],
  [
    'an interrupt where another policy blocks anyway',
    signIn(1, 50074, listed(result(OURS, ['mfa']), result(THEIRS, ['block']))),
    'otherPolicy',
  ],
  ['a registration that risk blocks', signIn(1, 53004, noPolicy), 'registrationBlocked'],
  ['a registration from the wrong place', signIn(1, 53010, theirs), 'registrationBlocked'],
  [
    'a number MFA cannot call',
    signIn(1, 500121, told('MFA denied; phone number has an invalid format')),
    'invalidNumber',
  ],
  ['a wrong code', signIn(1, 500121, told('MFA denied; wrong code entered')), 'mfaFailed'],
  [
    'a prompt the person declined',
    signIn(1, 500121, told('MFA denied; user declined the authentication')),
    'mfaDenied',
  ],
  ['a prompt that is still open', signIn(1, 500121, told('Authentication in-progress')), 'noise'],
  ['a failure of the service', signIn(1, 500121, told('service error')), 'provider'],
  ['failed MFA of another policy', signIn(1, 500121, theirs), 'otherPolicy'],
  ['the limit on telephone calls', signIn(1, 50088), 'provider'],
  ['a wrong password', signIn(1, 50126), 'password'],
  ['a locked account', signIn(1, 50053), 'password'],
  ['an internal retry', signIn(1, 90025), 'noise'],
  ['stay signed in?', signIn(1, 50140), 'noise'],
  ['a code nobody knows, with our policy failed', signIn(1, 99_999), 'blockedByPolicy'],
  ['a code nobody knows, without our policy', signIn(1, 99_999, noPolicy), 'noise'],
]

test.each(ROWS)('%s', (_what, row, expected) => {
  expect(classifySignIn(row, OURS)).toBe(expected)
})

test('the table names each code once', () => {
  expect(new Set(ERROR_CODES.map(({ code }) => code)).size).toBe(ERROR_CODES.length)
})

test('the case of a policy id does not matter', () => {
  expect(classifySignIn(signIn(1, 0), OURS.toUpperCase())).toBe('provenSuccess')
})
