import { columnsOf, sayHeaders } from './csv-columns.ts'
import { decodeText } from './csv-decode.ts'
import type { FileProblem } from './csv-people.ts'
import { MOST_ROWS, readTable, type TableRow } from './csv-table.ts'

/** A token as its vendor lists it. */
export type TokenRow = {
  line: number
  /** Whose it is to be: the sign-in name in small letters. */
  upn: string
  serial: string
  /** Base32. It goes nowhere but into a seal. */
  secret: string
  seconds: 30 | 60
  hash: 'hmacsha1' | 'hmacsha256'
  manufacturer: string
  model: string
}

/** What is wrong with a row; no secret is in it. */
export type TokenFinding = {
  line: number
  code: 'csvTokenUnusable' | 'csvTokenTwice'
  upn: string
  serial: string
  message: string
  hint: string
}

export type TokenFile = {
  /** Those that can be used. */
  tokens: TokenRow[]
  findings: TokenFinding[]
  /** With the file as such: nothing of it can be used. */
  problems: FileProblem[]
}

const WANTED = ['name', 'serialNumber', 'secretKey', 'interval', 'manufacturer', 'model'] as const
const HEADER = 'upn,serial number,secret key,time interval,manufacturer,model'
const BASE32 = /^[A-Z2-7]+$/
/** Of RFC 4226: no secret is shorter. */
const LEAST_BITS = 80
const LONGEST_CELL = 128

/** Reads a vendor's list of hardware tokens. What it says of a problem never quotes a cell with a secret. */
export function readTokenFile(bytes: Uint8Array): TokenFile {
  const table = readTable(decodeText(bytes).text)
  // Why it is no table would be said with a piece of the text, which may be a secret.
  if (table.is === 'unreadable') return refused('csvUnreadable', table.line, 'This is not a table.')
  const [head, ...rows] = table.rows
  if (head === undefined || rows.length === 0) return refused('csvEmpty', 1, 'The list names no token.')
  if (table.tooLong) return refused('csvTooLong', 1, `The list has more than ${MOST_ROWS} rows.`)
  const problems: FileProblem[] = []
  const columns = columnsOf(head, problems)
  const missing = WANTED.filter((column) => columns[column] === undefined)
  if (problems.length > 0) return { tokens: [], findings: [], problems }
  if (missing.length > 0) {
    const message = `The header is not that of a list of tokens; it is ${sayHeaders(head.cells)}.`
    return refused('csvColumnMissing', head.line, message)
  }
  const hash = head.cells.findIndex((cell) => /^hash\W*(function)?$/i.test(cell))
  const cellOf = (row: TableRow, column: (typeof WANTED)[number]) => row.cells[columns[column] ?? -1] ?? ''
  const read = rows.map((row) => ({
    line: row.line,
    upn: cellOf(row, 'name').toLowerCase(),
    serial: cellOf(row, 'serialNumber'),
    secret: cellOf(row, 'secretKey').replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase(),
    seconds: Number(cellOf(row, 'interval')),
    hash: hashOf(row.cells[hash] ?? ''),
    manufacturer: cellOf(row, 'manufacturer'),
    model: cellOf(row, 'model'),
  }))
  const findings = [...read.flatMap(unusable), ...twice(read, 'serial'), ...twice(read, 'upn')]
  const wrong = new Set(findings.map(({ line }) => line))
  const tokens = read.filter(({ line }) => !wrong.has(line)) as TokenRow[]
  return { tokens, findings: findings.toSorted((a, b) => a.line - b.line), problems }
}

/** Is this the beginning of a list of tokens? Such a list is kept nowhere as it is. */
export function beginsTokenList(bytes: Uint8Array): boolean {
  const [first = ''] = decodeText(bytes.subarray(0, 10_000))
    .text.trimStart()
    .split(/\r?\n|\r/, 2)
  const table = readTable(/^sep=./i.test(first) ? decodeText(bytes.subarray(0, 10_000)).text : `${first}\n`)
  const head = table.is === 'read' ? table.rows[0] : undefined
  return head !== undefined && columnsOf(head, []).secretKey !== undefined
}

type Read = Omit<TokenRow, 'seconds' | 'hash'> & { seconds: number; hash: TokenRow['hash'] | null }

function hashOf(cell: string): TokenRow['hash'] | null {
  const key = cell.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (key === '' || key === 'sha1' || key === 'hmacsha1') return 'hmacsha1'
  return key === 'sha256' || key === 'hmacsha256' ? 'hmacsha256' : null
}

function unusable(row: Read): TokenFinding[] {
  const why = whyUnusable(row)
  if (why === undefined) return []
  const { line, upn, serial } = row
  const hint = 'Correct the row, or ask the vendor for the list again.'
  return [{ line, code: 'csvTokenUnusable', upn, serial: serial.slice(0, LONGEST_CELL), message: why, hint }]
}

function whyUnusable({ upn, serial, secret, seconds, hash, manufacturer, model }: Read): string | undefined {
  if (upn === '') return 'The row names nobody.'
  if (serial === '') return 'The row has no serial number.'
  if (manufacturer === '' || model === '') return 'The row has no manufacturer or no model.'
  if ([upn, serial, manufacturer, model].some((cell) => cell.length > LONGEST_CELL))
    return `A cell is longer than ${LONGEST_CELL} characters.`
  if (!BASE32.test(secret)) return 'The secret key is not base32 (A to Z and 2 to 7).'
  if (secret.length * 5 < LEAST_BITS) return 'The secret key is too short.'
  if (seconds !== 30 && seconds !== 60) return 'The time interval is neither 30 nor 60 seconds.'
  return hash === null ? 'The hash function is neither sha1 nor sha256.' : undefined
}

/** One number for two people, or one person with two tokens: which is meant cannot be known. */
function twice(rows: readonly Read[], by: 'serial' | 'upn'): TokenFinding[] {
  const groups = Map.groupBy(
    rows.filter((row) => row[by] !== ''),
    (row) => row[by].toLowerCase(),
  )
  return [...groups.values()].flatMap((same) => {
    if (same.length < 2) return []
    const lines = same.map(({ line }) => line)
    return same.map(({ line, upn, serial }): TokenFinding => {
      const others = lines.filter((one) => one !== line).join(', ')
      const message =
        by === 'serial'
          ? `The same serial number stands in line ${others} too.`
          : `The same person has another token in line ${others}.`
      const hint = 'Keep one of the rows: which one is meant cannot be known.'
      return { line, code: 'csvTokenTwice', upn, serial: serial.slice(0, LONGEST_CELL), message, hint }
    })
  })
}

function refused(code: FileProblem['code'], line: number, message: string): TokenFile {
  const hint = `Send the list as the vendor delivers it: ${HEADER}.`
  return { tokens: [], findings: [], problems: [{ code, line, message, hint }] }
}
