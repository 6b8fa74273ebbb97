import { DateTime } from 'luxon'

/** The people's own time: the clock's, or a faster one in which a day lasts 24 hours times `delays`. */
export interface LifeTime {
  toLife(clock: number): number
  toClock(life: number): number
  /** A length of life as the clock measures it. */
  scaled(ms: number): number
}

/** Days that are scaled begin, when the tenant does, on a Monday at seven. */
export function lifeTime(epoch: number, delays: number): LifeTime {
  if (delays === 1) return { toLife: (clock) => clock, toClock: (life) => life, scaled: (ms) => ms }
  const monday = DateTime.fromMillis(epoch, { zone: 'utc' }).startOf('week').plus({ hours: 7 }).toMillis()
  return {
    toLife: (clock) => monday + (clock - epoch) / delays,
    toClock: (life) => Math.round(epoch + (life - monday) * delays),
    scaled: (ms) => ms * delays,
  }
}
