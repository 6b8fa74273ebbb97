import type { Column } from './csv-columns.ts'
import type { PeopleHead } from './csv-head.ts'
import type { Repaired } from './csv-numbers.ts'
import { maskedPhone } from './phone-words.ts'

const NUMBERS: readonly Column[] = ['mobile', 'privatePhone', 'alternateMobile', 'office']
/** Digits that stay, of a text that has the length of a number. */
const SHOWN = 3
const A_NUMBER = 7

/** A row without its numbers: the last three digits tell whoever knows it which one it is. */
export function maskedNumbers(
  { cells, repaired }: { cells: Record<string, string>; repaired: readonly Repaired[] },
  { columns, headers }: PeopleHead,
): { cells: Record<string, string>; repaired: Repaired[] } {
  const hidden = new Set(NUMBERS.map((column) => headers[columns[column] ?? -1]))
  const masked = (column: string, text: string) => (hidden.has(column) ? maskedText(text) : text)
  return {
    cells: Object.fromEntries(Object.entries(cells).map(([column, text]) => [column, masked(column, text)])),
    repaired: repaired.map(({ column, from, to }) => {
      return { column, from: masked(column, from), to: masked(column, to) }
    }),
  }
}

/** What somebody typed in place of a number, its shape kept: blanks, strokes and words are why it is wrong. */
export function maskedText(text: string): string {
  if (/^\+\d+ \d+(?:x\d+)?$/.test(text)) return maskedPhone(text)
  const digits = text.match(/\p{Nd}/gu)?.length ?? 0
  let hidden = digits < A_NUMBER ? digits : digits - SHOWN
  return text.replace(/\p{Nd}/gu, (digit) => (hidden-- > 0 ? '*' : digit))
}
