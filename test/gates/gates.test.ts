import { expect, test } from 'vitest'
import { approvalGate } from '../../src/gates/approval-gate.ts'
import { allowedPeople, failedChangesGate, lockedOutGate } from '../../src/gates/budget-gate.ts'
import { explain, gateResultSchema } from '../../src/gates/gate-result.ts'
import { type ReportState, readinessGate } from '../../src/gates/readiness-gate.ts'
import type { Readiness } from '../../src/people/readiness.ts'

const asked = { source: 'registration report', fetchedAt: 1_000 }
const defer = { unready: 'defer', deferAtMostBp: 4_000 } as const
const hold = { unready: 'hold', minBp: 9_500 } as const

function cohort(ready: number, notReady: number, unknown = 0) {
  const some = (count: number, readiness: Readiness) =>
    Array.from({ length: count }, (_, index) => ({ id: `${readiness}${index}`, readiness }))
  return [...some(ready, 'ready'), ...some(notReady, 'notReady'), ...some(unknown, 'unknown')]
}

test('with defer, those who are not ready are left out by name while they are few enough', () => {
  const given = readinessGate({ rule: defer, cohort: cohort(106, 12), report: 'read', asked })
  expect(explain(given.result)).toBe('12 of 118 people are not ready (10.17 %), 40 % may be deferred: pass')
  expect(given.deferred).toHaveLength(12)
  expect(given.ready).toHaveLength(106)
  expect(gateResultSchema.parse(JSON.parse(JSON.stringify(given.result)))).toEqual(given.result)
})

test('the limit itself still passes, one person more does not', () => {
  const at = (notReady: number) =>
    readinessGate({ rule: defer, cohort: cohort(100 - notReady, notReady), report: 'read', asked })
  expect(at(40).result.verdict).toBe('pass')
  expect(at(41)).toMatchObject({ result: { verdict: 'fail' }, deferred: [] })
})

test('with hold, the whole wave goes ahead or nobody does; an unknown person is not ready', () => {
  const at = (ready: number, unknown: number) =>
    readinessGate({ rule: hold, cohort: cohort(ready, 0, unknown), report: 'read', asked })
  expect(at(95, 5)).toMatchObject({ result: { verdict: 'pass' }, deferred: [] })
  expect(at(95, 5).ready).toHaveLength(100)
  expect(explain(at(94, 6).result)).toBe(
    '6 of 100 people are not ready (6 %), 6 of them unknown to the registration report, 95 % must be ready: fail',
  )
})

test('with hold, who is away stays behind and counts as not ready; a wave of test users holds for them', () => {
  const away = { id: 'away', readiness: 'notReady', verdict: 'away' } as const
  const people = [...cohort(95, 4), away]
  const passed = readinessGate({ rule: hold, cohort: people, report: 'read', asked })
  expect(passed).toMatchObject({ result: { verdict: 'pass' }, deferred: ['away'], empty: false })
  expect(passed.ready).toHaveLength(99)
  expect(explain(passed.result)).toContain('1 person of them left for later')
  expect(
    readinessGate({ rule: hold, cohort: [...cohort(94, 5), away], report: 'read', asked }).result.verdict,
  ).toBe('fail')
  const few = { unready: 'hold', minBp: 5_000 } as const
  const tested = { rule: few, cohort: [...cohort(2, 0), away], testUsers: true }
  expect(readinessGate({ ...tested, report: 'read', asked })).toMatchObject({
    result: { verdict: 'fail' },
    deferred: [],
  })
  expect(readinessGate({ rule: few, cohort: [...cohort(0, 1), away], report: 'read', asked }).empty).toBe(
    false,
  )
})

test.each<[ReportState, string]>([
  ['missing', 'noData'],
  ['empty', 'noData'],
  ['failed', 'error'],
  ['notLicensed', 'notAvailable(licence)'],
])('a report that is %s is unknown, never a pass', (report, why) => {
  const { result, ready } = readinessGate({ rule: defer, cohort: cohort(10, 0), report, asked })
  expect(result).toMatchObject({ verdict: 'unknown', why })
  expect(ready).toEqual([])
})

test('a wave without anybody, or whose people are all deferred, is empty', () => {
  const all = { unready: 'defer', deferAtMostBp: 10_000 } as const
  expect(readinessGate({ rule: defer, cohort: [], report: 'read', asked })).toMatchObject({
    empty: true,
    result: { verdict: 'fail' },
  })
  expect(readinessGate({ rule: all, cohort: cohort(0, 3), report: 'read', asked }).empty).toBe(true)
})

const person = { everLockedOut: false, lockedOutNow: false, settledSignIn: true }
const lockedOut = { everLockedOut: true, lockedOutNow: false, settledSignIn: true }

