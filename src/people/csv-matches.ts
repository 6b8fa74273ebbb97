import type { CsvDirectory, Found } from './csv-directory.ts'
import type { PeopleFile, PeopleRow } from './csv-people.ts'
import type { Person } from './person.ts'

/** How a row names its person, the strongest first. */
export type Key = 'id' | 'name' | 'mail' | 'employeeId'

/** The person a row names, or why it names none. */
export type Named =
  | {
      is: 'found'
      person: Person
      by: Key /** The name or mail is not the one they sign in with. */
      isAlias: boolean
    }
  | { is: 'nobody' }
  | { is: 'notInDirectory' }
  /** Two of what it says are two people. */
  | { is: 'ambiguous'; one: Key; other: Key }
  /** The directory has several people by it. */
  | { is: 'several'; by: Key }
  /** Nothing but a name fits; that is a question. */
  | { is: 'perhaps'; people: Person[] }

/** What became of a row: the person it names, or why it names none. */
export type RowMatch = { row: PeopleRow } & (
  | { is: 'matched'; person: Person; by: Key; isAlias: boolean }
  | { is: 'twice'; person: Person; firstLine: number }
  | { is: 'refused'; why: 'disabled' | 'unclearState' | 'nobody' }
  | Exclude<Named, { is: 'found' | 'nobody' }>
)

/** Identity is the object id: where a row has one, nothing else of it finds anybody. */
export function personNamed(row: PeopleRow, directory: CsvDirectory): Named {
  const found = findings(row, directory)
  if (found.length === 0) return nobodyNamed(row, directory)
  const [first, ...others] = found as [[Key, Found], ...[Key, Found][]]
  const [key, person] = first
  const other = others.find(([, one]) => isPerson(one) && isPerson(person) && one.id !== person.id)
  if (other) return { is: 'ambiguous', one: key, other: other[0] }
  if (key === 'id' && person === undefined) return { is: 'notInDirectory' }
  const [by, one] = found.find(([, candidate]) => candidate !== undefined) ?? first
  if (one === undefined) return { ...nobodyNamed(row, directory, 'notInDirectory') }
  if (one === 'several') return { is: 'several', by }
  return { is: 'found', person: one, by, isAlias: isAlias(row, by, one) }
}

function findings(row: PeopleRow, directory: CsvDirectory): [Key, Found][] {
  const found: [Key, Found][] = []
  if (row.id !== '') found.push(['id', directory.byId(row.id)])
  if (row.name !== '') found.push(['name', byAnyName(row.name, directory)])
  if (row.mail !== '') found.push(['mail', byAnyName(row.mail, directory)])
  if (row.employeeId !== '') found.push(['employeeId', directory.byEmployeeId(row.employeeId)])
  return found
}

/** A sign-in name first: it is one person's alone, and may be another's old mail address. */
function byAnyName(name: string, directory: CsvDirectory): Found {
  return directory.byName(name) ?? directory.byId(name) ?? directory.byAddress(name)
}

function nobodyNamed(
  row: PeopleRow,
  directory: CsvDirectory,
  is: 'nobody' | 'notInDirectory' = 'nobody',
): Named {
  if (row.displayName === '') return { is }
  const people = directory.byDisplayName(row.displayName, row.department)
  return people.length > 0 ? { is: 'perhaps', people } : { is: 'notInDirectory' }
}

function isAlias(row: PeopleRow, by: Key, { id, upn }: Person): boolean {
  if (by !== 'name') return false
  const name = row.name.toLowerCase()
  return name !== upn.toLowerCase() && name !== id.toLowerCase()
}

function isPerson(found: Found): found is Person {
  return found !== undefined && found !== 'several'
}

/** Why a row is nothing to act on, whoever it names. */
export function refusalOf(row: PeopleRow): 'disabled' | 'unclearState' | undefined {
  if (row.state === 'disabled') return 'disabled'
  return row.state === 'unclear' ? 'unclearState' : undefined
}

/** Row by row, each person once. */
export function matchRows(file: PeopleFile, directory: CsvDirectory): RowMatch[] {
  const lines = new Map<string, number>()
  return file.rows.map((row): RowMatch => {
    const named = personNamed(row, directory)
    const why = named.is === 'nobody' ? 'nobody' : refusalOf(row)
    if (why !== undefined) return { row, is: 'refused', why }
    if (named.is !== 'found') return { row, ...(named as Exclude<Named, { is: 'found' | 'nobody' }>) }
    const { person, by, isAlias } = named
    const firstLine = lines.get(person.id)
    if (firstLine !== undefined) return { row, is: 'twice', person, firstLine }
    lines.set(person.id, row.line)
    return { row, is: 'matched', person, by, isAlias }
  })
}

/** The people a file names, each once. */
export function peopleOf(matches: readonly RowMatch[]): { person: Person; line: number }[] {
  return matches.flatMap((match) =>
    match.is === 'matched' ? [{ person: match.person, line: match.row.line }] : [],
  )
}
