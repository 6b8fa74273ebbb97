import type { Attribute } from '../plan/schema-members.ts'
import type { Person } from './person.ts'

/** What the directory says, without blanks around it; undefined where it says nothing. */
export function attributeOf(person: Person, attribute: Attribute): string | undefined {
  return person[attribute]?.trim() || undefined
}

/** Values that differ only in case or blanks around them are the same, as they are to the directory. */
export function valueKey(value: string): string {
  return value.trim().toLowerCase()
}

/** How many of these people are in each department, by key. Whoever has none is in none. */
export function departmentSizes(people: Iterable<Person>): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const person of people) {
    const department = attributeOf(person, 'department')
    if (department === undefined) continue
    const key = valueKey(department)
    sizes.set(key, (sizes.get(key) ?? 0) + 1)
  }
  return sizes
}
