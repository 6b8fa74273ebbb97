import { between, dice, textHash } from '../random.ts'
import type { Office } from './names.ts'
import type { Person } from './person.ts'

const LANGUAGES: Record<string, string> = { DE: 'de-DE', GB: 'en-GB', PL: 'pl-PL', US: 'en-US', IN: 'en-IN' }

/** The language somebody has set, or mostly that somebody set for them; many have none. Draws from dice of its own. */
export function languageOf(seed: number, index: number, office: Office): string | null {
  return dice(seed, textHash('language'), index)() < 0.7 ? (LANGUAGES[office.country] ?? null) : null
}

/**
 * When somebody last signed in, in days before any log. Emergency accounts are drilled; who is on leave went a month to
 * a year ago; a mailbox nobody opens was never signed in to.
 */
export function quietDaysOf(seed: number, person: Person): number | null {
  const roll = dice(seed, textHash('quiet'), person.index)
  if (person.kind === 'emergency') return 20 + person.index * 9
  if (person.kind === 'shared') return null
  if (!person.habit.away) return 15 + Math.floor(between(roll, 0, 14))
  return roll() < 0.8 ? Math.floor(between(roll, 35, 380)) : null
}
