import type { CsvDirectory } from './csv-directory.ts'
import type { PeopleHead } from './csv-head.ts'
import { numberKey } from './csv-numbers.ts'
import type { PeopleRow } from './csv-people.ts'
import { type RowCause, type RowStatus, STATUSES } from './csv-status.ts'
import { judgeRow, type RowVerdict } from './csv-verdict.ts'
import { type NumberTally, numberTally } from './number-tally.ts'
import type { Person } from './person.ts'
import { rowLedger } from './row-ledger.ts'

export interface ReportInput {
  head: PeopleHead
  directory: CsvDirectory
  /** Two letters: of numbers without a country, where the person has none. */
  region?: string | undefined
  /** Why somebody may be in no wave, in words after their name. */
  excluded(person: Person): string | undefined
}

export type RowCounts = Record<RowStatus, number>

/**
 * What became of each row of a file. Whether a number is shared is known when all rows are: they are seen twice, and
 * in between some bytes of each are kept.
 */
export interface RowReport {
  /** Takes the next row. */
  see(row: PeopleRow): void
  counts(): RowCounts
  /** By position, after all were seen. */
  statusAt(index: number): RowStatus
  /** The whole verdict on a row that was seen at this position. */
  verdictAt(index: number, row: PeopleRow): RowVerdict
}

export function rowReport(input: ReportInput): RowReport {
  const rows = rowLedger()
  const tally = numberTally()
  const first = new Map<string, number>()

  const base = (row: PeopleRow, index: number): RowVerdict => {
    const verdict = judgeRow(row, input)
    const { person } = verdict
    const before = person && first.get(person.id)
    if (before === undefined || before === index) return verdict
    const isOther = verdict.numbers.some(({ type, number }) => {
      const key = type === 'office' ? 0 : rows.number(before, type)
      return key !== 0 && key !== numberKey(number)
    })
    return isOther ? contradicting(verdict, rows.line(before)) : repeated(verdict, rows.line(before))
  }

  const report: RowReport = {
    see(row) {
      const index = rows.length()
      const verdict = base(row, index)
      const { person, status, cause, hasLeft } = verdict
      const isRepeated = cause === 'twice' || cause === 'contradicts'
      if (person && !isRepeated && !first.has(person.id)) first.set(person.id, index)
      const keys = { mobile: 0, alternateMobile: 0 }
      for (const { type, number } of isRepeated ? [] : verdict.numbers) {
        if (type === 'office') continue
        keys[type] = numberKey(number)
        // The same number twice in one row is one person's.
        if (type === 'mobile' || keys.mobile !== keys.alternateMobile) tally.add(keys[type], hasLeft)
      }
      rows.add(row.line, STATUSES.indexOf(status), keys)
    },
    counts() {
      const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as RowCounts
      for (let index = 0; index < rows.length(); index += 1) counts[report.statusAt(index)] += 1
      return counts
    },
    statusAt(index) {
      const status = STATUSES[rows.status(index)] as RowStatus
      if (status !== 'matched' && status !== 'repaired') return status
      return (
        clashOf([rows.number(index, 'mobile'), rows.number(index, 'alternateMobile')], tally)?.status ??
        status
      )
    },
    verdictAt(index, row) {
      const verdict = base(row, index)
      if (verdict.status !== 'matched' && verdict.status !== 'repaired') return verdict
      const keys = verdict.numbers
        .filter(({ type }) => type !== 'office')
        .map(({ number }) => numberKey(number))
      return { ...verdict, ...clashOf(keys, tally) }
    },
  }
  return report
}

type Clash = { status: RowStatus; cause: RowCause; why: string; sharedBy: number }

/** Several people have the number; or one has, and somebody who left. */
function clashOf(numbers: readonly number[], tally: NumberTally): Clash | undefined {
  const some = numbers.filter((number) => number !== 0)
  const most = Math.max(0, ...some.map((number) => tally.present(number)))
  if (most > 1) {
    const why = `${most} people of this file have this number`
    return { status: 'shared', cause: 'shared', why, sharedBy: most }
  }
  if (!some.some((number) => tally.left(number) > 0)) return undefined
  const why = 'the number is also on somebody who left: whose is it now?'
  return { status: 'needsHuman', cause: 'leaversNumber', why, sharedBy: 1 }
}

function repeated(verdict: RowVerdict, line: number): RowVerdict {
  return { ...verdict, status: 'needsHuman', cause: 'twice', why: `the same person stands in line ${line}` }
}

function contradicting(verdict: RowVerdict, line: number): RowVerdict {
  const why = `line ${line} gives the same person another number`
  return { ...verdict, status: 'needsHuman', cause: 'contradicts', why }
}
