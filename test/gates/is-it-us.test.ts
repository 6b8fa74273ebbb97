import { describe, expect, test } from 'vitest'
import { type Heard, isItUs } from '../../src/gates/is-it-us.ts'
import { sayIsItUs } from '../../src/gates/say-is-it-us.ts'
import { PER_USER_DEMAND, type SignIn } from '../../src/gates/sign-in.ts'
import { OURS, signIn, THEIRS } from './sign-ins.ts'

const NONE = { appliedConditionalAccessPolicies: [] }

function asked(rows: SignIn[], over: Partial<Heard> = {}) {
  const found = isItUs({ rows, ours: [OURS], intake: 'read', ...over })
  return { ...found, ...sayIsItUs(found) }
}

function applied(...policies: { id: string; result?: string; name?: string; controls?: string[] }[]) {
  return {
    appliedConditionalAccessPolicies: policies.map(({ result = 'failure', ...policy }) => ({
      ...policy,
      result,
    })),
  }
}

describe('the last try that says anything decides who it was', () => {
  test.each<[string, SignIn, { by: string; isUs: boolean }]>([
    ['our policy asked and was not answered', signIn(5, 50074), { by: 'ours', isUs: true }],
    [
      'our policy would have asked, and another one blocked',
      signIn(5, 53003, applied({ id: OURS }, { id: THEIRS, name: 'Block old apps', controls: ['Block'] })),
      { by: 'otherPolicy', isUs: false },
    ],
    ['another policy alone', signIn(5, 53000, applied({ id: THEIRS })), { by: 'otherPolicy', isUs: false }],
    [
      'per-user MFA from before',
      signIn(5, 50074, applied({ id: PER_USER_DEMAND })),
      { by: 'perUserMfa', isUs: false },
    ],
    ['security defaults and an old client', signIn(5, 530035, NONE), { by: 'securityDefaults', isUs: false }],
    [
      'security defaults, by the beta log',
      signIn(5, 50079, { ...NONE, askers: ['securityDefaults'] }),
      { by: 'securityDefaults', isUs: false },
    ],
    [
      'Microsoft itself at the portals',
      signIn(5, 50076, {
        ...NONE,
        app: { id: 'C44B4083-3bb0-49c1-b47d-974e53cbdf3c', name: 'Azure Portal' },
      }),
      { by: 'microsoft', isUs: false },
    ],
    [
      'a wrong password, though our policy stands in the row',
      signIn(5, 50126),
      { by: 'password', isUs: false },
    ],
    ['a telephone service in trouble', signIn(5, 50088), { by: 'provider', isUs: false }],
    ['our policy asked and was answered', signIn(5, 0), { by: 'ours', isUs: true }],
    ['nobody asked', signIn(5, 0, NONE), { by: 'nobody', isUs: false }],
  ])('%s', (_, row, expected) => {
    expect(asked([row])).toMatchObject(expected)
  })
})

test('a later success counts for more than an earlier refusal, whatever order the log gives them in', () => {
  const refused = signIn(5, 500121)
  const passed = signIn(9, 0)
  expect(asked([passed, refused])).toMatchObject({ outcome: 'asked', isUs: true })
  expect(asked([refused, signIn(2, 0)])).toMatchObject({ outcome: 'refused', isUs: true })
})

test('"stay signed in?" and Microsoft’s own retries are passed over for the line before them', () => {
  expect(asked([signIn(5, 50126), signIn(6, 50140), signIn(7, 90025)])).toMatchObject({ by: 'password' })
})

describe('what the log does not show is unknown, with the reason', () => {
  test.each<[string, SignIn[], Partial<Heard>, string]>([
    ['no row, and the log was read', [], {}, 'noRecord'],
    ['no row, and the log was never read', [], { intake: undefined }, 'notYetRead'],
    ['no licence', [], { intake: 'noLicence' }, 'licence'],
    ['the last reading failed', [], { intake: 'failed' }, 'readFailed'],
    ['the policies are withheld', [signIn(5, 50074, NONE)], {}, 'policiesWithheld'],
    [
      'policies are shown, and none failed',
      [signIn(5, 50074, applied({ id: OURS, result: 'notApplied' }))],
      {},
      'nobodyNamed',
    ],
    ['a code nobody knows', [signIn(5, 999_999, NONE)], {}, 'codeUnknown'],
  ])('%s', (_, rows, over, why) => {
    expect(asked(rows, over)).toMatchObject({ isUs: null, by: 'unknown', why })
  })
})

test('without an id of our demand nothing is called ours', () => {
  expect(asked([signIn(5, 50074)], { ours: [] })).toMatchObject({ by: 'otherPolicy', isUs: false })
})

test('it is said in a sentence, with the line of the log and what to do', () => {
  const blocked = applied({ id: THEIRS, name: 'Block old apps', controls: ['Block'] })
  expect(asked([signIn(5, 53003, blocked)])).toMatchObject({
    says: 'No: another policy, Block old apps, turned the sign-in away. The log says: blocked by Conditional Access (53003).',
    remedy: 'Ask whoever owns that policy; taking the person out of our change alters nothing.',
  })
  const denied = signIn(5, 500121, { additionalDetails: 'MFA denied; phone number has an invalid format' })
  expect(asked([denied])).toMatchObject({
    says: 'Yes: our change asked for a second factor that was not given. The log says: strong authentication failed (500121); MFA denied; phone number has an invalid format.',
    remedy: 'Help the person with the second factor, or take them out: `rollback` of this person.',
  })
  expect(asked([], { intake: 'noLicence' })).toMatchObject({
    says: 'It cannot be told: the sign-in log cannot be read without Entra ID P1.',
    remedy: 'Look the person up in the Entra admin centre.',
  })
})

test('the five newest lines are shown, newest first', () => {
  const rows = [3, 1, 6, 2, 5, 4].map((minute) => signIn(minute, 0))
  expect(asked(rows).lines.map(({ at }) => at)).toEqual(
    rows
      .map((row) => row.createdDateTime)
      .toSorted((a, b) => b - a)
      .slice(0, 5),
  )
})
