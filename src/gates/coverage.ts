import type { Coverage } from './budget-gate.ts'

/** One reading of the sign-in log. */
export interface LogReading {
  from: number
  to: number
  fetchedAt: number
  outcome: 'read' | 'failed' | 'noLicence'
}

/**
 * Whether the readings tell of everything since the switch. A last reading that failed is forgiven while the one before
 * it is not older than `staleMs`; a hole between two readings never is.
 */
export function coverageOf(
  readings: readonly LogReading[],
  since: number,
  now: number,
  staleMs: number,
): Coverage {
  const newestFirst = readings.toSorted((a, b) => b.fetchedAt - a.fetchedAt)
  const [latest] = newestFirst
  if (!latest) return 'missing'
  const read = newestFirst.filter((reading) => reading.outcome === 'read').toSorted((a, b) => a.from - b.from)
  const until = coveredUntil(read, since)
  const isRecent = until !== null && now - until <= staleMs
  if (isRecent) return 'complete'
  switch (latest.outcome) {
    case 'noLicence':
      return 'notLicensed'
    case 'failed':
      return 'failed'
    case 'read':
      return 'missing'
    default:
      return latest.outcome satisfies never
  }
}

/** The end of the unbroken stretch of readings that begins at or before `since`; null: there is none. */
export function coveredUntil(read: readonly LogReading[], since: number): number | null {
  let until: number | null = null
  for (const reading of read) {
    if (until === null ? reading.from <= since : reading.from <= until)
      until = Math.max(until ?? 0, reading.to)
  }
  return until
}
