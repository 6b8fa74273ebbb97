import { expect, test } from 'vitest'
import { assignWaves } from '../../src/people/cohort.ts'
import { compilePlan } from '../../src/plan/compile.ts'
import { loadPlan, locateFindings } from '../../src/plan/load.ts'
import { sizeWarnings } from '../../src/plan/power.ts'
import { formatProblem } from '../../src/plan/problem.ts'
import { SMALL_PLAN } from './plan-text.ts'

function smallPlan() {
  const loaded = loadPlan(SMALL_PLAN)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return compilePlan(loaded.plan)
}

test('what only the tenant can tell is told at its line and column too', () => {
  const { findings } = assignWaves(smallPlan(), [], { groups: {} })
  const lines = locateFindings(SMALL_PLAN, findings).map(
    (problem) => formatProblem('plan.yaml', problem).split('\n')[0],
  )
  expect(lines.slice(0, 3)).toEqual([
    'plan.yaml:9:23: error unknownPerson: There is no bg1@contoso.com in the tenant.',
    'plan.yaml:9:40: error unknownPerson: There is no bg2@contoso.com in the tenant.',
    'plan.yaml:12:14: error emptyWave: The wave test-user is empty.',
  ])
  expect(lines).toContain('plan.yaml:14:23: error unknownGroup: There is no group IT in the tenant.')
})

test('a wave too small to prove its limit is warned about, test users apart', () => {
  const warnings = sizeWarnings(smallPlan(), { 'test-user': 1, pilot: 12, tenth: 149, everyone: 900 })
  expect(warnings.map(({ code, path }) => `${code} ${path}`)).toEqual(['waveTooSmall waves[1].members'])
  expect(warnings[0]?.message).toBe(
    'The wave pilot (12 people) cannot prove fewer than 2 % locked out: with nobody locked out the rate could still be 22.09 %.',
  )
})

test('a rehearsal with scaled times is not warned about short soaks', () => {
  const scaled = {
    settlingMs: 720,
    propagationMs: 8_640,
    readBackDeadlineMs: 180,
    rescueMs: 180,
    abandonMs: 360,
    habitMs: 120_000,
  }
  const text = SMALL_PLAN.replace('rest\n', 'rest\n    gates: { soak: { for: 10s } }\n')
  const warned = (loaded: ReturnType<typeof loadPlan>) => (loaded.ok ? loaded.warnings.length : -1)
  expect(warned(loadPlan(text))).toBe(1)
  expect(warned(loadPlan(text, { ...scaled, usualLogDelayMs: 30 }))).toBe(0)
})
