import type { Limit } from './limits.ts'

/** How fast a bucket may go, as a part of our share of it: 1 until Microsoft says that it is too much. */
export interface BucketPace {
  now(): number
  /** `calls` were answered with 429; `news`: not together with others before them. */
  refused(now: number, calls: number, news: boolean): void
  answered(now: number, calls: number): void
  /** Which part of the ceiling is in use, said before anything is refused. */
  pressed(now: number, part: number): void
}

const slowDown = 0.7
const speedUp = 0.1
/** From here on what is in use is not ours alone; Microsoft says so from 0.8 on, which is our share. */
const crowded = 0.9
/**
 * How many calls have to be answered for each that was refused before the bucket is tried faster: with two steps
 * more, each half of the one before, fewer than one call in two hundred is refused for good.
 */
const callsPerRefusal = 180

/**
 * A refusal slows the bucket down, since Microsoft's limits are also used by others and differ from tenant to tenant. The
 * first one may have been chance: every window without another speeds it up again. Where the next follows soon, somebody
 * else is there to stay, and a faster pace is tried only after so many answered calls that refusals stay rare.
 */
export function bucketPace({ window, slowest }: Pick<Limit, 'window' | 'slowest'>): BucketPace {
  let pace = 1
  let since = 0
  let strikes = 0
  let owed = 0
  let answered = 0
  let hasTried = false

  function slower(now: number): void {
    // A try at going faster that failed: two steps back. Else nobody knows how much is free.
    pace = Math.max(slowest, hasTried ? pace - 2 * speedUp : pace * slowDown)
    hasTried = false
    since = now
    answered = 0
  }

  return {
    now: () => pace,
    refused(now, calls, news) {
      if (news) {
        slower(now)
        strikes++
        owed = 0
      }
      if (strikes > 1) owed += calls * callsPerRefusal
    },
    answered(now, calls) {
      answered += calls
      if (strikes === 0 && pace === 1) return
      if (now - since < window || answered < owed) return
      if (pace === 1) {
        // A whole share for so long: nobody else is there any more.
        if (answered >= callsPerRefusal) strikes = 0
        return
      }
      pace = Math.min(1, pace + speedUp)
      hasTried = strikes > 1
      owed = Math.floor(owed / 2)
      since = now
      answered = 0
    },
    pressed(now, part) {
      if (part <= crowded) return
      // Once a window: what was slowed down shows in the next one.
      if (part < 1) since = now
      else if (now - since >= window) slower(now)
    },
  }
}
