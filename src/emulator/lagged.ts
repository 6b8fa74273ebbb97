interface Line<T> {
  value: T
  readAt: number
  biteAt: number
}

/** A value of the directory: what was written, what reads answer by now, and what sign-ins obey by now. */
export interface Lagged<T> {
  lines: Line<T>[]
}

export function settled<T>(value: T): Lagged<T> {
  return { lines: [{ value, readAt: Number.NEGATIVE_INFINITY, biteAt: Number.NEGATIVE_INFINITY }] }
}

/** Writes a value. A later write never shows or bites before an earlier one. */
export function write<T>(
  lagged: Lagged<T>,
  value: T,
  times: { now: number; readAt: number; biteAt: number },
): void {
  const last = lagged.lines.at(-1) as Line<T>
  const over = lagged.lines.findLastIndex((line) => line.readAt <= times.now && line.biteAt <= times.now)
  if (over > 0) lagged.lines.splice(0, over)
  lagged.lines.push({
    value,
    readAt: Math.max(times.readAt, last.readAt),
    biteAt: Math.max(times.biteAt, last.biteAt),
  })
}

/** What was written last. */
export function latest<T>(lagged: Lagged<T>): T {
  return (lagged.lines.at(-1) as Line<T>).value
}

/** What a read at this time answers. */
export function readable<T>(lagged: Lagged<T>, now: number): T {
  const { lines } = lagged
  for (let place = lines.length - 1; place > 0; place--) {
    if ((lines[place] as Line<T>).readAt <= now) return (lines[place] as Line<T>).value
  }
  return (lines[0] as Line<T>).value
}

/** What a sign-in at this time obeys. */
export function biting<T>(lagged: Lagged<T>, now: number): T {
  const { lines } = lagged
  for (let place = lines.length - 1; place > 0; place--) {
    if ((lines[place] as Line<T>).biteAt <= now) return (lines[place] as Line<T>).value
  }
  return (lines[0] as Line<T>).value
}
