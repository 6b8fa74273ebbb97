/** What was taken when: the sum over the last `length` milliseconds, which slides with time. */
export interface SlidingWindow {
  take(now: number, units: number): void
  /** Units taken after `now - length`. */
  used(now: number, length: number): number
  /** The earliest time, `now` or later, at which no more than `most` units lie within the last `length`. */
  fitsAt(now: number, length: number, most: number): number
  /** Adds to (or takes from) what was taken at `time`; nothing, when that is forgotten. */
  correct(time: number, units: number): void
  /** Drops what lies further back than `length`. */
  forget(now: number, length: number): void
}

export function slidingWindow(): SlidingWindow {
  const taken: { time: number; units: number }[] = []

  return {
    take(now, units) {
      const last = taken.at(-1)
      if (last?.time === now) last.units += units
      else taken.push({ time: now, units })
    },
    used(now, length) {
      let sum = 0
      for (let i = taken.length - 1; i >= 0; i--) {
        const entry = taken[i]!
        if (entry.time <= now - length) break
        sum += entry.units
      }
      return sum
    },
    fitsAt(now, length, most) {
      let sum = 0
      for (let i = taken.length - 1; i >= 0; i--) {
        const entry = taken[i]!
        if (entry.time <= now - length) break
        sum += entry.units
        if (sum > most) return entry.time + length
      }
      return now
    },
    correct(time, units) {
      const entry = taken.findLast((one) => one.time <= time)
      if (entry?.time === time) entry.units = Math.max(0, entry.units + units)
    },
    forget(now, length) {
      const kept = taken.findIndex((entry) => entry.time > now - length)
      taken.splice(0, kept === -1 ? taken.length : kept)
    },
  }
}
