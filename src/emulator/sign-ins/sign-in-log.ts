import { between, dice } from '../random.ts'
import type { SignInRow } from './sign-in-row.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export interface SignInLogOptions {
  seed: number
  /** A length of Microsoft's or the people's time as the clock measures it. */
  scaled(ms: number): number
  /** When a row of this time is shown at the earliest. */
  notBefore?(at: number): number
}

/** The log of the last 30 days, in the order of its rows' times. */
export interface SignInLog {
  readonly size: number
  add(row: Omit<SignInRow, keyof LogsOwn>): void
  /** Rows from `from` to before `until`, newest first, as far as the log shows them now; `before` goes on after a page. */
  newestFirst(window: LogWindow): Generator<SignInRow>
  /** Forgets what is older than 30 days. */
  forget(now: number): void
}

/** What the log itself decides about a row. */
export type LogsOwn = Pick<SignInRow, 'number' | 'shownAt' | 'correctedAt' | 'detailsCorrectedAt' | 'twice'>

export interface LogWindow {
  now: number
  from: number
  until: number
  /** Only rows with a smaller number. */
  before?: number
}

export function signInLog(options: SignInLogOptions): SignInLog {
  let rows: SignInRow[] = []
  let number = 0
  return {
    get size() {
      return rows.length
    },
    add(row) {
      number++
      const roll = dice(options.seed, 21, number)
      const late =
        roll() < 0.04 ? between(roll, 10 * MINUTE, 2 * HOUR) : between(roll, 0.5 * MINUTE, 6 * MINUTE)
      const shownAt = Math.max(row.at + options.scaled(late), options.notBefore?.(row.at) ?? row.at)
      const twice = roll() < 0.006
      const corrected = roll() < 0.01 && row.applied.length > 0
      const rest = between(roll, 5 * MINUTE, 2 * HOUR - 6 * MINUTE)
      const correctedAt = corrected
        ? Math.max(shownAt, Math.min(shownAt + options.scaled(rest), row.at + options.scaled(2 * HOUR)))
        : 0
      const details = dice(options.seed, 23, number)
      const wrong = row.details !== '' && details() < 0.05
      const detailsCorrectedAt = wrong
        ? shownAt + options.scaled(between(details, 5 * MINUTE, 110 * MINUTE))
        : 0
      rows.push({ ...row, number, shownAt, twice, correctedAt, detailsCorrectedAt })
    },
    *newestFirst({ now, from, until, before }) {
      for (let place = firstAtOrAfter(rows, until) - 1; place >= 0; place--) {
        const row = rows[place] as SignInRow
        if (row.at < from) return
        if (row.shownAt <= now && (before === undefined || row.number < before)) yield row
      }
    },
    forget(now) {
      const gone = firstAtOrAfter(rows, now - options.scaled(30 * 24 * HOUR))
      if (gone > rows.length / 8 && gone > 1000) rows = rows.slice(gone)
    },
  }
}

function firstAtOrAfter(rows: readonly SignInRow[], time: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle] as SignInRow).at < time) low = middle + 1
    else high = middle
  }
  return low
}
