import { sayDuration } from '../plan/units.ts'
import type { HoldView } from './views.ts'

/** How old a hold is, and what is said when it has stood too long. `sayTime` writes the moment as its reader wants it. */
export function sayAge(
  { ageMs, since, expiresAt, onExpire }: HoldView,
  sayTime: (iso: string) => string,
): string {
  const isOver = ageMs >= Date.parse(expiresAt) - Date.parse(since)
  const words = onExpire === 'escalate' ? ['escalates', 'escalated'] : ['is noted', 'noted']
  const age = wholeMs(ageMs) === 0 ? 'less than a minute' : sayDuration(wholeMs(ageMs))
  return `${age} old; ${words[isOver ? 1 : 0]} at ${sayTime(expiresAt)}`
}

/** Whole minutes, or hours once it is older than a day: nobody counts the seconds of a hold. */
function wholeMs(ms: number): number {
  const unit = ms < 86_400_000 ? 60_000 : 3_600_000
  return Math.floor(ms / unit) * unit
}
