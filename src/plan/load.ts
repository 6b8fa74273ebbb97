import { DECLARED_TIMES, type DeclaredTimes } from '../gates/declared-times.ts'
import { type FileDigests, lintFiles } from './files.ts'
import { lintPlan } from './lint.ts'
import { planHash } from './plan-hash.ts'
import type { Finding, Problem } from './problem.ts'
import type { Plan } from './schema.ts'
import { checkShape } from './shape.ts'
import { locate, type PlanSource, readSource } from './source.ts'

export type LoadedPlan =
  | { ok: true; plan: Plan; warnings: Problem[]; hash: string }
  | { ok: false; problems: Problem[] }

/** Reads, checks and lints a plan. `files`: the digest of each file it names. A plan with one error is refused whole; problems come in the order of the text. */
export function loadPlan(
  text: string,
  declared: DeclaredTimes = DECLARED_TIMES,
  files: FileDigests = {},
): LoadedPlan {
  const read = readSource(text)
  if (!read.ok) return { ok: false, problems: inOrder(read.problems).slice(0, 100) }
  const shape = checkShape(read.source.value)
  if (!shape.ok) return { ok: false, problems: placed(read.source, shape.findings) }
  const problems = placed(read.source, [...lintPlan(shape.plan, declared), ...lintFiles(shape.plan, files)])
  if (problems.some((problem) => problem.severity === 'error')) return { ok: false, problems }
  return { ok: true, plan: shape.plan, warnings: problems, hash: planHash(shape.plan, files) }
}

/** The plan of a text that was taken once, whatever today's rules would say of it. */
export function readPlanText(text: string): Plan | undefined {
  const read = readSource(text)
  if (!read.ok) return undefined
  const shape = checkShape(read.source.value)
  return shape.ok ? shape.plan : undefined
}

/** Puts findings that came later (against the people of the tenant, say) at their place in the plan's text. */
export function locateFindings(text: string, findings: readonly Finding[]): Problem[] {
  const read = readSource(text)
  if (read.ok) return placed(read.source, findings)
  return findings.map((finding) => ({ ...finding, line: 1, column: 1 }))
}

function placed(source: PlanSource, findings: readonly Finding[]): Problem[] {
  return inOrder(findings.map((finding) => locate(source, finding)))
}

function inOrder(problems: Problem[]): Problem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
}
