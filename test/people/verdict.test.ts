import { expect, test } from 'vitest'
import type { FactsOf, PersonFacts, Source } from '../../src/people/facts.ts'
import { MICROSOFT_DATES } from '../../src/people/microsoft-dates.ts'
import { cohortOf, deferralFor } from '../../src/people/readiness.ts'
import { type VerdictInput, verdictOf } from '../../src/people/verdict.ts'
import { GLOBAL_ADMINISTRATOR } from '../../src/people/verdict-methods.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-11-22T08:00:00Z')
const AT = NOW - 3_600_000
const PHONES_END = Date.parse('2027-02-01T00:00:00Z')
const LATER_END = Date.parse('2027-07-01T00:00:00Z')

const ACCOUNT: FactsOf<'account'> = {
  at: AT,
  upn: 'ann@contoso.com',
  displayName: 'Ann',
  accountEnabled: true,
  userType: 'Member',
  licence: 'P1',
}
const REGISTRATION: FactsOf<'registration'> = {
  at: AT,
  isAdmin: false,
  isMfaCapable: true,
  methods: ['microsoftAuthenticatorPush'],
}
const ANN: PersonFacts = {
  id: 'a',
  account: ACCOUNT,
  registration: REGISTRATION,
  roles: { at: AT, held: [] },
  activity: { at: AT, lastSignInAt: NOW - DAY },
  legacy: { at: AT, from: NOW - 30 * DAY, to: AT, clients: [] },
}

const phishingResistant = { name: 'phishing-resistant', combinations: ['fido2', 'windowsHelloForBusiness'] }

function judge(facts: Partial<PersonFacts> = {}, more: Partial<VerdictInput> = {}) {
  return verdictOf({
    facts: { ...ANN, ...facts },
    dates: MICROSOFT_DATES,
    telephonyProvider: false,
    awayAfterMs: 30 * DAY,
    now: NOW,
    ...more,
  })
}

const registered = (methods: string[] | undefined, isMfaCapable = true): Partial<PersonFacts> => ({
  registration: { at: AT, isAdmin: false, isMfaCapable, methods },
})
const without = (source: Source): Partial<PersonFacts> => ({ [source]: undefined })
const failing = (source: Source) => ({ failed: { [source]: { failedAt: NOW, why: 'no licence' } } })
const away = { activity: { at: AT, lastSignInAt: NOW - 31 * DAY } }
const imap = { client: 'IMAP4', times: 3, lastAt: NOW - DAY, addresses: ['192.0.2.1'] }
const legacy = { legacy: { at: AT, from: 0, to: AT, clients: [imap] } }
const guest = { account: { ...ACCOUNT, upn: 'g_x.com#EXT#@contoso.com', userType: 'Guest' as const } }
const admin = { roles: { at: AT, held: [GLOBAL_ADMINISTRATOR] } }
const printer = { notAPerson: { is: true, says: 'is a printer', source: 'sign-in log', at: AT } }

test.each<[string, string, Partial<PersonFacts>, Partial<VerdictInput>?]>([
  ['ready', 'has the Authenticator', {}],
  [
    'protected',
    'is protected, whatever else',
    { ...admin, ...guest, ...away },
    { protectedAs: 'protectedGroup' },
  ],
  ['administrator', 'holds a role, as the roles say', { ...admin, ...guest }],
  ['administrator', 'holds a role, as the report says', { registration: { ...REGISTRATION, isAdmin: true } }],
  ['guest', 'is a guest and away', { ...guest, ...away }],
  ['notAPerson', 'is a printer, and away', away, printer],
  ['needsLook', 'has a disabled account', { account: { ...ACCOUNT, accountEnabled: false } }],
  ['away', 'is away, and nobody knows what is registered', { ...away, ...without('registration') }],
  ['ready', 'was here thirty days ago', { activity: { at: AT, lastSignInAt: NOW - 30 * DAY } }],
  [
    'ready',
    'has never been seen: unknown activity is not away',
    { activity: { at: AT, lastSignInAt: null } },
  ],
  ['ready', 'whose activity could not be read', { ...without('activity'), ...failing('activity') }],
  ['legacyClient', 'signs in by IMAP', legacy],
  [
    'ready',
    'signs in by IMAP, and the owner has answered',
    legacy,
    { legacyClient: { is: false, says: 'moved', source: 'Eva', at: AT } },
  ],
  [
    'legacyClient',
    'has an old client as the owner says',
    {},
    { legacyClient: { is: true, says: 'scanner', source: 'Eva', at: AT } },
  ],
  ['unknown', 'was never read from the directory', without('account')],
  ['unknown', 'was never read from the report', without('registration')],
  ['unknown', 'was never looked for in the log', without('legacy')],
  ['unknown', 'whose report failed after it was read', failing('registration')],
  ['unknown', 'whose log failed', failing('legacy')],
  [
    'unknown',
    'may hold a role',
    { ...without('roles'), registration: { ...REGISTRATION, isAdmin: undefined } },
  ],
  ['unknown', 'is not in the report', { registration: { at: AT } }],
  ['unknown', 'is in a report that names no methods', registered(undefined)],
  ['unknown', 'was read too long ago', { registration: { ...REGISTRATION, at: NOW - 8 * DAY } }],
  ['needsNumber', 'has nothing registered', registered([], false)],
  ['needsNumber', 'has only a temporary access pass', registered(['temporaryAccessPass'], false)],
  [
    'needsLook',
    'has nothing, and a number would not do',
    registered([], false),
    { strength: phishingResistant },
  ],
  ['needsLook', 'has a method that policy does not allow', registered(['mobilePhone'], false)],
  [
    'needsLook',
    'has a method that is too weak',
    registered(['mobilePhone']),
    { strength: phishingResistant },
  ],
  ['ready', 'has a passkey for a strength', registered(['fido2']), { strength: phishingResistant }],
  ['ready', 'has a hardware token, handed over', registered(['hardwareOneTimePasscode'])],
  ['readyUntil', 'has a phone and nothing else', registered(['mobilePhone', 'officePhone'])],
  ['ready', 'has a phone and a passkey', registered(['mobilePhone', 'fido2'])],
  [
    'ready',
    'has a phone, of a provider of the tenant’s own',
    registered(['mobilePhone']),
    { telephonyProvider: true },
  ],
  [
    'needsLook',
    'has a phone, and the day is over',
    registered(['mobilePhone']),
    { now: PHONES_END, oldestMs: 99 * DAY, awayAfterMs: 99 * DAY },
  ],
])('%s: somebody who %s', (is, _who, facts, more) => {
  expect(judge(facts, more).is).toBe(is)
})

