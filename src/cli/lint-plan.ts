import { fileFinding, kindProblems, stateFindings } from '../people/csv-findings.ts'
import { readPeopleFile } from '../people/csv-people.ts'
import { readTokenFile } from '../people/csv-tokens.ts'
import { compilePlan } from '../plan/compile.ts'
import { type LoadedPlan, loadPlan, locateFindings } from '../plan/load.ts'
import { errorAt, type Finding, warningAt } from '../plan/problem.ts'
import { templateFindings } from '../prepare/template-findings.ts'
import { digestsOf, type PlanFile } from './plan-files.ts'

/** A plan and the files it names, as far as no tenant is needed to judge them. */
export function lintPlanAndFiles(text: string, files: readonly PlanFile[]): LoadedPlan {
  const digests = digestsOf(files)
  const loaded = loadPlan(text, undefined, digests)
  if (!loaded.ok) return loaded
  const compiled = compilePlan(loaded.plan, digests)
  const lists = compiled.waves.flatMap((wave) => {
    const { members } = wave
    const file = members.kind === 'csv' && files.find(({ name }) => name === members.csv)
    if (!file) return []
    const read = readPeopleFile(file.bytes)
    const wrong = [...read.problems, ...kindProblems(read)].map((problem) => fileFinding(wave, problem))
    return [...wrong, ...stateFindings(wave, read)]
  })
  const templates = (compiled.prepare?.notices?.templates ?? []).flatMap(({ file }, index) => {
    const found = files.find(({ name }) => name === file)
    return found ? templateFindings(index, file, found.bytes) : []
  })
  const problems = [
    ...loaded.warnings,
    ...locateFindings(text, [...lists, ...templates, ...files.flatMap(tokenFindings)]),
  ]
  if (problems.some(({ severity }) => severity === 'error')) return { ok: false, problems }
  return { ...loaded, warnings: problems }
}

function tokenFindings({ name, bytes, hasSecrets }: PlanFile): Finding[] {
  if (!hasSecrets) return []
  const at = ['prepare', 'tokens', 'from']
  const { problems, findings } = readTokenFile(bytes)
  return [
    ...problems.map(({ code, line, message, hint }) =>
      errorAt(at, code, `${name}:${line}: ${message}`, hint),
    ),
    ...findings.map(({ code, line, message, hint }) =>
      warningAt(at, code, `${name}:${line}: ${message}`, hint),
    ),
  ]
}
