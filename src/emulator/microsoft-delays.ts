import { between, dice } from './random.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** How late Microsoft is, drawn anew for each change. Every length is multiplied by `factor`. */
export interface MicrosoftDelays {
  /** Until a write shows in reads: mostly under 20 s, sometimes a minute. */
  untilRead(change: number): number
  /** Until a policy or a membership is obeyed at sign-in: up to 2 h (Microsoft declares up to 24 h). */
  untilBite(change: number): number
  /** Until per-user MFA is obeyed at sign-in: minutes. */
  untilAsked(change: number): number
  /** Until `enabled` has turned into `enforced` for whoever has a method. */
  untilTurned(change: number): number
  /** Until the registration report knows of a method: a few hours. */
  untilReported(change: number): number
}

export function microsoftDelays(seed: number, factor: number): MicrosoftDelays {
  return {
    untilRead(change) {
      const roll = dice(seed, 1, change)
      const kind = roll()
      if (kind < 0.15) return 0
      return factor * (kind < 0.95 ? between(roll, 0, 20 * SECOND) : between(roll, 20 * SECOND, MINUTE))
    },
    untilBite(change) {
      const roll = dice(seed, 2, change)
      return (
        factor * (roll() < 0.7 ? between(roll, MINUTE, 30 * MINUTE) : between(roll, 30 * MINUTE, 2 * HOUR))
      )
    },
    untilAsked: (change) => factor * between(dice(seed, 4, change), MINUTE, 15 * MINUTE),
    untilTurned: (change) => factor * between(dice(seed, 5, change), 30 * SECOND, 5 * MINUTE),
    untilReported: (change) => factor * between(dice(seed, 3, change), HOUR, 4 * HOUR),
  }
}
