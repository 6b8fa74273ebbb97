import { CsvError, parse } from 'csv-parse/sync'

/** Nobody reads a longer list of people; a tenant of that size names groups. */
export const MOST_ROWS = 200_000

const DELIMITERS = [';', ',', '\t'] as const
const LONGEST_ROW = 100_000

/** A row of a file: the line it begins in, counted from 1, and its cells without outer blanks. */
export type TableRow = { line: number; cells: string[] }

export type Table = { is: 'read'; rows: TableRow[]; tooLong: boolean }
export type Unreadable = { is: 'unreadable'; line: number; why: string }

type Parsed = { record: string[]; info: { lines: number } }

/** Rows that hold something, separated by semicolons, commas or tabs, whichever the first line has most of. */
export function readTable(text: string): Table | Unreadable {
  const separator = /^\uFEFF?sep=(.)\r?\n/i.exec(text)
  const start = separator?.[0].length ?? 0
  const body = separator === null ? text : text.slice(start)
  const delimiter = separator?.[1] ?? likeliest(body)
  try {
    const parsed = parse(body, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      trim: true,
      to: MOST_ROWS + 2,
      max_record_size: LONGEST_ROW,
    }) as unknown as Parsed[]
    const skipped = separator === null ? 0 : 1
    const rows = parsed
      .map(({ record, info }) => ({ line: info.lines - breaksIn(record) + skipped, cells: record }))
      .filter(({ cells }) => cells.some((cell) => cell !== ''))
    return { is: 'read', rows, tooLong: parsed.length > MOST_ROWS + 1 }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = typeof error.lines === 'number' ? error.lines : 1
    return { is: 'unreadable', line, why: error.message.split('\n')[0] ?? error.code }
  }
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
