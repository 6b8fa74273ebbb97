import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeParts, encodingScan } from '../../src/people/csv-decode.ts'
import { readRows, readTable, type TableRow } from '../../src/people/csv-table.ts'
import { BYTE_ORDER_MARK, csvLine } from '../../src/people/csv-write.ts'

const cell = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'=+-@\t\r\n\'",; \uFF1D\uFF0Bab1é'),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
  )
  .map((parts) => parts.join(''))
  // A lone CR in a cell is a break to some readers; ours keeps it. What is nothing but blanks is an empty cell.
  .map((text) => (text.trim() === '' ? '' : text))
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 })

const written = (rows: string[][]) => `${BYTE_ORDER_MARK}${csvLine(HEAD)}${rows.map(csvLine).join('')}`
const HEAD = ['one', 'two', 'three', 'four']
const filled = (rows: string[][]) => rows.filter((cells) => cells.some((one) => one !== ''))

test('what is written is read back as it was, formulas and all', () => {
  fc.assert(
    fc.property(table, (rows) => {
      const read = readTable(written(rows))
      expect(read.is === 'read' && read.rows.slice(1).map(({ cells }) => cells)).toEqual(filled(rows))
    }),
  )
})

test('no cell that is written begins as a formula does', () => {
  fc.assert(
    fc.property(cell, (text) => {
      expect(csvLine([text])).not.toMatch(/^"?[=+\-@\t\uFF1D\uFF0B\uFF0D\uFF20]/)
      expect(csvLine([text])).not.toMatch(/^"[\r\n]/)
    }),
  )
})

test('numbers of ours are left alone, nothing is an empty cell', () => {
  expect(csvLine([-1, true, null, undefined, '-1', '+45 12345678', "O'Brien"])).toBe(
    `-1,true,,,"'-1","'+45 12345678","O'Brien"\r\n`,
  )
})

test('a file in pieces of any size is read as the whole is, in every encoding', async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('utf8', 'utf16le') as fc.Arbitrary<'utf8' | 'utf16le'>,
      async (rows, size, encoding) => {
        const text = written(rows.map((cells) => cells.map((one) => one.toWellFormed())))
        const bytes = Buffer.from(text, encoding)
        const whole = readTable(text)
        expect(await inPieces(bytes, size)).toEqual(whole.is === 'read' && whole.rows)
      },
    ),
    { numRuns: 60 },
  )
})

async function inPieces(bytes: Uint8Array, size: number): Promise<TableRow[]> {
  async function* parts() {
    for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
  }
  const scan = encodingScan()
  for await (const part of parts()) scan.add(part)
  const rows: TableRow[] = []
  for await (const some of readRows(decodeParts(parts(), scan.end().encoding))) rows.push(...some)
  return rows
}
