import { expect, test } from 'vitest'
import { type EmergencyFacts, judgeEmergency } from '../../src/people/emergency.ts'

const NOW = Date.parse('2026-03-02T07:00:00Z')
const DAY = 86_400_000

const GOOD: EmergencyFacts = {
  upn: 'bg1@contoso.onmicrosoft.com',
  isSynced: { value: false },
  methods: { value: ['password', 'fido2'] },
  administrator: { value: 'always' },
  lastSignIn: { value: NOW - 20 * DAY },
}

function unproven(facts: Partial<EmergencyFacts>): string[] {
  const verdicts = judgeEmergency({ ...GOOD, ...facts }, NOW, 90 * DAY)
  return verdicts.filter((one) => one.is !== 'proven').map(({ proof, is, says }) => `${proof} ${is}: ${says}`)
}

test('an account of the cloud with a key, the role for good and a drill in time is proven', () => {
  expect(unproven({})).toEqual([])
  expect(unproven({ methods: { value: ['x509Certificate'] } })).toEqual([])
  expect(unproven({ lastSignIn: { value: NOW - 90 * DAY } })).toEqual([])
})

test.each<[string, Partial<EmergencyFacts>, string]>([
  ['synchronised', { isSynced: { value: true } }, 'cloudOnly missing: comes from on-premises'],
  ['of another domain', { upn: 'bg1@contoso.com' }, 'initialDomain missing: is not of an onmicrosoft.com'],
  ['without a key', { methods: { value: ['password', 'phone'] } }, 'key unknown: shows no passkey'],
  ['eligible only', { administrator: { value: 'forHours' } }, 'globalAdministrator missing: may only take'],
  ['without the role', { administrator: { value: 'no' } }, 'globalAdministrator missing: does not hold'],
  ['never used', { lastSignIn: { value: null } }, 'signedIn missing: has never signed in'],
  [
    'not used for long',
    { lastSignIn: { value: NOW - 91 * DAY } },
    'signedIn missing: signed in last 91 days',
  ],
])('an account that is %s is not proven, and why is said', (_what, facts, says) => {
  const found = unproven(facts)
  expect(found).toHaveLength(1)
  expect(found[0]).toContain(says)
})

test('what could not be read is unknown, never proven', () => {
  const why = { why: 'the tenant has no Entra ID P1' }
  const found = unproven({ isSynced: why, methods: why, administrator: why, lastSignIn: why })
  expect(found).toHaveLength(4)
  for (const one of found) expect(one).toMatch(/ unknown: does not show .*: the tenant has no Entra ID P1/)
})
