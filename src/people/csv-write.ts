/** What one cell of a table may hold. */
export type Cell = string | number | boolean | null | undefined

/** Excel takes a file for UTF-8 by this mark alone. */
export const BYTE_ORDER_MARK = '\uFEFF'

/** A cell that begins so is a formula to a spreadsheet. The full-width ones are, too, in some. */
const FORMULA = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/
const SHIELDED = /^'+[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/
/** Separators of any kind, quotes and breaks; and blanks that a reader would take away. */
const QUOTED = /[",;'\t\r\n]|^\s|\s$/

/**
 * One line as RFC 4180 has it. Text that a spreadsheet would run as a formula is given a leading apostrophe, numbers
 * are left alone; our own reader takes it away again.
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/** A cell as it was before it was shielded from spreadsheets. */
export function withoutShield(cell: string): string {
  return SHIELDED.test(cell) ? cell.slice(1) : cell
}

function csvCell(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
