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
