import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const text = readFileSync(new URL('../docs/glossary.md', import.meta.url), 'utf8')
const rows = text.split('\n').filter((line) => line.startsWith('| **'))
const words = rows.flatMap((row) => {
  const [, bold = ''] = /^\| \*\*(.+?)\*\*/.exec(row) ?? []
  return bold.split(/, | \/ /).map((word) => word.trim())
})

test('each word of the glossary stands there once', () => {
  expect(words.filter((word, place) => words.indexOf(word) !== place)).toEqual([])
})

test('each row says what its word means', () => {
  for (const row of rows) expect(row.split(' | ')[1]?.trim(), row).not.toBe('')
})

test.each([
  'round',
  'drift',
  'finding',
  'adoption',
  'exceptions',
  'twin',
  'crossing',
  'revision',
  'deferral',
  'door',
])('%s is a word of it', (word) => {
  expect(words).toContain(word)
})
