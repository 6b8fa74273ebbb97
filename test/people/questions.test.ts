import { expect, test } from 'vitest'
import { givenUpBy, judgedBy } from '../../src/people/answered.ts'
import { questionsAbout } from '../../src/people/ask-owner.ts'
import type { FactsOf, PersonFacts } from '../../src/people/facts.ts'
import { type Answer, type AnswerIs, type Question, stateOf } from '../../src/people/question.ts'
import { rhythmOf } from '../../src/people/rhythm.ts'
import { type FilledIn, filledInCount, type Sign, signsOf } from '../../src/people/signs.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = Date.parse('2026-11-22T08:00:00Z')
const FROM = NOW - 30 * DAY
const ALL: FilledIn = { employeeId: true, manager: true, name: true, licence: true }
const NONE: FilledIn = { employeeId: false, manager: false, name: false, licence: false }

const ACCOUNT: FactsOf<'account'> = {
  at: NOW,
  upn: 'ann.lee@contoso.com',
  displayName: 'Ann Lee',
  accountEnabled: true,
  userType: 'Member',
  mail: 'ann.lee@contoso.com',
  managerId: 'boss',
  hasEmployeeId: true,
  hasName: true,
  licence: 'P1',
}
const ANN: PersonFacts = { id: 'a', account: ACCOUNT }
const account = (change: Partial<FactsOf<'account'>>): PersonFacts => ({
  ...ANN,
  account: { ...ACCOUNT, ...change },
})
const imap = (lastAt: number, client = 'IMAP4') => ({
  at: NOW,
  from: FROM,
  to: NOW,
  clients: [{ client, times: 12, lastAt, addresses: ['192.0.2.1', '192.0.2.2'] }],
})
const signs = (facts: PersonFacts, filledIn = ALL) => signsOf(facts, filledIn).map((one) => one.sign)
const every = (ms: number, address = '192.0.2.1', agent: string | null = null) =>
  Array.from({ length: Math.floor((30 * DAY) / ms) }, (_, n) => ({ at: FROM + n * ms, address, agent }))
const rhythm = (moments: Parameters<typeof rhythmOf>[0]) =>
  rhythmOf(moments, { at: NOW, from: FROM, to: NOW })
/** Working days, from nine to five, now in the office, now at home. */
const office = every(2 * HOUR).filter(({ at }) => {
  const [hour, day] = [Math.floor((at % DAY) / HOUR), (Math.floor(at / DAY) + 3) % 7]
  return hour >= 8 && hour < 17 && day < 5
})

test.each<[string, PersonFacts, string[]]>([
  ['a person', ANN, []],
  ['somebody at the top', account({ managerId: undefined }), []],
  [
    'a guest of any name',
    account({ userType: 'Guest', upn: 'svc_x.com#EXT#@contoso.com', hasName: false }),
    [],
  ],
  ['a service account', account({ upn: 'svc-payroll@contoso.com' }), ['name']],
  ['a synchronisation account', account({ upn: 'Sync_SRV1_ab12@contoso.com' }), ['name']],
  [
    'somebody whose name begins like that',
    account({ upn: 'svcenko@contoso.com', displayName: 'Vera Svcenko' }),
    [],
  ],
  ['a room', account({ upn: 'k2@contoso.com', displayName: 'Meeting Room 2' }), ['name']],
  [
    'a shared mailbox',
    account({
      accountEnabled: false,
      licence: 'none',
      hasEmployeeId: false,
      managerId: undefined,
      hasName: false,
    }),
    ['closedMailbox', 'nobodysReport', 'noName'],
  ],
  ['a leaver whose mailbox is kept', account({ accountEnabled: false, licence: 'none' }), ['closedMailbox']],
  ['an account without a licence', account({ licence: 'none' }), ['noLicence']],
  ['a program in a working day', { ...ANN, rhythm: rhythm(office) }, []],
  ['every four hours', { ...ANN, rhythm: rhythm(every(4 * HOUR)) }, ['roundTheClock', 'oneAddress']],
  ['every five minutes', { ...ANN, rhythm: rhythm(every(HOUR / 12)) }, ['roundTheClock', 'oneAddress']],
  [
    'a script',
    { ...ANN, rhythm: rhythm([{ at: NOW - DAY, address: null, agent: 'python-requests/2.32.3' }]) },
    ['script'],
  ],
])('signs of %s', (_, facts, expected) => expect(signs(facts)).toEqual(expected))

test('what a tenant fills in for nobody says nothing where it is missing', () => {
  const bare = account({ licence: 'none', hasEmployeeId: false, managerId: undefined, hasName: false })
  expect(signs(bare)).toEqual(['nobodysReport', 'noName', 'noLicence'])
  expect(signs(bare, NONE)).toEqual([])
  const count = filledInCount()
  for (let n = 0; n < 8; n++) count.add(ANN)
  count.add(account({ hasEmployeeId: false, licence: 'unknown' }))
  count.add(account({ hasEmployeeId: false }))
  count.add(account({ hasEmployeeId: false }))
  count.add(account({ userType: 'Guest', hasName: false }))
  expect(count.filledIn()).toEqual({ employeeId: false, manager: true, name: true, licence: true })
})

