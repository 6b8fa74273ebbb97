const DAY = 86_400_000

export function sayDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** How long ago, in whole days. */
export function sayDaysAgo(at: number, now: number): string {
  const days = Math.floor((now - at) / DAY)
  if (days <= 0) return 'today'
  return days === 1 ? 'a day ago' : `${days} days ago`
}

/** A length between two of the same, in its largest unit. */
export function sayEvery(ms: number): string {
  const units = [
    [DAY, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
  ] as const
  const [unit, word] = units.find(([length]) => ms >= length * 0.9) ?? [1000, 'second']
  const count = Math.max(1, Math.round(ms / unit))
  return count === 1 ? `every ${word}` : `every ${count} ${word}s`
}
