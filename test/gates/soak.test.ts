import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DECLARED_TIMES, declaredTimesSchema, scaleDeclaredTimes } from '../../src/gates/declared-times.ts'
import { explain } from '../../src/gates/gate-result.ts'
import { soakGate, soakStatus } from '../../src/gates/soak.ts'
import { HOUR, SWITCH } from './sign-ins.ts'

test('a soak counts from where it stood, and stands still while it is paused', () => {
  const forMs = 24 * HOUR
  expect(soakStatus({ forMs, soakedBeforeMs: 5 * HOUR, since: SWITCH, now: SWITCH + 4 * HOUR })).toEqual({
    elapsedMs: 9 * HOUR,
    remainingMs: 15 * HOUR,
    endsAt: SWITCH + 19 * HOUR,
  })
  expect(soakStatus({ forMs, soakedBeforeMs: 9 * HOUR, since: null, now: SWITCH + 90 * HOUR })).toEqual({
    elapsedMs: 9 * HOUR,
    remainingMs: 15 * HOUR,
    endsAt: null,
  })
})

test('a soak never has negative time left, not even when the clock goes back', () => {
  fc.assert(
    fc.property(
      fc.nat(1e6),
      fc.nat(2e6),
      fc.integer({ min: -1e6, max: 4e6 }),
      (forMs, soakedBeforeMs, passed) => {
        const { elapsedMs, remainingMs } = soakStatus({
          forMs,
          soakedBeforeMs,
          since: SWITCH,
          now: SWITCH + passed,
        })
        expect(remainingMs).toBeGreaterThanOrEqual(0)
        expect(elapsedMs + remainingMs).toBe(forMs)
      },
    ),
  )
})

test('a soak that is over still waits for the declared times', () => {
  const given = (now: number) => {
    const status = soakStatus({ forMs: HOUR, soakedBeforeMs: 0, since: SWITCH, now })
    const asked = { source: 'clock', fetchedAt: now }
    return explain(soakGate({ status, forMs: HOUR, earliestDecision: SWITCH + 24 * HOUR, now, asked }))
  }
  expect(given(SWITCH + HOUR / 2)).toBe('30 min of 1 h soaked: unknown (not decided yet)')
  expect(given(SWITCH + 2 * HOUR)).toBe(
    "1 h of 1 h soaked, but Microsoft's declared times have not passed: unknown (not decided yet)",
  )
  expect(given(SWITCH + 24 * HOUR)).toBe('1 h of 1 h soaked: pass')
})

test('a rehearsal scales every declared time alike', () => {
  const scaled = declaredTimesSchema.parse(scaleDeclaredTimes(DECLARED_TIMES, 0.0001))
  expect(scaled.propagationMs).toBe(8_640)
  expect(Object.values(scaled).every((value) => value > 0)).toBe(true)
})
