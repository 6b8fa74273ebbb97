import type { CompiledWave } from '../plan/compiled-plan.ts'
import { errorAt, type Finding, type ProblemCode, warningAt } from '../plan/problem.ts'
import type { RowMatch } from './csv-matches.ts'
import type { FileProblem, PeopleFile } from './csv-people.ts'

/** As many rows of one kind as a plan's problems name. */
const SOME = 20

/** What is wrong with the file of a wave, and with whom it names, by line of the file. */
export function csvFindings(wave: CompiledWave, file: PeopleFile, matches: readonly RowMatch[]): Finding[] {
  return [...file.problems.map((problem) => fileFinding(wave, problem)), ...rowFindings(wave, matches)]
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
  { rows }: PeopleFile,
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
  const lines: Record<'missing' | 'twice' | 'ambiguous', Line[]> = { missing: [], twice: [], ambiguous: [] }
  for (const match of matches) {
    const { line, name, id } = match.row
    const who = id || name
    if (match.is === 'notInDirectory') lines.missing.push({ line, text: `there is no ${who} in the tenant` })
    if (match.is === 'refused' && match.why === 'nobody')
      lines.missing.push({ line, text: 'nobody is named' })
    if (match.is === 'twice') {
      lines.twice.push({ line, text: `${who} stands in line ${match.firstLine} already` })
    }
    if (match.is === 'ambiguous') {
      lines.ambiguous.push({ line, text: `the id ${id} and the sign-in name ${name} are two people` })
    }
  }
  const rows = matches.map(({ row }) => row)
  return [
    ...stateFindings(wave, { rows, problems: [], encoding: 'utf-8', unread: [] }),
    ...some(wave, 'csvPersonMissing', lines.missing, 'Check the spelling of the sign-in name or object id.'),
    ...some(wave, 'csvPersonTwice', lines.twice, 'Name each person once.'),
    ...some(
      wave,
      'csvPersonAmbiguous',
      lines.ambiguous,
      'Correct one of the two: identity is the object id.',
    ),
  ]
}

type Line = { line: number; text: string }

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

function place({ members }: Pick<CompiledWave, 'members'>, line: number): string {
  return members.kind === 'csv' ? `${members.csv}:${line}` : String(line)
}
