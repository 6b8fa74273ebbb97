import { type Change, hasReached } from '../methods/change.ts'
import type { Attempt, BeforeImage } from '../store/ledger.ts'

/**
 * Whether what is in place is of our making: it was not before our first change, and an attempt of ours may have had
 * effect. An intent without an answer counts: the call may have been sent before the process ended.
 */
export function isOurs(
  change: Change,
  image: BeforeImage | undefined,
  attempts: readonly Attempt[],
): boolean {
  if (!image || hasReached(change, image.image)) return false
  return attempts.some(
    (attempt) =>
      attempt.direction === 'apply' && attempt.intendedAt >= image.recordedAt && mayHaveActed(attempt),
  )
}

export function mayHaveActed(attempt: Attempt): boolean {
  switch (attempt.answer) {
    case null:
    case 'accepted':
    case 'unknown':
      return true
    case 'refused':
    case 'alreadySo':
      return false
    default:
      return attempt.answer satisfies never
  }
}

/** The number of the next attempt on a person: every attempt has its own, and a late answer belongs to its own. */
export function nextNumber(attempts: readonly Attempt[] | undefined): number {
  return Math.max(0, ...(attempts ?? []).map((attempt) => attempt.number)) + 1
}
