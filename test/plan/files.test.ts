import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { loadPlan } from '../../src/plan/load.ts'
import { canonicalJson } from '../../src/plan/plan-hash.ts'
import { SMALL_PLAN } from './plan-text.ts'

const ONE = `sha256:${'1'.repeat(64)}`
const TWO = `sha256:${'2'.repeat(64)}`
const WITH_FILE = SMALL_PLAN.replace('{ group: IT }', '{ csv: people.csv }')

function hashOf(text: string, files = {}): string {
  const loaded = loadPlan(text, undefined, files)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.hash
}

test('the hash of a plan without files is that of the plan alone', () => {
  const loaded = loadPlan(SMALL_PLAN)
  if (!loaded.ok) throw new Error('refused')
  expect(loaded.hash).toBe(hash('sha256', canonicalJson(loaded.plan)))
})

test('another byte in a file is another plan', () => {
  expect(hashOf(WITH_FILE, { 'people.csv': ONE })).toBe(hashOf(WITH_FILE, { 'people.csv': ONE }))
  expect(hashOf(WITH_FILE, { 'people.csv': ONE })).not.toBe(hashOf(WITH_FILE, { 'people.csv': TWO }))
})

test('a digest for a file that the plan does not name is refused, and so is an inherited name', () => {
  const codes = (text: string, files: Record<string, string>) => {
    const loaded = loadPlan(text, undefined, files)
    return loaded.ok ? [] : loaded.problems.map(({ code, line }) => [code, line])
  }
  expect(codes(SMALL_PLAN, { 'other.csv': ONE })).toEqual([['fileNotNamed', 1]])
  expect(codes(WITH_FILE.replace('people.csv', 'constructor'), {})).toEqual([['fileMissing', 14]])
})
