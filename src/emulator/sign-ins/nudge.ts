import { askedToRegister } from '../directory/campaign.ts'
import type { Directory } from '../directory/directory.ts'
import { latest } from '../lagged.ts'
import type { Method, Person } from '../people/person.ts'
import { dice } from '../random.ts'

const DAY = 86_400_000
const SNOOZES_ALLOWED = 3

interface Snoozing {
  times: number
  /** In the people's time. */
  until: number
}

/** What the campaign asks of people who have just completed MFA: they register, or put it off. */
export function nudges(seed: number, directory: Directory) {
  const snoozing = new Map<number, Snoozing>()
  /** What the person registers now; nothing: not asked, has it already, or not today. */
  return function nudge(person: Person, life: number): readonly Method[] {
    const asked = askedToRegister(directory, person.id)
    if (asked === undefined || latest(person.methods).includes(asked[0] as Method)) return []
    const { times, until } = snoozing.get(person.index) ?? { times: 0, until: 0 }
    if (life < until) return []
    const { snoozeDurationInDays, enforceRegistrationAfterAllowedSnoozes: ends } = directory.campaign
    const isDue = ends && times >= SNOOZES_ALLOWED
    if (isDue || dice(seed, 15, person.index, times)() < 0.4) {
      snoozing.delete(person.index)
      return asked
    }
    snoozing.set(person.index, { times: times + 1, until: life + snoozeDurationInDays * DAY })
    return []
  }
}
