import { z } from 'zod'

const HOUR = 3_600_000
const MINUTE = 60_000

const ms = z.int().nonnegative()

/** What Microsoft declares about its own delays, in milliseconds. `serve --delays` scales them all alike. */
export const declaredTimesSchema = z.strictObject({
  settlingMs: ms.describe('until a sign-in log row is complete and final'),
  propagationMs: ms.describe('until a Conditional Access change bites everywhere'),
  readBackDeadlineMs: ms.describe('until a change that cannot be read back is called unknown'),
  rescueMs: ms.describe('how long a blocked person has for a success before it counts as a lock-out'),
  abandonMs: ms.describe('how long an interrupted person has for a success before it counts as abandoned'),
  usualLogDelayMs: ms.describe('within which almost every sign-in log row has arrived'),
  habitMs: ms.describe('how far back the places are that a person counts as having used'),
})
export type DeclaredTimes = z.infer<typeof declaredTimesSchema>

/** Sources: sign-in log FAQ (two hours), P99 latency of the log (five minutes), Conditional Access (a day). */
export const DECLARED_TIMES: DeclaredTimes = {
  settlingMs: 2 * HOUR,
  propagationMs: 24 * HOUR,
  readBackDeadlineMs: 30 * MINUTE,
  rescueMs: 30 * MINUTE,
  abandonMs: 1 * HOUR,
  usualLogDelayMs: 5 * MINUTE,
  habitMs: 14 * 24 * HOUR,
}

/** Scales every declared time by one factor; only a rehearsal on a simulated tenant does that. */
export function scaleDeclaredTimes(times: DeclaredTimes, factor: number): DeclaredTimes {
  const scale = (value: number) => Math.max(1, Math.round(value * factor))
  return {
    settlingMs: scale(times.settlingMs),
    propagationMs: scale(times.propagationMs),
    readBackDeadlineMs: scale(times.readBackDeadlineMs),
    rescueMs: scale(times.rescueMs),
    abandonMs: scale(times.abandonMs),
    usualLogDelayMs: scale(times.usualLogDelayMs),
    habitMs: scale(times.habitMs),
  }
}
