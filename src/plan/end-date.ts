import { DateTime } from 'luxon'

/** The moment that "2026-05-01" (the end of that day in the zone) or an ISO time with an offset names; undefined: neither. */
export function endDate(text: string, zone: string): number | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    const day = DateTime.fromISO(text, { zone })
    return day.isValid ? day.plus({ days: 1 }).toMillis() : undefined
  }
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined
  const time = DateTime.fromISO(text, { setZone: true })
  return time.isValid ? time.toMillis() : undefined
}
