import type { Attribute } from '../plan/schema-members.ts'
import { attributeOf, valueKey } from './attributes.ts'
import type { Person } from './person.ts'

/** How people are spread over the values of something the directory says of them. */
export interface Spread {
  /** The largest first, as many as a line bears. */
  largest: { value: string; people: number }[]
  /** Different values, those of `largest` among them. */
  values: number
  /** Of whom the directory says none. */
  without: number
}

const SHOWN = 5

export function spreadOf(people: readonly Person[], attribute: Attribute): Spread {
  const counts = new Map<string, { value: string; people: number }>()
  let without = 0
  for (const person of people) {
    const value = attributeOf(person, attribute)
    if (value === undefined) {
      without++
      continue
    }
    const count = counts.get(valueKey(value)) ?? { value, people: 0 }
    count.people++
    counts.set(valueKey(value), count)
  }
  const largest = [...counts.values()].sort((a, b) => b.people - a.people || (a.value < b.value ? -1 : 1))
  return { largest: largest.slice(0, SHOWN), values: counts.size, without }
}

/** How many of these go in one wave with their own manager; null: of nobody is the manager known. */
export function withTheirManager(
  people: readonly Person[],
  managerOf: (person: Person) => string | undefined,
): number | null {
  const ids = new Set(people.map(({ id }) => id))
  let known = 0
  let together = 0
  for (const person of people) {
    const manager = managerOf(person)
    if (manager === undefined) continue
    known++
    if (manager !== person.id && ids.has(manager)) together++
  }
  return known === 0 ? null : together
}
