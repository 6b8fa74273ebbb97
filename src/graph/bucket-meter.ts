import { type Limit, longestBackOff } from './limits.ts'
import { slidingWindow } from './sliding-window.ts'

export interface BucketState {
  /** Taken within the current window. */
  used: number
  /** What we may take in one window now: share of Microsoft's ceiling, less while the bucket is slowed down. */
  ceiling: number
  /** Milliseconds. */
  window: number
  /** Nothing is sent before this time, milliseconds since the epoch; null when open. */
  closedUntil: number | null
}

/** Measures one bucket. Times are milliseconds since the epoch. */
export interface BucketMeter {
  /** When `units` fit: `now`, or the next time worth asking again. `urgent` is the lane that nobody may starve. */
  opensAt(now: number, units: number, urgent: boolean): number
  take(now: number, units: number): void
  /** A call sent at `sentAt` was answered with 429; `retryAfter` in milliseconds when Microsoft named a time. */
  throttled(now: number, sentAt: number, retryAfter?: number): void
  answered(now: number, sentAt: number): void
  state(now: number): BucketState
}

const slowDown = 0.7
const speedUp = 0.1
const slowest = 0.1

/**
 * A 429 slows the bucket down (to 70 % of what it was, never below 10 % of our share) and every window without one
 * speeds it up again, since Microsoft's limits are also used by others and differ from tenant to tenant.
 */
export function bucketMeter(limit: Limit, share: number): BucketMeter {
  const taken = slidingWindow()
  let pace = 1
  let paceSince = 0
  let refusals = 0
  let lastRefusal = Number.NEGATIVE_INFINITY
  let toldUntil = 0
  let guessedUntil = 0

  /** A share below one call a window becomes one call in a longer window. */
  function allowance(part: number): { ceiling: number; window: number } {
    // Rounded, so that 8000 × 0.8 × 0.7 is not a fraction short of 4480.
    const allowed = Math.round(limit.ceiling * part * 1e9) / 1e9
    if (allowed >= 1) return { ceiling: Math.floor(allowed), window: limit.window }
    return { ceiling: 1, window: Math.ceil(limit.window / allowed) }
  }

  return {
    opensAt(now, units, urgent) {
      // The urgent lane has the whole ceiling and waits for what Microsoft told, not for what others made us guess.
      const { ceiling, window } = allowance(urgent ? 1 : share * pace)
      const closed = urgent ? toldUntil : Math.max(toldUntil, guessedUntil)
      const room = taken.fitsAt(now, window, Math.max(0, ceiling - units))
      return Math.max(now, closed, room)
    },
    take(now, units) {
      taken.forget(now, allowance(share * slowest).window)
      taken.take(now, units)
    },
    throttled(now, sentAt, retryAfter) {
      // Calls already in flight when the bucket closed tell of the same refusal, not of a further one.
      const news = sentAt > lastRefusal
      if (news) {
        lastRefusal = now
        refusals++
        pace = Math.max(slowest, pace * slowDown)
        paceSince = now
      }
      if (retryAfter !== undefined) toldUntil = Math.max(toldUntil, now + retryAfter)
      else if (news) guessedUntil = now + Math.min(longestBackOff, limit.backOff * 2 ** (refusals - 1))
    },
    answered(now, sentAt) {
      if (sentAt <= lastRefusal) return
      refusals = 0
      if (pace < 1 && now - paceSince >= limit.window) {
        pace = Math.min(1, pace + speedUp)
        paceSince = now
      }
    },
    state(now) {
      const { ceiling, window } = allowance(share * pace)
      const closed = Math.max(toldUntil, guessedUntil)
      return { used: taken.used(now, window), ceiling, window, closedUntil: closed > now ? closed : null }
    },
  }
}
