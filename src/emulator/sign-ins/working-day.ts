import type { Person } from '../people/person.ts'
import { between, dice } from '../random.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A moment at which some app of a person needs a token. */
export interface Touch {
  life: number
  /** The first of the day, when sessions that ended are noticed. */
  arrival: boolean
}

/** The next touch after a moment of the people's time; null for those who never sign in. */
export function nextTouch(seed: number, person: Person, after: number): Touch | null {
  if (person.habit.away) return null
  const offset = person.office.offset * HOUR
  const today = Math.floor((after + offset) / DAY)
  for (let day = today; day < today + 30; day++) {
    const touches = touchesOf(seed, person, day)
    for (const touch of touches) {
      const life = day * DAY + touch - offset
      if (life > after) return { life, arrival: touch === touches[0] }
    }
  }
  return { life: (today + 30) * DAY, arrival: true }
}

/** Milliseconds of the local day, in order: mostly three on a working day, few people at the weekend. */
function touchesOf(seed: number, person: Person, day: number): number[] {
  const roll = dice(seed, 11, person.index, day)
  const weekday = (day + 3) % 7 // Day 0 of the epoch was a Thursday; Monday is 0.
  if (person.kind === 'service') return [Math.round(between(roll, 1, 3) * HOUR)]
  if (person.habit.device) return deviceTouches(person)
  const works = person.habit.diligent ? 1 : weekday < 5 ? (person.kind === 'guest' ? 0.25 : 0.93) : 0.06
  if (roll() >= works) return []
  const arrival = person.habit.arrival + between(roll, -0.5, 0.75)
  const later = person.habit.diligent ? 5 : person.kind === 'guest' ? 0 : 2
  const touches = [arrival]
  for (let n = 1; n <= later; n++) touches.push(arrival + (8.5 / later) * (n - between(roll, 0, 0.7)))
  return touches.map((hour) => Math.round(hour * HOUR))
}

/** Devices know no night and no weekend: every four hours, the same minutes each day. */
function deviceTouches({ index }: Person): number[] {
  const first = ((index % 8) / 2) * HOUR + (index % 7) * (HOUR / 60)
  return [0, 4, 8, 12, 16, 20].map((hours) => first + hours * HOUR)
}