test('a phone alone is enough until the day Microsoft stops; for Global Administrators and external users later', () => {
  const phone = registered(['mobilePhone'])
  expect(judge(phone).until).toBe(PHONES_END)
  expect(judge({ ...phone, ...admin }, { taken: { administrators: true } }).until).toBe(LATER_END)
  expect(judge({ ...phone, ...guest }, { taken: { guests: true } }).until).toBe(LATER_END)
  const internal = { account: { ...ACCOUNT, userType: 'Guest' as const } }
  expect(judge({ ...phone, ...internal }, { taken: { guests: true } }).until).toBe(PHONES_END)
  const helpDesk = { roles: { at: AT, held: ['729827e3-9c14-49f7-bb1b-9608f156bbb8'] } }
  expect(judge({ ...phone, ...helpDesk }, { taken: { administrators: true } }).until).toBe(PHONES_END)
  const moved = { dates: MICROSOFT_DATES.dates.map((one) => ({ ...one, day: '2028-01-01' })) }
  expect(judge(phone, { dates: moved }).until).toBe(Date.parse('2028-01-01T00:00:00Z'))
})

test('every verdict says why, from where, and how old that is', () => {
  expect(judge(away).reasons).toEqual([
    { says: 'last signed in on 2026-10-22, 31 days ago', source: 'sign-in activity', at: AT },
  ])
  expect(judge(legacy).reasons[0]?.says).toBe(
    'signs in by IMAP4, which knows no second factor: 3 times in 30 days, last a day ago',
  )
  const number = { account: { ...ACCOUNT, mobilePhone: '+45 20 12 34 56' } }
  expect(judge({ ...registered([], false), ...number }).reasons.map((one) => one.says)).toEqual([
    'has nothing registered',
    'the directory has a mobile number that could be registered for them',
  ])
  expect(judge(failing('registration')).reasons[0]).toEqual({
    says: 'the registration report could not be read: no licence',
    source: 'registration report',
    at: NOW,
  })
})

test('ready until a day counts as ready only while the wave and its soak are over before', () => {
  const verdicts = new Map([['a', judge(registered(['mobilePhone']))]])
  expect(cohortOf(verdicts, PHONES_END - 1)[0]?.readiness).toBe('ready')
  const [late] = cohortOf(verdicts, PHONES_END)
  expect(late?.readiness).toBe('notReady')
  expect(late?.evidence).toContain('the wave takes until 2027-02-01')
})

test('who is not ready waits for later as what they are', () => {
  expect(
    ['away', 'legacyClient', 'notAPerson', 'needsNumber', 'unknown'].map((is) => deferralFor(is as 'away')),
  ).toEqual(['away', 'legacyClient', 'notAPerson', 'notReady', 'notReady'])
})

test.each([
  ['too old', { roles: { at: NOW - 8 * DAY, held: [] } }],
  ['from before a reading that failed', { roles: { at: AT, held: [] }, ...failing('roles') }],
])('nobody is ready by roles that are %s where the report names none', (_, roles) => {
  const registration = { ...REGISTRATION, isAdmin: undefined }
  expect(judge({ ...roles, registration })).toMatchObject({ is: 'unknown' })
  expect(judge(roles)).toMatchObject({ is: 'ready' })
})
