import { sayUnclear } from './csv-findings.ts'
import { type Key, type Named, personNamed } from './csv-matches.ts'
import { numbersOf, type Repaired } from './csv-numbers.ts'
import type { PeopleRow } from './csv-people.ts'
import type { ReportInput } from './csv-report.ts'
import type { RowCause, RowStatus } from './csv-status.ts'
import type { Person } from './person.ts'
import type { PhoneType } from './phone-number.ts'

export type RowVerdict = {
  status: RowStatus
  cause?: RowCause
  why?: string
  person?: Person
  /** By which of its cells the person was found. */
  by?: Key
  /** Who it may be. */
  perhaps?: readonly Person[]
  repaired: readonly Repaired[]
  numbers: readonly { type: PhoneType; number: string }[]
  /** People of the file who have the number. */
  sharedBy?: number
  warns: readonly string[]
  /** The number is, or was, that of somebody who is not here any more. */
  hasLeft: boolean
}

type Trouble = { status: RowStatus; cause: RowCause; why: string }

/** One row by itself; what other rows say of it comes later. */
export function judgeRow(row: PeopleRow, input: ReportInput): RowVerdict {
  const { head, directory } = input
  const named = personNamed(row, directory)
  const person = named.is === 'found' ? named.person : undefined
  const { numbers, repaired, warns, cause, why } = numbersOf(row, head, regionOf(person) ?? input.region)
  const number: Trouble | undefined =
    cause === undefined ? undefined : { status: 'needsHuman', cause, why: why ?? '' }
  const trouble = unnamed(row, named) ?? refused(row) ?? (person && barred(person, input)) ?? number
  const aliases = aliasRepair(row, named, input)
  const all = [...aliases, ...repaired]
  return {
    status: all.length > 0 ? 'repaired' : 'matched',
    ...trouble,
    ...(person ? { person } : {}),
    ...(named.is === 'found' ? { by: named.by } : {}),
    ...(named.is === 'perhaps' ? { perhaps: named.people } : {}),
    repaired: all,
    numbers,
    warns,
    hasLeft: named.is === 'notInDirectory' || person?.accountEnabled === false,
  }
}

function unnamed(row: PeopleRow, named: Named): Trouble | undefined {
  switch (named.is) {
    case 'found':
      return undefined
    case 'nobody':
      return { status: 'needsHuman', cause: 'nobody', why: 'the row names nobody' }
    case 'notInDirectory':
      return {
        status: 'notInDirectory',
        cause: 'notInDirectory',
        why: 'nobody in the directory is called so',
      }
    case 'ambiguous':
    case 'several':
    case 'perhaps':
      return { status: 'needsHuman', cause: named.is, why: sayUnclear({ row, ...named }) }
    default:
      return named satisfies never
  }
}

function refused(row: PeopleRow): Trouble | undefined {
  const status = 'needsHuman'
  if (row.state === 'disabled')
    return { status, cause: 'lowering', why: 'the row says Disabled: lowering is only ever a restore' }
  if (row.state === 'unclear')
    return { status, cause: 'stateUnclear', why: 'the MFA status is neither Enabled nor Enforced' }
  const [flag] = row.unclearFlags
  if (flag !== undefined)
    return {
      status,
      cause: 'flagUnclear',
      why: `the flag ${flag} is neither yes nor no: write TRUE or FALSE`,
    }
  if (row.removes)
    return {
      status,
      cause: 'removal',
      why: 'the row asks for numbers to go: only what we added is ever removed',
    }
  return undefined
}

function barred(person: Person, { excluded }: ReportInput): Trouble | undefined {
  const why = excluded(person)
  return why === undefined
    ? undefined
    : { status: 'needsHuman', cause: 'excluded', why: `this person ${why}` }
}

function aliasRepair(row: PeopleRow, named: Named, { head }: ReportInput): Repaired[] {
  if (named.is !== 'found' || !named.isAlias) return []
  const column = head.headers[head.columns.name ?? -1] ?? 'name'
  return [{ column, from: row.name, to: named.person.upn }]
}

/** Two letters; the directory's country may be a word. */
function regionOf(person: Person | undefined): string | undefined {
  const country = person?.usageLocation ?? person?.country
  return country?.length === 2 ? country : undefined
}
