import { expect, test } from 'vitest'
import { throttle } from '../../src/emulator/service/throttle.ts'

const ids = { tenantId: 'tenant', clientId: 'client', people: 60 }
const report = { bucket: 'reports', units: 1, write: false } as const

/** Which of these moments, in milliseconds, are refused. */
function refusedAt(delays: number, moments: readonly number[]): number[] {
  const admit = throttle(ids, undefined, delays)
  return moments.filter((now) => admit(report, now).refused)
}

test('the limits of a tenant whose days are short are for short windows, and no shorter than a tenth', () => {
  const moments = [0, 1, 2, 3, 4, 5, 999, 1_000, 4_999, 5_000, 9_999, 10_000]
  expect(refusedAt(1, moments)).toEqual([5, 999, 1_000, 4_999, 5_000, 9_999])
  expect(refusedAt(0.5, moments)).toEqual([5, 999, 1_000, 4_999])
  expect(refusedAt(0.0001, moments)).toEqual([5, 999])
})

test('a refusal in a short window says the least that Microsoft can say: one second', () => {
  const admit = throttle(ids, undefined, 0.0001)
  for (let call = 0; call < 5; call++) admit(report, 0)
  expect(admit(report, 900)).toEqual({ refused: true, headers: { 'Retry-After': '1' } })
})
