import { type MicrosoftDate, type MicrosoftDates, phonesEndFor } from './microsoft-dates.ts'
import type { Previewed } from './preview-shares.ts'

const DAY = 86_400_000

/** People who can be asked by a phone alone, and the day on which Microsoft stops asking them. */
export interface PhoneEnd {
  until: number
  /** Whole days until then. */
  days: number
  people: readonly Previewed[]
  /** Microsoft's word for it; undefined: the day comes from a file without one. */
  date: MicrosoftDate | undefined
}

/** What is to be done for them before the day. */
export const PHONE_WAY_OUT =
  'Before that day each of them registers a passkey or an authenticator app: a registration campaign asks them at sign-in, a temporary access pass opens the way for who cannot sign in otherwise, a hardware token needs no registering.'

/** By day, the first one first. */
export function phoneCountdown(people: readonly Previewed[], dates: MicrosoftDates, now: number): PhoneEnd[] {
  const byDay = new Map<number, Previewed[]>()
  for (const one of people) {
    const { is, until } = one.verdict
    if (is !== 'readyUntil' || until === undefined) continue
    const some = byDay.get(until) ?? []
    some.push(one)
    byDay.set(until, some)
  }
  return [...byDay]
    .sort(([a], [b]) => a - b)
    .map(([until, some]) => {
      const id =
        phonesEndFor(dates, false) === until ? 'smsVoiceRetired' : 'smsVoiceRetiredAdministratorsGuests'
      const date = dates.dates.find((one) => one.id === id)
      return { until, days: Math.max(0, Math.floor((until - now) / DAY)), people: some, date }
    })
}
