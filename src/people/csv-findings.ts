import type { CompiledWave } from '../plan/compiled-plan.ts'
import { errorAt, type Finding, type ProblemCode, warningAt } from '../plan/problem.ts'
import type { Key, RowMatch } from './csv-matches.ts'
import type { FileProblem, PeopleFile, PeopleRow } from './csv-people.ts'

/** As many rows of one kind as a plan's problems name. */
const SOME = 20

/** What is wrong with the file of a wave, and with whom it names, by line of the file. */
export function csvFindings(wave: CompiledWave, file: PeopleFile, matches: readonly RowMatch[]): Finding[] {
  const problems = [...file.problems, ...kindProblems(file)]
  return [...problems.map((problem) => fileFinding(wave, problem)), ...rowFindings(wave, matches)]
}

/** A file that names people, and is for another place all the same. */
export function kindProblems({ shape }: PeopleFile): FileProblem[] {
  if (shape !== 'tokens') return []
  const message = 'This is a vendor’s list of hardware tokens with their secrets, not a list of people.'
  const hint = 'A wave’s file names people; a list of tokens belongs to prepare.tokens.from.'
  return [{ code: 'csvWrongKind', line: 1, message, hint }]
}

/** The findings of a file that is looked at by itself, without a tenant. */
export function fileFinding(wave: Pick<CompiledWave, 'index' | 'members'>, problem: FileProblem): Finding {
  const { code, line, message, hint, warns } = problem
  const at = warns === true ? warningAt : errorAt
  return at(csvPath(wave.index), code, `${place(wave, line)}: ${message}`, hint)
}

/** What rows say that no directory is needed for: whom the file would lower, and what cannot be read. */
export function stateFindings(
  wave: Pick<CompiledWave, 'index' | 'members'>,
  { rows }: Pick<PeopleFile, 'rows'>,
): Finding[] {
  const disabled = rows.filter((row) => row.state === 'disabled')
  const unclear = rows.filter((row) => row.state === 'unclear')
  const [first] = disabled
  const findings: Finding[] = []
  if (first !== undefined) {
    const count = disabled.length === 1 ? '1 row says' : `${disabled.length} rows say`
    const message = `${place(wave, first.line)}: ${count} Disabled, the first here; lowering is only ever a restore.`
    const hint = 'Take these rows out; `rollout rollback` puts people back to what was recorded before.'
    findings.push(errorAt(csvPath(wave.index), 'csvLowering', message, hint))
  }
  const lines = unclear.map(({ line }) => ({ line, text: 'the MFA status is neither Enabled nor Enforced' }))
  return [
    ...findings,
    ...some(wave, 'csvStateUnknown', lines, 'Write Enabled or Enforced, or drop the column.'),
  ]
}

function rowFindings(wave: CompiledWave, matches: readonly RowMatch[]): Finding[] {
  const lines: Record<'missing' | 'twice' | 'ambiguous' | 'alias', Line[]> = {
    missing: [],
    twice: [],
    ambiguous: [],
    alias: [],
  }
  for (const match of matches) {
    const { line } = match.row
    const who = whoIn(match.row)
    if (match.is === 'notInDirectory') lines.missing.push({ line, text: `there is no ${who} in the tenant` })
    if (match.is === 'refused' && match.why === 'nobody')
      lines.missing.push({ line, text: 'nobody is named' })
    if (match.is === 'twice') {
      lines.twice.push({ line, text: `${who} stands in line ${match.firstLine} already` })
    }
    if (match.is === 'ambiguous' || match.is === 'several' || match.is === 'perhaps')
      lines.ambiguous.push({ line, text: sayUnclear(match) })
    if (match.is === 'matched' && match.isAlias)
      lines.alias.push({ line, text: `${match.row.name} is an address of ${match.person.upn}, who is taken` })
  }
  const rows = matches.map(({ row }) => row)
  return [
    ...stateFindings(wave, { rows }),
    ...some(wave, 'csvPersonMissing', lines.missing, 'Check the spelling of the sign-in name or object id.'),
    ...some(wave, 'csvPersonTwice', lines.twice, 'Name each person once.'),
    ...some(
      wave,
      'csvPersonAmbiguous',
      lines.ambiguous,
      'Say who is meant by their object id or sign-in name: identity is the object id.',
    ),
    ...some(wave, 'csvPersonByAlias', lines.alias, 'Write the sign-in name, if you like.', warningAt),
  ]
}

const KEYS: Record<Key, string> = {
  id: 'id',
  name: 'sign-in name',
  mail: 'mail address',
  employeeId: 'employee id',
}

/** What a row calls its person. */
export function whoIn({ id, name, mail, employeeId, displayName }: PeopleRow): string {
  return id || name || mail || employeeId || displayName
}

function sayKey(row: PeopleRow, key: Key): string {
  return `${KEYS[key]} ${row[key]}`
}

/** Why nobody knows who a row means. */
export function sayUnclear(match: RowMatch & { is: 'ambiguous' | 'several' | 'perhaps' }): string {
  switch (match.is) {
    case 'ambiguous':
      return `the ${sayKey(match.row, match.one)} and the ${sayKey(match.row, match.other)} are two people`
    case 'several':
      return `several people have the ${sayKey(match.row, match.by)}`
    case 'perhaps': {
      const people = match.people.slice(0, 3).map(({ upn }) => upn)
      const more =
        match.people.length > people.length ? ` or ${match.people.length - people.length} more` : ''
      return `${whoIn(match.row)} may be ${people.join(' or ')}${more}; a name alone decides nothing`
    }
    default:
      return match satisfies never
  }
}

export type Line = { line: number; text: string }

/** One finding a line, up to a number that people read; then how many more there are. */
export function some(
  wave: Pick<CompiledWave, 'index' | 'members'>,
  code: ProblemCode,
  lines: readonly Line[],
  hint: string,
  at: typeof errorAt = errorAt,
): Finding[] {
  const path = csvPath(wave.index)
  const named = lines
    .slice(0, SOME)
    .map(({ line, text }) => at(path, code, `${place(wave, line)}: ${text}.`, hint))
  const [next] = lines.slice(SOME)
  if (next === undefined) return named
  const message = `${place(wave, next.line)}: ${lines.length - SOME} more of the same, from this line on.`
  return [...named, at(path, code, message, hint)]
}

function csvPath(index: number): (string | number)[] {
  return ['waves', index, 'members', 'csv']
}

function place(wave: Pick<CompiledWave, 'members'>, line: number): string {
  return `${nameOf(wave)}:${line}`
}

/** The file of a wave, as the plan names it. */
export function nameOf({ members }: Pick<CompiledWave, 'members'>): string {
  return members.kind === 'csv' ? members.csv : 'file'
}
