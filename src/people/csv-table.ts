import { CsvError, parse as parseStream } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import { withoutShield } from './csv-write.ts'

/** Nobody reads a longer list of people; a tenant of that size names groups. */
export const MOST_ROWS = 200_000

const DELIMITERS = [';', ',', '\t'] as const
const LONGEST_ROW = 100_000

/** A row of a file: the line it begins in, counted from 1, and its cells without outer blanks. */
export type TableRow = { line: number; cells: string[] }

export type Table = { is: 'read'; rows: TableRow[]; tooLong: boolean }
export type Unreadable = { is: 'unreadable'; line: number; why: string }

/** Text that is not a table. */
export class NotATable extends Error {
  override readonly name = 'NotATable'
  readonly line: number

  constructor(line: number, why: string) {
    super(why)
    this.line = line
  }
}

type Parsed = { record: string[]; info: { lines: number } }

/** Rows that hold something, separated by semicolons, commas or tabs, whichever the first line has most of. */
export function readTable(text: string): Table | Unreadable {
  const { delimiter, start } = separatorOf(text)
  const skipped = start > 0 ? 1 : 0
  try {
    const options = { ...optionsFor(delimiter), to: MOST_ROWS + 2 }
    const parsed = parse(start > 0 ? text.slice(start) : text, options) as unknown as Parsed[]
    const rows = parsed.map((one) => rowOf(one, skipped)).filter(isFilled)
    return { is: 'read', rows, tooLong: parsed.length > MOST_ROWS + 1 }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const { line, message } = notATable(error, skipped)
    return { is: 'unreadable', line, why: message }
  }
}

/**
 * The same of a text that comes in pieces, some rows at a time and never all of them in memory.
 * @throws NotATable
 */
export async function* readRows(pieces: AsyncIterable<string>): AsyncGenerator<TableRow[], void, undefined> {
  const source = pieces[Symbol.asyncIterator]()
  // The separator is seen in the first line, which the first piece may not hold whole.
  let head = ''
  let ended = false
  while (!ended && (head.length < LONGEST_ROW || head.trim() === '') && !/\S[^\r\n]*[\r\n]./.test(head)) {
    const next = await source.next()
    ended = next.done === true
    if (!ended) head += next.value
  }
  const { delimiter, start } = separatorOf(head)
  const skipped = start > 0 ? 1 : 0
  const parser = parseStream(optionsFor(delimiter))
  let failed: unknown
  parser.on('error', (error) => {
    failed = error
  })
  const rowsOf = async (act: (done: (error?: unknown) => void) => void): Promise<TableRow[]> => {
    const done = new Promise<void>((resolve) => {
      act((error) => {
        failed ??= error ?? undefined
        resolve()
      })
    })
    const rows = takeRows(parser, skipped)
    await done
    if (failed instanceof CsvError) throw notATable(failed, skipped)
    if (failed) throw failed
    rows.push(...takeRows(parser, skipped))
    return rows
  }
  try {
    yield await rowsOf((done) => parser.write(head.slice(start), done))
    while (!ended) {
      const next = await source.next()
      ended = next.done === true
      if (!ended) yield await rowsOf((done) => parser.write(next.value, done))
    }
    yield await rowsOf((done) => parser.end(done))
  } finally {
    parser.destroy()
    await source.return?.()
  }
}

function takeRows(parser: { read(): unknown }, skipped: number): TableRow[] {
  const rows: TableRow[] = []
  for (let one = parser.read(); one !== null; one = parser.read()) {
    const row = rowOf(one as Parsed, skipped)
    if (isFilled(row)) rows.push(row)
  }
  return rows
}

function separatorOf(text: string): { delimiter: string; start: number } {
  const named = /^\uFEFF?sep=(.)\r?\n/i.exec(text)
  if (named?.[1] !== undefined) return { delimiter: named[1], start: named[0].length }
  return { delimiter: likeliest(text), start: 0 }
}

function optionsFor(delimiter: string) {
  return {
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    trim: true,
    max_record_size: LONGEST_ROW,
  } as const
}

function rowOf({ record, info }: Parsed, skipped: number): TableRow {
  const line = info.lines - breaksIn(record) + skipped
  return { line, cells: record.map(withoutShield) }
}

function isFilled({ cells }: TableRow): boolean {
  return cells.some((cell) => cell !== '')
}

function notATable(error: CsvError, skipped: number): NotATable {
  const line = typeof error.lines === 'number' ? error.lines + skipped : 1
  return new NotATable(line, error.message.split('\n')[0] ?? error.code)
}

function likeliest(text: string): string {
  const first =
    text
      .slice(0, LONGEST_ROW)
      .trimStart()
      .split(/\r?\n|\r/, 1)[0] ?? ''
  const outside = first.replace(/"[^"]*"/g, '')
  const counts = DELIMITERS.map((delimiter) => outside.split(delimiter).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ','
}

function breaksIn(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0)
}
