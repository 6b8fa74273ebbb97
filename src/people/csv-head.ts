import { type Columns, columnNamed, columnsOf, sayHeaders } from './csv-columns.ts'
import type { FileProblem } from './csv-people.ts'
import { isBesides, type Shape, shapeOf } from './csv-shapes.ts'
import type { TableRow } from './csv-table.ts'

/** What the header of a file says. */
export type PeopleHead = {
  shape: Shape
  headers: readonly string[]
  columns: Columns
  /** Headers of columns that say nothing here. */
  unread: string[]
  problems: FileProblem[]
  /** Rows can be matched with people; else the problems say why not. */
  namesPeople: boolean
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_TEXT = /[\u0000-\u0008\u000e-\u001f\ufffd]/

/** Reads a header, in any order, case and spacing. */
export function headIn(head: TableRow): PeopleHead {
  const problems: FileProblem[] = []
  const columns = columnsOf(head, problems)
  const namesBySignIn = columns.name !== undefined || columns.id !== undefined
  const shape = shapeOf(head.cells, namesBySignIn)
  const unread = head.cells.filter((cell) => cell !== '' && columnNamed(cell) === undefined)
  const named = { shape, headers: head.cells, columns, unread, problems }
  const refusal = refusalOf(head, shape, columns)
  if (refusal) {
    problems.push(refusal)
    return { ...named, namesPeople: false }
  }
  if (shape.state === 'reported' && columns.state !== undefined) {
    const message = `This is ${shape.says}: its ${head.cells[columns.state]} says how it was, and nothing is done by it.`
    const hint = 'For people to be enabled or enforced by it, keep the columns Username and MFA Status alone.'
    problems.push({ code: 'csvColumnUnread', line: head.line, message, hint, warns: true })
  }
  const strange = unread.filter((cell) => !isBesides(shape, cell))
  if (strange.length > 0) {
    const message = `Columns that say nothing here: ${sayHeaders(strange)}.`
    const hint = 'docs/selectors.md lists the headers that are read; check the spelling, or go on knowing it.'
    problems.push({ code: 'csvColumnUnread', line: head.line, message, hint, warns: true })
  }
  return { ...named, namesPeople: true }
}

function refusalOf(head: TableRow, shape: Shape, columns: Columns): FileProblem | undefined {
  const { line } = head
  if (shape.name === 'personaTags') {
    const message = `This is ${shape.says}: it names conditions, and no people.`
    const hint =
      'Wanted is a row for each person. A condition is written in the plan: members: { filter: … }.'
    return { code: 'csvWrongKind', line, message, hint }
  }
  const names = [
    columns.name,
    columns.id,
    columns.mail,
    columns.employeeId,
    columns.displayName,
    columns.surname,
  ]
  if (names.some((column) => column !== undefined)) return undefined
  // A spreadsheet's own file, or anything else that is no text.
  if (head.cells.some((cell) => NOT_TEXT.test(cell))) {
    const message = 'This is not a table of text.'
    return { code: 'csvUnreadable', line, message, hint: 'Save it from the spreadsheet as CSV (UTF-8).' }
  }
  const message = `No column names a person; the header is ${sayHeaders(head.cells)}.`
  const hint =
    'Begin with a header that has Username, UserPrincipalName, UPN, id or objectId; or E-mail or Employee ID.'
  return { code: 'csvColumnMissing', line, message, hint }
}
