import type { ProblemCode } from '../plan/problem.ts'
import type { Column, Columns } from './csv-columns.ts'
import { decodeText, type Encoded, type Encoding } from './csv-decode.ts'
import { headIn, type PeopleHead } from './csv-head.ts'
import type { ShapeName } from './csv-shapes.ts'
import { MOST_ROWS, NotATable, readRows, readTable, type TableRow } from './csv-table.ts'

/** What a file says of one person. */
export type PeopleRow = {
  line: number
  /** Sign-in name, or an object id that stands in its place. */
  name: string
  /** Object id, where the file has a column of its own for it. */
  id: string
  mail: string
  employeeId: string
  displayName: string
  department: string
  state: 'enabled' | 'enforced' | 'disabled' | 'none' | 'unclear'
  mobile: string
  alternateMobile: string
  office: string
  /** Flags that are neither yes nor no, by their column; and whether the row asks for numbers to go. */
  unclearFlags: Column[]
  removes: boolean
}

/** What is wrong with a file as such, whoever is in the directory. */
export type FileProblem = {
  code: ProblemCode
  line: number
  message: string
  hint: string
  warns?: true
}

/** A file that names people. */
export type PeopleFile = {
  rows: PeopleRow[]
  problems: FileProblem[]
  encoding: Encoding
  /** Headers of columns that say nothing here. */
  unread: string[]
  /** What it is, by its header; absent: it has none that names people. */
  shape?: ShapeName | undefined
}

/** Reads a file that names people: one a row, under a header. */
export function readPeopleFile(bytes: Uint8Array): PeopleFile {
  const decoded = decodeText(bytes)
  const table = readTable(decoded.text)
  if (table.is === 'unreadable') return unreadableFile(decoded, new NotATable(table.line, table.why))
  const [first, ...rows] = table.rows
  return fileOf(decoded, first && headIn(first), rows, table.tooLong)
}

/** The same of a file that comes in pieces. No more rows are kept than a list of people may have. */
export async function readPeopleParts(pieces: AsyncIterable<string>, encoded: Encoded): Promise<PeopleFile> {
  const rows: TableRow[] = []
  try {
    for await (const some of readRows(pieces)) {
      rows.push(...some)
      if (rows.length > MOST_ROWS + 1) break
    }
  } catch (error) {
    if (!(error instanceof NotATable)) throw error
    return unreadableFile(encoded, error)
  }
  const [first, ...others] = rows
  return fileOf(encoded, first && headIn(first), others.slice(0, MOST_ROWS), others.length > MOST_ROWS)
}

function fileOf(
  encoded: Encoded,
  head: PeopleHead | undefined,
  rows: readonly TableRow[],
  tooLong: boolean,
): PeopleFile {
  const { encoding } = encoded
  const problems = [...encodingProblems(encoded)]
  if (head === undefined || rows.length === 0) {
    problems.push(emptyProblem(head !== undefined))
    return { rows: [], problems, encoding, unread: [] }
  }
  if (tooLong) {
    const message = `The file has more than ${MOST_ROWS} rows.`
    const hint = 'Name so many people by a group or a share.'
    problems.push({ code: 'csvTooLong', line: 1, message, hint })
  }
  problems.push(...head.problems)
  const { unread } = head
  if (!head.namesPeople) return { rows: [], problems, encoding, unread }
  const people = rows.map((row) => personIn(row, head))
  return { rows: people, problems, encoding, unread, shape: head.shape.name }
}

function unreadableFile(encoded: Encoded, error: NotATable): PeopleFile {
  const problems = [...encodingProblems(encoded), tableProblem(error)]
  return { rows: [], problems, encoding: encoded.encoding, unread: [] }
}

export function tableProblem({ line, message }: NotATable): FileProblem {
  const hint = 'Check quotes and separators at and just before this line.'
  return { code: 'csvUnreadable', line, message: `${message}.`, hint }
}

export function emptyProblem(hasHead: boolean): FileProblem {
  const message = hasHead ? 'The file has a header and no rows.' : 'The file is empty.'
  return { code: 'csvEmpty', line: 1, message, hint: 'Name people, or drop the wave.' }
}

/** What the bytes were taken for, where that is a guess. */
export function encodingProblems({ encoding, guessed }: Encoded): FileProblem[] {
  if (!guessed) return []
  const message = `The file is not UTF-8; it was read as ${encoding}.`
  const hint = 'Save it as UTF-8 if a name with an accent is not found.'
  return [{ code: 'csvEncodingGuessed', line: 1, message, hint, warns: true }]
}

/** What a row says under a header. */
export function personIn({ line, cells }: TableRow, { columns, shape }: PeopleHead): PeopleRow {
  const cellOf = (column: Column) => cells[columns[column] ?? -1] ?? ''
  const given = [cellOf('givenName'), cellOf('surname')].filter((part) => part !== '')
  const isWanted = columns.state !== undefined && shape.state === 'wanted'
  return {
    line,
    name: cellOf('name'),
    id: cellOf('id'),
    mail: cellOf('mail').replace(/^mailto:/i, ''),
    employeeId: cellOf('employeeId'),
    displayName: cellOf('displayName') || given.join(' '),
    department: cellOf('department'),
    state: isWanted ? stateOf(cellOf('state')) : 'none',
    mobile: cellOf('mobile') || cellOf('privatePhone'),
    alternateMobile: cellOf('alternateMobile'),
    office: cellOf('office'),
    unclearFlags: FLAGS.filter((flag) => flagOf(cellOf(flag)) === 'unclear'),
    removes: flagOf(cellOf('forcedRemoval')) === 'yes',
  }
}

/** The cells of a row that are read, by their header; a secret is never among them. */
export function shownCells(
  { cells }: TableRow,
  { columns, headers }: { columns: Columns; headers: readonly string[] },
): Record<string, string> {
  const shown = Object.entries(columns).filter(([column]) => column !== 'secretKey')
  return Object.fromEntries(shown.map(([, index]) => [headers[index] as string, cells[index] ?? '']))
}

const FLAGS = ['forcedUpdate', 'forcedRemoval'] as const
const YES = new Set(['true', '1', 'yes', 'y', 'ano', 'ja', 'j', 'wahr', 'pravda', 'oui', 'sand'])
const NO = new Set(['', 'false', '0', 'no', 'n', 'ne', 'nej', 'nein', 'falsch', 'nepravda', 'non', 'falsk'])

/** A flag as somebody wrote it: scripts take anything but TRUE for no, and nobody is told. */
function flagOf(cell: string): 'yes' | 'no' | 'unclear' {
  const word = cell.toLowerCase()
  if (YES.has(word)) return 'yes'
  return NO.has(word) ? 'no' : 'unclear'
}

function stateOf(cell: string): PeopleRow['state'] {
  const word = cell.toLowerCase()
  return word === 'enabled' || word === 'enforced' || word === 'disabled' ? word : 'unclear'
}
