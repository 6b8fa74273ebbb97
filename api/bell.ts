import type { Clock } from '../src/clock/clock.ts'

export interface Bell {
  ring: () => void
  /** True once rung since the last answer; false when that did not happen within `ms`. */
  rung(ms: number): Promise<boolean>
}

/** Wakes one waiter. A ring while nobody waits is kept for the next. */
export function bell(clock: Clock): Bell {
  let kept = false
  let wake: (() => void) | undefined
  return {
    ring() {
      kept = true
      wake?.()
    },
    async rung(ms) {
      if (!kept) {
        const waiting = new AbortController()
        wake = () => waiting.abort()
        await clock.sleep(ms, waiting.signal)
        wake = undefined
      }
      const was = kept
      kept = false
      return was
    },
  }
}
