import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { compilePlan } from '../../src/plan/compile.ts'
import { compiledPlanSchema } from '../../src/plan/compiled-plan.ts'
import { planJsonSchema } from '../../src/plan/json-schema.ts'
import { loadPlan } from '../../src/plan/load.ts'
import { ATTRIBUTES } from '../../src/plan/schema-members.ts'
import { exampleText, SMALL_PLAN } from './plan-text.ts'
import { leavesOf } from './schema-leaves.ts'

function loaded(text: string) {
  const result = loadPlan(text)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result
}

test('the example plan is right, and its one warning is about the short soak of the test user', () => {
  const { warnings } = loaded(exampleText())
  expect(warnings.map(({ code, path }) => ({ code, path }))).toEqual([
    { code: 'soakShorterThanPropagation', path: 'waves[0].gates.soak.for' },
  ])
})

test('the example plan compiles to what the engine reads', async () => {
  const plan = compiledPlanSchema.parse(compilePlan(loaded(exampleText()).plan))
  await expect(`${JSON.stringify(plan, null, 2)}\n`).toMatchFileSnapshot('example.compiled.golden.txt')
})

test('the example names the schema that is shipped, and the shipped schema is the one of this code', () => {
  expect(exampleText().split('\n')[0]).toBe('# yaml-language-server: $schema=./schema/rollout.schema.json')
  const shipped = readFileSync(new URL('../../schema/rollout.schema.json', import.meta.url), 'utf8')
  expect(shipped, 'run node src/plan/print-schema.ts schema/rollout.schema.json').toBe(
    `${JSON.stringify(planJsonSchema(), null, 2)}\n`,
  )
})

test.each([
  ['the example', 'rollout.example.yaml'],
  ['the README', 'README.md'],
])('%s has a word on every key of the schema', (_, file) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  const keys = leavesOf(planJsonSchema() as never)
    .flatMap(({ path }) => path.replaceAll('[]', '').split('.'))
    .filter((key) => !ATTRIBUTES.includes(key as never))
  const missing = [...new Set(keys)].filter((key) => !new RegExp(`\\b${key}\\b`).test(text))
  expect(missing).toEqual([])
})

test.each([
  ['the example', 'rollout.example.yaml', /^# prepare:.*(?:\n# {2,}.*)*/m],
  ['the README', 'README.md', /^\| `prepare` \|.*$/m],
])('%s says of what is done before the switch each key and each word it takes', (_, file, place) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  const said = place.exec(text)?.[0] ?? ''
  const leaves = leavesOf(planJsonSchema() as never).filter(({ path }) => path.startsWith('prepare.'))
  const keys = leaves.flatMap(({ path }) => path.replaceAll('[]', '').split('.'))
  const { prepare } = (planJsonSchema() as { properties: Record<string, unknown> }).properties
  const words = [...JSON.stringify(prepare).matchAll(/"enum":(\[[^\]]*\])/g)].flatMap(
    ([, list = '[]']) => JSON.parse(list) as string[],
  )
  expect(words).toContain('passkey')
  const missing = [...new Set([...keys, ...words])].filter((word) => !new RegExp(`\\b${word}\\b`).test(said))
  expect(missing).toEqual([])
})

test('the same plan as JSON is the same plan', () => {
  const json = JSON.stringify(parse(exampleText()))
  expect(loaded(json).hash).toBe(loaded(exampleText()).hash)
})

test('comments, order of keys and spelled-out defaults do not change the hash; a limit does', () => {
  const { hash } = loaded(SMALL_PLAN)
  expect(loaded(`# a comment\n${SMALL_PLAN.replace('name: small\n', '')}name:   small\n`).hash).toBe(hash)
  expect(loaded(`${SMALL_PLAN}pace: { per: 1h, people: 200 }\nrollback: { window: 30d }\n`).hash).toBe(hash)
  expect(loaded(`${SMALL_PLAN}pace: { per: 1h, people: 201 }\n`).hash).not.toBe(hash)
})

test('test users are allowed nothing and are never deferred, whatever the plan allows the others', () => {
  const [first, pilot] = compilePlan(loaded(exampleText()).plan).waves
  expect(first?.gates.readiness).toEqual({ unready: 'hold', minBp: 10_000 })
  expect(first?.gates.budget.lockedOut.maxBp).toBe(0)
  expect(pilot?.gates.readiness).toEqual({ unready: 'defer', deferAtMostBp: 4_000 })
  expect(pilot?.gates.budget.lockedOut.maxBp).toBe(200)
})

test('a byte order mark, Windows line ends and a trailing document end are read like any other plan', () => {
  const { hash } = loaded(SMALL_PLAN)
  expect(loaded(`\uFEFF${SMALL_PLAN.replaceAll('\n', '\r\n')}...\n`).hash).toBe(hash)
})
