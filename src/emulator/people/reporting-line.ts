import type { Person } from './person.ts'

/** How many report to one team lead. */
const TEAM = 12

/** Who reports to whom: people to a lead of their department, leads to its head, heads to one at the top. Draws nothing. */
export function giveManagers(people: Person[]): void {
  const departments = new Map<string, Person[]>()
  for (const person of people) {
    if (person.kind !== 'member' || !person.department || person.index === 2) continue
    const colleagues = departments.get(person.department) ?? []
    departments.set(person.department, [...colleagues, person])
  }
  const top = [...departments.values()].map(([head]) => head as Person)
  const [first] = top
  for (const [head, ...others] of departments.values() as Iterable<[Person, ...Person[]]>) {
    if (head !== first) head.manager = first?.id ?? null
    for (const [place, person] of others.entries()) {
      const lead = others[place - (place % TEAM)] as Person
      person.manager = lead === person ? head.id : lead.id
    }
  }
  // The test user reports to the head of IT.
  const tester = people[2]
  if (tester) tester.manager = departments.get('IT')?.[0]?.id ?? null
}
