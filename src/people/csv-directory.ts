import { valueKey } from './attributes.ts'
import type { Person } from './person.ts'

/** Who the directory knows by something; several where it is not told apart. */
export type Found = Person | 'several' | undefined

/** Everything people of a file may be found by, in any case of letters. */
export type CsvDirectory = {
  byId(id: string): Person | undefined
  byName(name: string): Person | undefined
  /** By mail, or any other address that mail reaches them under. */
  byAddress(address: string): Found
  byEmployeeId(id: string): Found
  /** Never more than a question: names are not identities. */
  byDisplayName(name: string, department: string): Person[]
}

/** The indexes are made when they are first asked for: most files name people in one way. */
export function csvDirectory(people: readonly Person[]): CsvDirectory {
  const ids = lazily(() => new Map(people.map((person) => [person.id.toLowerCase(), person])))
  const names = lazily(() => new Map(people.map((person) => [person.upn.toLowerCase(), person])))
  const addresses = lazily(() => indexOf(people, addressesOf))
  const employees = lazily(() => indexOf(people, ({ employeeId }) => (employeeId ? [employeeId] : [])))
  const displayed = lazily(() => {
    // Namesakes are few: most names hold their person alone.
    const found = new Map<string, Person | Person[]>()
    for (const person of people) {
      const key = nameKey(person.displayName)
      const other = found.get(key)
      found.set(key, other === undefined ? person : [...[other].flat(), person])
    }
    return found
  })
  return {
    byId: (id) => ids().get(id.toLowerCase()),
    byName: (name) => names().get(name.toLowerCase()),
    byAddress: (address) => addresses().get(address.toLowerCase()),
    byEmployeeId: (id) => employees().get(valueKey(id)),
    byDisplayName(name, department) {
      const found = [displayed().get(nameKey(name)) ?? []].flat()
      const key = valueKey(department)
      return key === '' ? found : found.filter((person) => valueKey(person.department ?? '') === key)
    },
  }
}

function addressesOf({ mail, addresses = [] }: Person): string[] {
  // smtp:, SMTP: and others; those that are no mail say so before the colon.
  const proxies = addresses.flatMap((one) => (/^smtp:/i.test(one) ? one.slice(5) : []))
  return mail === undefined || proxies.includes(mail) ? proxies : [mail, ...proxies]
}

function indexOf(people: readonly Person[], valuesOf: (person: Person) => string[]): Map<string, Found> {
  const index = new Map<string, Found>()
  for (const person of people) {
    for (const value of valuesOf(person)) {
      const key = valueKey(value)
      const other = index.get(key)
      index.set(key, other === undefined || other === person ? person : 'several')
    }
  }
  return index
}

/** Accents, case and the order of first and last name differ between directories. */
function nameKey(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return plain
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
    .toSorted()
    .join(' ')
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