function budget(ever: number, members: number, over: Partial<Parameters<typeof lockedOutGate>[0]> = {}) {
  const people = Array.from({ length: members }, (_, index) => (index < ever ? lockedOut : person))
  const given = {
    budget: { maxBp: 200, onSpent: 'hold' as const },
    members,
    people,
    coverage: 'complete' as const,
  }
  return lockedOutGate({ ...given, window: null, asked, ...over })
}

test('a budget is spent when more people than it allows, rounded down, were ever locked out', () => {
  expect([budget(2, 149).verdict, budget(3, 149).verdict, budget(3, 150).verdict]).toEqual([
    'pass',
    'fail',
    'pass',
  ])
  expect(explain(budget(3, 149))).toBe(
    '3 of 149 people were locked out by our change, 0 of them still; 2 allowed, 149 heard from: fail',
  )
})

test('test users are allowed nobody', () => {
  const zero = { maxBp: 0, onSpent: 'hold' as const }
  expect(allowedPeople(zero, 5)).toBe(0)
  expect(budget(1, 5, { budget: zero }).verdict).toBe('fail')
})

test.each([
  [{ coverage: 'missing' as const }, 'noData'],
  [{ coverage: 'failed' as const }, 'error'],
  [{ coverage: 'notLicensed' as const }, 'notAvailable(licence)'],
  [{ freshSince: 1_001 }, 'stale'],
  [{ people: [{ ...person, settledSignIn: false }] }, 'noData'],
  [{ people: [] }, 'noData'],
])('without evidence a clean wave is unknown: %o', (over, why) => {
  expect(budget(0, 150, over)).toMatchObject({ verdict: 'unknown', why })
})

test('harm that is seen counts even where the log has holes', () => {
  expect(budget(9, 150, { coverage: 'missing' }).verdict).toBe('fail')
})

test('a change whose outcome is not known decides nothing, unless too many have failed already', () => {
  const given = (failed: number, pending: number) =>
    failedChangesGate({ budget: { maxBp: 100, onSpent: 'hold' }, members: 100, failed, pending, asked })
  expect([given(1, 0), given(2, 0), given(2, 5)].map(({ verdict }) => verdict)).toEqual([
    'pass',
    'fail',
    'fail',
  ])
  expect(given(0, 1)).toMatchObject({ verdict: 'unknown', why: 'undecided' })
})

test('an approval is waited for, and where none is asked for the reason is told', () => {
  const rule = { from: 'approver', quorum: 2, answerWithinMs: null } as const
  const waiting = { state: 'waiting', given: ['eva'] } as const
  expect(approvalGate({ rule, answer: waiting, asked })).toMatchObject({
    verdict: 'unknown',
    evidence: { value: 1, threshold: 2 },
  })
  expect(explain(approvalGate({ rule, answer: waiting, asked }))).toContain(
    '1 of 2 approvers have said yes: eva',
  )
  expect(approvalGate({ rule, answer: { state: 'rejected', by: 'eva' }, asked }).verdict).toBe('fail')
  expect(explain(approvalGate({ rule, answer: { state: 'approved', by: 'eva' }, asked }))).toBe(
    'Approved by eva: pass',
  )
  const none = { from: 'none', reason: 'drill' } as const
  expect(explain(approvalGate({ rule: none, answer: { state: 'waiting', given: [] }, asked }))).toBe(
    'No approval is asked for: drill: pass',
  )
})

test('who waits for an answer is left for later and counted nowhere, but a test user holds the wave', () => {
  const printers = Array.from({ length: 90 }, (_, index) => ({
    id: `printer${index}`,
    readiness: 'notReady' as const,
    verdict: 'notAPerson' as const,
    question: `person-${index}`,
  }))
  const mixed = [...cohort(9, 1), ...printers]
  const deferring = readinessGate({ rule: defer, cohort: mixed, report: 'read', asked })
  expect(deferring.deferred).toHaveLength(91)
  expect(explain(deferring.result)).toBe(
    '1 of 10 people is not ready (10 %); 90 people left for later and not counted (90 are not people), 90 of them until a question is answered, 40 % may be deferred: pass',
  )
  const holding = { rule: { unready: 'hold', minBp: 9_000 }, cohort: mixed, report: 'read', asked } as const
  const held = readinessGate(holding)
  expect(held).toMatchObject({ result: { verdict: 'pass' }, empty: false })
  expect(held.ready).toHaveLength(10)
  expect(readinessGate({ ...holding, testUsers: true }).result.verdict).toBe('fail')
  const one = [...cohort(99, 0), ...printers.slice(0, 1)]
  expect(readinessGate({ ...holding, cohort: one, testUsers: true }).result.verdict).toBe('fail')
  expect(readinessGate({ ...holding, cohort: printers })).toMatchObject({ empty: true, ready: [] })
})
