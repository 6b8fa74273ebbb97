import type { Person } from '../people/person.ts'
import { dice, mix } from '../random.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** From where somebody signs in. */
export interface Place {
  ip: string
  city: string
  country: string
}

/** Working days of five that people of one kind spend at home. */
const HOME_DAYS = [0, 0, 1, 2, 2, 3]

/** Where somebody sits at a moment of the people's time: in their office or elsewhere, the whole day in one place. */
export function placeOf(seed: number, person: Person, life: number): Place {
  const { office, home } = placesOf(person)
  if (person.kind === 'guest') return home
  if (person.kind === 'service' || person.habit.device) return office
  const day = Math.floor((life + person.office.offset * HOUR) / DAY)
  const weekend = (day + 3) % 7 > 4
  const homeDays = HOME_DAYS[mix(seed, 25, person.index) % HOME_DAYS.length] as number
  return weekend || dice(seed, 26, person.index, day)() < homeDays / 5 ? home : office
}

const places = new WeakMap<Person, { office: Place; home: Place }>()

function placesOf(person: Person): { office: Place; home: Place } {
  const known = places.get(person)
  if (known) return known
  const { index, office } = person
  const where = { city: office.city, country: office.country }
  const made = {
    office: { ip: `${office.network}.${10 + (index % 200)}`, ...where },
    // Addresses that are set aside for tests: no home of the real world has one of them.
    home: { ip: `198.18.${(index >>> 8) & 255}.${index & 255}`, ...where },
  }
  places.set(person, made)
  return made
}
