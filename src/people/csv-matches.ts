import type { PeopleFile, PeopleRow } from './csv-people.ts'
import type { Person } from './person.ts'
import type { Register } from './population.ts'

/** What became of a row: the person it names, or why it names none. */
export type RowMatch = { row: PeopleRow } & (
  | { is: 'matched'; person: Person }
  | { is: 'notInDirectory' }
  /** Its id and its sign-in name are two people. */
  | { is: 'ambiguous' }
  | { is: 'twice'; firstLine: number }
  | { is: 'refused'; why: 'disabled' | 'unclearState' | 'nobody' }
)

/** Row by row. Identity is the object id: where a row has one, its sign-in name finds nobody else. */
export function matchRows(file: PeopleFile, register: Register): RowMatch[] {
  const lines = new Map<string, number>()
  return file.rows.map((row): RowMatch => {
    if (row.id === '' && row.name === '') return { row, is: 'refused', why: 'nobody' }
    if (row.state === 'disabled') return { row, is: 'refused', why: 'disabled' }
    if (row.state === 'unclear') return { row, is: 'refused', why: 'unclearState' }
    const byId = row.id === '' ? undefined : register.find(row.id)
    const byName = row.name === '' ? undefined : register.find(row.name)
    if (byId !== undefined && byName !== undefined && byId.id !== byName.id) return { row, is: 'ambiguous' }
    const person = row.id === '' ? byName : byId
    if (person === undefined) return { row, is: 'notInDirectory' }
    const firstLine = lines.get(person.id)
    if (firstLine !== undefined) return { row, is: 'twice', firstLine }
    lines.set(person.id, row.line)
    return { row, is: 'matched', person }
  })
}

/** The people a file names, each once. */
export function peopleOf(matches: readonly RowMatch[]): { person: Person; line: number }[] {
  return matches.flatMap((match) =>
    match.is === 'matched' ? [{ person: match.person, line: match.row.line }] : [],
  )
}
