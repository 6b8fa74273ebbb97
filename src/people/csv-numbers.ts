import type { Column } from './csv-columns.ts'
import type { PeopleHead } from './csv-head.ts'
import type { PeopleRow } from './csv-people.ts'
import { PHONE_TYPES, type PhoneType, readPhone } from './phone-number.ts'
import { needsLook, sayReading, sayWarning } from './phone-words.ts'

/** A cell as it was written, and as it would be used. */
export type Repaired = { column: string; from: string; to: string }

/** What the numbers of a row are good for. */
export type RowNumbers = {
  numbers: { type: PhoneType; number: string }[]
  repaired: Repaired[]
  /** Why a person has to look; the number is not in these words. */
  why?: string
  cause?: 'noNumber' | 'numberUnclear'
  warns: string[]
}

/** Judges the numbers of a row, for a person of this region. */
export function numbersOf(row: PeopleRow, head: PeopleHead, region: string | undefined): RowNumbers {
  const found: RowNumbers = { numbers: [], repaired: [], warns: [] }
  for (const type of PHONE_TYPES) {
    const typed = row[type]
    if (typed === '') continue
    const reading = readPhone(typed, { type, region })
    if (reading.is === 'ok' || reading.is === 'repaired') {
      const { number, warns } = reading
      found.numbers.push({ type, number })
      // What a whole region needs asking for is no matter of a row.
      found.warns.push(...warns.filter((warning) => warning.is !== 'optIn').map(sayWarning))
      const doubt = warns.find(needsLook)
      if (doubt) ask(found, `${headerOf(type, head)}: ${sayWarning(doubt)}`)
      if (reading.is === 'repaired')
        found.repaired.push({ column: headerOf(type, head), from: typed, to: number })
    } else if (reading.is !== 'empty') ask(found, `${headerOf(type, head)}: ${sayReading(reading)}`)
  }
  const has = (type: PhoneType) => found.numbers.some((one) => one.type === type)
  if (has('alternateMobile') && !has('mobile'))
    ask(found, 'there is a second mobile number and no first, which Microsoft refuses')
  if (found.cause === undefined && found.numbers.length === 0 && hasNumbers(head)) {
    found.cause = 'noNumber'
    found.why = 'there is no number'
  }
  return found
}

function ask(found: RowNumbers, why: string): void {
  found.cause ??= 'numberUnclear'
  found.why ??= why
}

function hasNumbers({ columns }: PeopleHead): boolean {
  return columns.mobile !== undefined || columns.privatePhone !== undefined
}

/** The header over a type of number, as the file writes it. */
function headerOf(type: PhoneType, { columns, headers }: PeopleHead): string {
  const column: Column = type === 'mobile' && columns.mobile === undefined ? 'privatePhone' : type
  return headers[columns[column] ?? -1] ?? type
}

/** A number as a key: its digits, which are at most fifteen, without the extension. */
export function numberKey(number: string): number {
  return Number(number.replace(/x.*$/, '').replace(/\D/g, ''))
}
