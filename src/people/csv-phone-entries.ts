import { csvDirectory } from './csv-directory.ts'
import { personNamed, refusalOf } from './csv-matches.ts'
import type { PeopleFile } from './csv-people.ts'
import type { Person } from './person.ts'
import { type PhoneType, readPhone } from './phone-number.ts'

/** What a file gives somebody: a number, or several that contradict each other. */
export interface NumberInFile {
  typed: string
  doubt?: string
}

/**
 * The numbers a file gives people, by object id. A row that names nobody, or more than one, gives nothing: the row report
 * says so. Two rows with different numbers for one person are a question.
 */
export function numbersInFile(
  file: PeopleFile,
  people: readonly Person[],
  type: PhoneType,
): Map<string, NumberInFile> {
  const directory = csvDirectory(people)
  const found = new Map<string, NumberInFile>()
  const lines = new Map<string, number>()
  for (const row of file.rows) {
    const named = personNamed(row, directory)
    const typed = row[type].trim()
    if (named.is !== 'found' || refusalOf(row) !== undefined || typed === '') continue
    const { id, usageLocation } = named.person
    const before = found.get(id)
    if (before === undefined) {
      found.set(id, { typed })
      lines.set(id, row.line)
    } else if (!isSame(before.typed, typed, type, usageLocation)) {
      before.doubt = `lines ${lines.get(id)} and ${row.line} of the file give different numbers`
    }
  }
  return found
}

function isSame(one: string, other: string, type: PhoneType, region: string | undefined): boolean {
  const [first, second] = [one, other].map((typed) => readPhone(typed, { type, region }))
  if (first && second && 'number' in first && 'number' in second) return first.number === second.number
  return one === other
}
