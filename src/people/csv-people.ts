import type { ProblemCode } from '../plan/problem.ts'
import { decodeText, type Encoding } from './csv-decode.ts'
import { MOST_ROWS, readTable, type TableRow } from './csv-table.ts'

/** What a file says of one person. */
export type PeopleRow = {
  line: number
  /** Sign-in name, or an object id that stands in its place. */
  name: string
  /** Object id, where the file has a column of its own for it. */
  id: string
  state: 'enabled' | 'enforced' | 'disabled' | 'none' | 'unclear'
  /** The cells that are read, by their header. */
  cells: Record<string, string>
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
}

type Column = 'name' | 'id' | 'state'
type Columns = Partial<Record<Column, number>>

const HEADERS: Readonly<Record<string, Column>> = {
  username: 'name',
  userprincipalname: 'name',
  upn: 'name',
  id: 'id',
  objectid: 'id',
  mfastatus: 'state',
  state: 'state',
  status: 'state',
}

/** Reads a file that names people: one a row, under a header. */
export function readPeopleFile(bytes: Uint8Array): PeopleFile {
  const { text, encoding, guessed } = decodeText(bytes)
  const problems: FileProblem[] = []
  if (guessed) {
    const message = `The file is not UTF-8; it was read as ${encoding}.`
    const hint = 'Save it as UTF-8 if a name with an accent is not found.'
    problems.push({ code: 'csvEncodingGuessed', line: 1, message, hint, warns: true })
  }
  const table = readTable(text)
  if (table.is === 'unreadable') {
    const hint = 'Check quotes and separators at and just before this line.'
    problems.push({ code: 'csvUnreadable', line: table.line, message: `${table.why}.`, hint })
    return { rows: [], problems, encoding, unread: [] }
  }
  const [head, ...rows] = table.rows
  if (head === undefined || rows.length === 0) {
    const message = head === undefined ? 'The file is empty.' : 'The file has a header and no rows.'
    problems.push({ code: 'csvEmpty', line: 1, message, hint: 'Name people, or drop the wave.' })
    return { rows: [], problems, encoding, unread: [] }
  }
  if (table.tooLong) {
    const message = `The file has more than ${MOST_ROWS} rows.`
    problems.push({
      code: 'csvTooLong',
      line: 1,
      message,
      hint: 'Name so many people by a group or a share.',
    })
  }
  const columns = columnsOf(head, problems)
  const unread = head.cells.filter((cell, index) => cell !== '' && !Object.values(columns).includes(index))
  if (columns.name === undefined && columns.id === undefined) return { rows: [], problems, encoding, unread }
  return { rows: rows.map((row) => personIn(row, head, columns)), problems, encoding, unread }
}

function columnsOf(head: TableRow, problems: FileProblem[]): Columns {
  const columns: Columns = {}
  for (const [index, cell] of head.cells.entries()) {
    const column = columnNamed(cell)
    if (column === undefined) continue
    const earlier = columns[column]
    if (earlier === undefined) columns[column] = index
    else {
      const message = `The columns ${head.cells[earlier]} and ${cell} say the same.`
      const hint = 'Keep one of them: which one was meant cannot be known.'
      problems.push({ code: 'csvColumnTwice', line: head.line, message, hint })
    }
  }
  if (columns.name === undefined && columns.id === undefined) {
    const found = head.cells.filter((cell) => cell !== '').slice(0, 10)
    const message = `No column names a person; the header is ${found.join(', ').slice(0, 200)}.`
    const hint = 'Begin with a header that has Username, UserPrincipalName, UPN, id or objectId.'
    problems.push({ code: 'csvColumnMissing', line: head.line, message, hint })
    return columns
  }
  const strange = head.cells.filter((cell) => cell !== '' && columnNamed(cell) === undefined)
  if (strange.length > 0) {
    const message = `Columns that say nothing here: ${strange.slice(0, 10).join(', ').slice(0, 200)}.`
    const hint = 'Read are Username, UserPrincipalName or UPN, id or objectId, and MFA Status or State.'
    problems.push({ code: 'csvColumnUnread', line: head.line, message, hint, warns: true })
  }
  return columns
}

function columnNamed(cell: string): Column | undefined {
  const key = cell.toLowerCase().replace(/[\s_-]/g, '')
  return Object.hasOwn(HEADERS, key) ? HEADERS[key] : undefined
}

function personIn({ line, cells }: TableRow, head: TableRow, columns: Columns): PeopleRow {
  const cellOf = (column: Column) => cells[columns[column] ?? -1] ?? ''
  const read = (Object.keys(columns) as Column[]).map((column) => [
    head.cells[columns[column] as number] as string,
    cellOf(column),
  ])
  const state = columns.state === undefined ? 'none' : stateOf(cellOf('state'))
  return { line, name: cellOf('name'), id: cellOf('id'), state, cells: Object.fromEntries(read) }
}

function stateOf(cell: string): PeopleRow['state'] {
  const word = cell.toLowerCase()
  return word === 'enabled' || word === 'enforced' || word === 'disabled' ? word : 'unclear'
}
