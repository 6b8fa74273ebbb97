import { describe, expect, test } from 'vitest'
import type { SignIn } from '../../src/gates/sign-in.ts'
import { type WouldBe, wouldBe } from '../../src/gates/twin-sign-ins.ts'
import { type TwinLog, wouldBlockGate } from '../../src/gates/would-block-gate.ts'

const TWIN = 'twin-id'

function row(result: string, change: Partial<SignIn> = {}): SignIn {
  return {
    id: 'r',
    createdDateTime: 0,
    userId: 'u',
    errorCode: 0,
    additionalDetails: null,
    appliedConditionalAccessPolicies: [
      { id: 'another', result: 'reportOnlyFailure' },
      { id: TWIN.toUpperCase(), result },
    ],
    ...change,
  }
}

describe('what the twin says of one person', () => {
  test('is the worst of their sign-ins', () => {
    expect(wouldBe([row('reportOnlySuccess'), row('reportOnlyFailure')], TWIN)).toBe('blocked')
    expect(wouldBe([row('reportOnlySuccess'), row('reportOnlyInterrupted')], TWIN)).toBe('prompted')
    expect(wouldBe([row('reportOnlyNotApplied'), row('reportOnlySuccess')], TWIN)).toBe('passed')
    expect(wouldBe([row('reportOnlyNotApplied')], TWIN)).toBe('notCovered')
  })

  test('is nothing where no row tells of it, or somebody had the wrong password', () => {
    expect(wouldBe([], TWIN)).toBeUndefined()
    expect(wouldBe([row('reportOnlyFailure')], 'of another rollout')).toBeUndefined()
    expect(wouldBe([row('reportOnlyFailure', { errorCode: 50126 })], TWIN)).toBeUndefined()
  })
})

function gate(people: (WouldBe | undefined)[], log: TwinLog = 'read') {
  const asked = { source: 'sign-in log', fetchedAt: 1 }
  return wouldBlockGate({ rule: { maxBp: 200 }, people, log, window: null, asked })
}

const of = (count: number, which: WouldBe | undefined) => Array.from({ length: count }, () => which)

describe('the gate', () => {
  test('passes when few enough of those heard from would be blocked; being prompted is none of it', () => {
    const result = gate([...of(1, 'blocked'), ...of(40, 'prompted'), ...of(9, 'passed'), ...of(5, undefined)])
    expect(result).toMatchObject({ verdict: 'pass', evidence: { value: 200, n: 50, threshold: 200 } })
    expect(result.says).toContain('40 would be prompted')
  })

  test('fails on one person too many, and shows how many', () => {
    const result = gate([...of(2, 'blocked'), ...of(48, 'passed')])
    expect(result).toMatchObject({ verdict: 'fail', evidence: { value: 400 } })
  })

  test('fails on harm that is seen, however few have been heard from', () => {
    expect(gate([...of(3, 'blocked'), ...of(97, undefined)]).verdict).toBe('fail')
  })

  test.each<[string, (WouldBe | undefined)[], TwinLog]>([
    ['noData', of(10, undefined), 'read'],
    ['noData', of(10, 'passed'), 'noTwin'],
    ['tooFew', [...of(4, 'passed'), ...of(6, undefined)], 'read'],
    ['stale', of(10, 'passed'), 'stale'],
    ['error', of(10, 'passed'), 'failed'],
    ['notAvailable(licence)', of(10, 'passed'), 'notLicensed'],
    ['noData', [], 'read'],
  ])('knows nothing (%s), and that is no pass', (why, people, log) => {
    expect(gate(people, log)).toMatchObject({ verdict: 'unknown', why })
  })
})
