import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadPlan } from '../../src/plan/load.ts'
import { SMALL_PLAN } from './plan-text.ts'

const MEGABYTE = 900_000

test.each([
  ['brackets', '['.repeat(MEGABYTE)],
  ['list marks', '- '.repeat(MEGABYTE / 2)],
  ['commas', `[${','.repeat(MEGABYTE)}]`],
  ['closed lists', '[]\n'.repeat(MEGABYTE / 3)],
  ['unknown keys', Array.from({ length: 60_000 }, (_, index) => `key${index}: 1`).join('\n')],
  ['one repeated key', 'name: x\n'.repeat(MEGABYTE / 8)],
  ['deeper and deeper', Array.from({ length: 1_300 }, (_, index) => `${' '.repeat(index)}a:`).join('\n')],
])('a megabyte of %s is refused with at most a hundred problems', (_what, text) => {
  const loaded = loadPlan(text)
  expect(loaded.ok).toBe(false)
  if (!loaded.ok) expect(loaded.problems.length).toBeLessThanOrEqual(100)
})

test('ten thousand people by name still make a plan', () => {
  const users = Array.from({ length: 10_000 }, (_, index) => `      - person${index}@contoso.com`).join('\n')
  const text = SMALL_PLAN.replace('members: { group: IT }', `members:\n     users:\n${users}`)
  const loaded = loadPlan(text)
  expect(loaded.ok, JSON.stringify(loaded).slice(0, 300)).toBe(true)
})

test('no damage to a plan makes the reader throw, and every problem has a place', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('&a', '*a', '!!int', '{', ']', '\t', ': ', '\n  '),
  )
  fc.assert(
    fc.property(fc.nat(SMALL_PLAN.length), fc.nat(20), piece, (at, cut, put) => {
      const loaded = loadPlan(SMALL_PLAN.slice(0, at) + put + SMALL_PLAN.slice(at + cut))
      const problems = loaded.ok ? loaded.warnings : loaded.problems
      expect(loaded.ok || problems.length > 0).toBe(true)
      for (const problem of problems) {
        expect(problem.line).toBeGreaterThan(0)
        expect(problem.column).toBeGreaterThan(0)
        expect(problem.hint).not.toBe('')
      }
    }),
    { numRuns: 500 },
  )
})
