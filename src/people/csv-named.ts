import type { CompiledPlan, CompiledWave } from '../plan/compiled-plan.ts'
import { errorAt, type Finding, type ProblemCode, warningAt } from '../plan/problem.ts'
import { contradictions } from './csv-contradictions.ts'
import { csvDirectory } from './csv-directory.ts'
import { csvFindings, some } from './csv-findings.ts'
import { matchRows, peopleOf, type RowMatch } from './csv-matches.ts'
import { codeFor, type Exclusion, sayExclusion } from './exclusion.ts'
import type { Person } from './person.ts'
import type { ResolvedGroups } from './population.ts'

/** The people whom the file of each wave names, by position of the wave. */
export type Listed = ReadonlyMap<number, readonly { person: Person; line: number }[]>

export function readListed(
  plan: CompiledPlan,
  population: readonly Person[],
  resolved: ResolvedGroups,
  findings: Finding[],
): Listed {
  const directory = csvDirectory(population)
  const read: { wave: CompiledWave; matches: RowMatch[] }[] = []
  const listed = new Map<number, { person: Person; line: number }[]>()
  for (const wave of plan.waves) {
    if (wave.members.kind !== 'csv') continue
    const { csv, digest } = wave.members
    const file = resolved.files?.[digest]
    if (file === undefined) {
      const hint = 'Upload the file: POST /files; the command line does so by itself.'
      const message = `No file ${digest} has been uploaded, which the plan names as ${csv}.`
      findings.push(errorAt(['waves', wave.index, 'members', 'csv'], 'fileMissing', message, hint))
      continue
    }
    const matches = matchRows(file, directory)
    read.push({ wave, matches })
    findings.push(...csvFindings(wave, file, matches))
    listed.set(wave.index, peopleOf(matches))
  }
  findings.push(...contradictions(read))
  return listed
}

type Refused = { line: number; person: Person; reason: Exclude<Exclusion, 'adopted'> }

/**
 * Adds the people of a wave's file to those who are named. Who must never be in a wave refuses the plan; who merely
 * cannot be in one now is left out with a warning: a list from elsewhere is older than the directory.
 */
export function nameListed(
  wave: CompiledWave,
  listed: Listed,
  excluded: ReadonlyMap<string, Exclusion>,
  named: Map<string, string>,
  findings: Finding[],
): void {
  const refused: Refused[] = []
  const twice: { line: number; text: string }[] = []
  for (const { person, line } of listed.get(wave.index) ?? []) {
    const reason = excluded.get(person.id)
    const earlier = named.get(person.id)
    // Under MFA already: named, and left as they are.
    if (reason === 'adopted') continue
    if (reason !== undefined) refused.push({ line, person, reason })
    else if (earlier !== undefined) twice.push({ line, text: `${person.upn} is named in ${earlier} already` })
    else named.set(person.id, wave.name)
  }
  const codes = new Set(refused.map(({ reason }) => codeFor(reason)))
  for (const code of codes) findings.push(...exclusionFindings(wave, code, refused))
  findings.push(...some(wave, 'personInTwoWaves', twice, 'Name each person once.'))
}

function exclusionFindings(wave: CompiledWave, code: ProblemCode, refused: readonly Refused[]): Finding[] {
  const lines = refused
    .filter(({ reason }) => codeFor(reason) === code)
    .map(({ line, person, reason }) => ({ line, text: `${person.upn} ${sayExclusion(reason)}` }))
  const isLeftOut = code === 'disabledInWave' || code === 'guestInWave'
  if (isLeftOut) return some(wave, code, lines, 'This person is left out, by name.', warningAt)
  return some(wave, code, lines, 'Take this person out of the file.')
}
