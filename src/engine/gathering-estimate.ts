import { defaultShare, limitsFor } from '../graph/limits.ts'
import type { Source } from '../people/facts.ts'
import type { SourceReading } from '../store/gathering.ts'
import { LEGACY_CLIENTS } from './gather-legacy.ts'
import { MOST_RHYTHMS } from './gather-rhythm.ts'

/** Which of Microsoft's limits a source is held up by. */
const BUCKET_OF = {
  account: 'identityReads',
  roles: 'identityReads',
  registration: 'reports',
  legacy: 'reports',
  activity: 'signInActivity',
  perUserMfa: 'reports',
  phones: 'reports',
  methods: 'reports',
  rhythm: 'reports',
} as const satisfies Record<Source, string>

type SlowBucket = (typeof BUCKET_OF)[Source]

const ROWS_A_PAGE: Partial<Record<Source, number>> = { account: 999, registration: 500, activity: 500 }

/** About so many of all accounts leave it open whether they are people. */
const DOUBTFUL = 0.02

/** Calls that reading everybody once takes; of the log only the fewest are known, since nobody knows its rows. */
export function callsFor(source: Source, people: number): number {
  if (source === 'legacy') return LEGACY_CLIENTS.length
  if (source === 'roles') return 2
  if (source === 'rhythm') return Math.min(MOST_RHYTHMS, Math.ceil(people * DOUBTFUL))
  const size = ROWS_A_PAGE[source]
  if (size === undefined) return people
  return Math.max(1, Math.ceil(people / size)) + (source === 'account' ? 1 : 0)
}

/** The share of a limit that is ours, in milliseconds a call. */
export function msACall(source: Source): number {
  const { ceiling, window } = limitsFor('L')[BUCKET_OF[source]]
  const units = BUCKET_OF[source] === 'identityReads' ? 2 : 1
  return (window * units) / (ceiling * defaultShare)
}

/** Calls a reading that is under way still has to make; 0 when it is over. */
export function callsLeft({ source, state, calls, next }: SourceReading, people: number): number {
  if (state !== 'reading') return 0
  const asked = (next as { left?: unknown[] } | null)?.left
  if (asked !== undefined) return asked.length
  const isChanges = (next as { how?: string } | null)?.how === 'changes'
  return isChanges ? 1 : Math.max(1, callsFor(source, people) - calls)
}

/**
 * How long what is under way takes yet, milliseconds: sources that share a limit one after another, others side by
 * side, and none faster than it has been going so far. null: nothing is under way.
 */
export function timeLeft(
  readings: readonly SourceReading[],
  toCome: readonly Source[],
  people: number,
  now: number,
): number | null {
  const perBucket = new Map<SlowBucket, number>()
  const add = (source: Source, ms: number) =>
    perBucket.set(BUCKET_OF[source], (perBucket.get(BUCKET_OF[source]) ?? 0) + ms)
  for (const reading of readings) {
    const left = callsLeft(reading, people)
    const soFar = reading.calls > 1 ? (now - (reading.begunAt ?? now)) / reading.calls : 0
    if (left > 0) add(reading.source, left * Math.max(soFar, msACall(reading.source)))
  }
  for (const source of toCome) add(source, callsFor(source, people) * msACall(source))
  return perBucket.size === 0 ? null : Math.max(...perBucket.values())
}
