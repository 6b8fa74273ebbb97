import { type Limit, longestBackOff } from './limits.ts'
import { bucketPace } from './pace.ts'
import { slidingWindow } from './sliding-window.ts'

export interface BucketState {
  /** Taken within the current window. */
  used: number
  /** What we may take in one window now: share of Microsoft's ceiling, less while the bucket is slowed down. */
  ceiling: number
  /** Microsoft's, in its own window. */
  documented: { ceiling: number; window: number }
  /** The part of Microsoft's ceiling that this is; the configured share, unless the bucket is slowed down. */
  share: number
  /** Milliseconds. */
  window: number
  /** Nothing is sent before this time, milliseconds since the epoch; null when open. */
  closedUntil: number | null
  /** Calls let through since the start, and how many of them were answered with 429. */
  sent: number
  throttled: number
}

/** Measures one bucket. Times are milliseconds since the epoch. */
export interface BucketMeter {
  /** When `units` fit: `now`, or the next time worth asking again. `urgent` is the lane that nobody may starve. */
  opensAt(now: number, units: number, urgent: boolean): number
  take(now: number, units: number): void
  /** `calls` sent at `sentAt` were answered with 429; `retryAfter` in milliseconds when Microsoft named a time. */
  throttled(now: number, refused: Refused): void
  /** `calls` sent at `sentAt` were answered otherwise. */
  answered(now: number, sentAt: number, calls: number): void
  /** Microsoft counted `units` more (or fewer) than were taken at `sentAt`. */
  correct(sentAt: number, units: number): void
  /** Microsoft said which part of the ceiling is used by now, ourselves and others together. */
  pressed(now: number, part: number): void
  state(now: number): BucketState
}

export interface Refused {
  sentAt: number
  calls: number
  units: number
  urgent: boolean
  retryAfter?: number | undefined
}

/**
 * The pauses of the urgent lane after refusals that named no time: at once again, in case Microsoft's window ends and
 * begins at times of its own; then a whole quiet window, in case it slides and counts what it refuses.
 */
const urgentPauses = [0.05, 0.2, 0.25, 0.25, 0.25, 1.05]

/**
 * Takes at most our share of the ceiling in any window. A 429 closes the bucket, for as long as Microsoft said or, where
 * it says nothing, for a wait that doubles, and slows it down (pace.ts).
 */
export function bucketMeter(limit: Limit, share: number): BucketMeter {
  const taken = slidingWindow()
  const pace = bucketPace(limit)
  let refusals = 0
  let lastRefusal = Number.NEGATIVE_INFINITY
  let toldUntil = 0
  let guessedUntil = 0
  let urgentUntil = 0
  let urgentRefusals = 0
  let sent = 0
  let throttled = 0

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
      const { ceiling, window } = allowance(urgent ? 1 : share * pace.now())
      const closed = urgent ? urgentUntil : guessedUntil
      const room = taken.fitsAt(now, window, Math.max(0, ceiling - units))
      return Math.max(now, toldUntil, closed, room)
    },
    take(now, units) {
      taken.forget(now, allowance(share * limit.slowest).window)
      taken.take(now, units)
      sent++
    },
    throttled(now, { sentAt, calls, units, urgent, retryAfter }) {
      throttled += calls
      // Calls already in flight when the bucket closed tell of the same refusal, not of a further one.
      const news = sentAt > lastRefusal
      if (news) {
        lastRefusal = now
        refusals++
      }
      pace.refused(now, calls, news)
      if (retryAfter !== undefined) {
        toldUntil = Math.max(toldUntil, now + retryAfter)
        return
      }
      if (news) guessedUntil = now + Math.min(longestBackOff, limit.backOff * 2 ** (refusals - 1))
      if (urgent) {
        taken.correct(sentAt, -units)
        urgentUntil = now + limit.window * (urgentPauses[urgentRefusals++ % urgentPauses.length] as number)
      }
    },
    answered(now, sentAt, calls) {
      if (sentAt <= lastRefusal) return
      refusals = 0
      urgentRefusals = 0
      pace.answered(now, calls)
    },
    correct: (sentAt, units) => taken.correct(sentAt, units),
    pressed(now, part) {
      pace.pressed(now, part)
    },
    state(now) {
      const { ceiling, window } = allowance(share * pace.now())
      const closed = Math.max(toldUntil, guessedUntil)
      return {
        used: taken.used(now, window),
        ceiling,
        documented: { ceiling: limit.ceiling, window: limit.window },
        share: Math.round(share * pace.now() * 1_000) / 1_000,
        window,
        closedUntil: closed > now ? closed : null,
        sent,
        throttled,
      }
    },
  }
}
