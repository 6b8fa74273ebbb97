import { expect, test } from 'vitest'
import { loadPlan } from '../../src/plan/load.ts'
import { SMALL_PLAN } from './plan-text.ts'

function warnings(text: string) {
  const loaded = loadPlan(text)
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join(' '))
  return loaded.warnings
}

test('a prepare with nothing in it is warned of, with the remedy and its place', () => {
  const [empty] = warnings(`${SMALL_PLAN}prepare: {}\n`).filter(({ code }) => code === 'preparesNothing')
  expect(empty).toMatchObject({
    severity: 'warning',
    path: 'prepare',
    hint: 'Write what is to be done (phones, tokens, notices, campaign), or leave prepare out.',
  })
  expect(empty?.line).toBe(SMALL_PLAN.split('\n').length)
  const phones = warnings(`${SMALL_PLAN}prepare: { phones: { from: directory } }\n`)
  expect(phones.map(({ code }) => code)).not.toContain('preparesNothing')
  expect(warnings(SMALL_PLAN).map(({ code }) => code)).not.toContain('preparesNothing')
})
