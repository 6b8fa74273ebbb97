import { expect, test } from 'vitest'
import { loadPlan } from '../../src/plan/load.ts'
import { SMALL_PLAN } from './plan-text.ts'

function warned(group: string) {
  const loaded = loadPlan(`${SMALL_PLAN}prepare: { campaign: { method: passkey, group: ${group} } }\n`)
  const problems = loaded.ok ? loaded.warnings : loaded.problems
  return problems.filter(({ path }) => path.startsWith('prepare')).map(({ code }) => code)
}

test('a campaign for the group that people join only when they are switched would ask nobody before', () => {
  const loaded = loadPlan(SMALL_PLAN)
  const group = loaded.ok ? loaded.plan.enforce.group : undefined
  expect(group).toBeDefined()
  expect(warned(String(group).toUpperCase())).toEqual(['keyWithoutEffect'])
  expect(warned('all_users')).toEqual([])
})