test('a rhythm is told in words, and a person who works at night has none', () => {
  const says = (moments: Parameters<typeof rhythmOf>[0]) =>
    signsOf({ ...ANN, rhythm: rhythm(moments) }, ALL).map((one) => one.says)
  expect(says(every(4 * HOUR))[0]).toBe('signs in every 4 hours, nights and weekends alike')
  expect(says(every(5 * 60_000))[0]).toBe('signs in every 5 minutes, nights and weekends alike')
  const nights = office.map((one) => ({ ...one, at: one.at + 12 * HOUR }))
  expect(says(nights)).toEqual([])
})

const sign: Sign = { sign: 'name', points: 3, says: 'has “svc” in its name', source: 'directory', at: NOW }
const ask = (facts: PersonFacts, found: Sign[], earlier: Question[] = [], now = NOW) =>
  questionsAbout({ facts, signs: found, earlier, now })
const answered = (question: Question | undefined, is: AnswerIs, more: Partial<Answer> = {}): Question => {
  if (!question) throw new Error('nothing was asked')
  const clients = question.evidence.clients.map(({ client }) => client)
  return { ...question, answer: { is, by: 'mette', at: NOW, reason: 'why', clients, ...more } }
}

test('signs worth three points are a question to the manager, weaker ones are none', () => {
  expect(ask(ANN, [{ ...sign, points: 2 }])).toEqual([])
  const [question] = ask(ANN, [sign])
  expect(question).toMatchObject({
    id: 'person-a',
    ownerId: 'boss',
    says: 'Is Ann Lee <ann.lee@contoso.com> a person? The account has “svc” in its name.',
  })
  expect(judgedBy(ask(ANN, [sign]), NOW)).toMatchObject({ question: 'person-a', notAPerson: { is: true } })
})

test('who may be no person is asked about that first; the old program is asked about once it is a person', () => {
  const facts = { ...ANN, legacy: imap(NOW - DAY) }
  const [first, ...others] = ask(facts, [sign])
  expect([first?.kind, others]).toEqual(['person', []])
  expect(ask(facts, [sign], [answered(first, 'person')]).map((one) => one.kind)).toEqual(['person', 'legacy'])
  expect(ask(facts, [sign], [answered(first, 'notAPerson')]).map((one) => one.kind)).toEqual(['person'])
  expect(judgedBy([answered(first, 'notAPerson')], NOW)).toMatchObject({
    notAPerson: { is: true, source: 'answer' },
  })
})

test('an answer holds as long as what it was given about, and until its day', () => {
  const facts = { ...ANN, legacy: imap(NOW - DAY) }
  const [question] = ask(facts, [])
  const later = (
    is: AnswerIs,
    legacy: PersonFacts['legacy'],
    more: Partial<Answer> = {},
    now = NOW + DAY,
  ) => {
    const [next] = ask({ ...ANN, legacy }, [], [answered(question, is, more)], now)
    return next && stateOf(next, now)
  }
  expect(question && stateOf(question, NOW)).toBe('open')
  expect(later('legacyMoved', imap(NOW - DAY))).toBe('answered')
  expect(later('legacyMoved', imap(NOW + HOUR))).toBe('open')
  expect(later('legacyAccepted', imap(NOW + HOUR))).toBe('answered')
  expect(later('legacyAccepted', imap(NOW + HOUR, 'POP3'))).toBe('open')
  expect(later('legacyKept', imap(NOW + HOUR))).toBe('answered')
  expect(later('legacyKept', imap(NOW + HOUR), { until: NOW + HOUR })).toBe('open')
  expect(judgedBy([answered(question, 'legacyKept')], NOW)).toMatchObject({ legacyClient: { is: true } })
  expect(judgedBy([answered(question, 'legacyMoved')], NOW)).toMatchObject({ legacyClient: { is: false } })
  expect([...givenUpBy([answered(question, 'legacyAccepted')], NOW)]).toEqual(['IMAP4'])
  expect([...givenUpBy([answered(question, 'legacyMoved')], NOW)]).toEqual([])
})

test('what is seen no more is withdrawn, and what could not be read again stays asked', () => {
  const earlier = ask({ ...ANN, legacy: imap(NOW - DAY) }, [])
  const gone = { ...ANN, legacy: { ...imap(NOW), clients: [] } }
  const state = (facts: PersonFacts) => ask(facts, [], earlier).map((one) => stateOf(one, NOW))
  expect(state(gone)).toEqual(['withdrawn'])
  expect(state({ ...gone, failed: { legacy: { failedAt: NOW, why: 'no licence' } } })).toEqual(['open'])
  expect(judgedBy(ask(gone, [], earlier), NOW)).toEqual({})
})
