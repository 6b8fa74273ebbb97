import type { Clock } from '../src/clock/clock.ts'

export interface Bell {
  ring: () => void
  /** True once rung since the last answer; false when that did not happen within `ms`. */
  rung(ms: number): Promise<boolean>
}

/** Wakes one waiter. A ring while nobody waits is kept for the next. Without a clock it waits as long as it takes. */
export function bell(clock: Clock | undefined): Bell {
  let kept = false
  let wake: (() => void) | undefined
  return {
    ring() {
      kept = true
      wake?.()
    },
    async rung(ms) {
      if (!kept) {
        const waiting = Promise.withResolvers<void>()
        const cancel = clock?.at(clock.now() + ms, waiting.resolve)
        wake = waiting.resolve
        await waiting.promise
        wake = undefined
        cancel?.()
      }
      const was = kept
      kept = false
      return was
    },
  }
}
