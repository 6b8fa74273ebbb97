import { type Population, readPopulation } from '../engine/population.ts'
import { readSecurityDefaults, type SecurityDefaults } from '../engine/security-defaults.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { assignWaves, type WaveAssignment } from '../people/cohort.ts'
import { compilePlan } from '../plan/compile.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { FileDigests } from '../plan/files.ts'
import { loadPlan, locateFindings } from '../plan/load.ts'
import { sizeWarnings } from '../plan/power.ts'
import { type Finding, type Problem, warningAt } from '../plan/problem.ts'
import type { Plan } from '../plan/schema.ts'
import { campaignPlanFindings } from './campaign-plan-findings.ts'
import { policyProblems } from './check-policies.ts'
import { templateProblems } from './check-templates.ts'
import { graphFault } from './graph-fault.ts'
import { phoneOnlyFindings } from './phone-only.ts'
import { phonesFileFindings } from './phones-file-findings.ts'
import { targetFindings } from './target-findings.ts'
import { tokensFileFindings } from './tokens-file-findings.ts'

/** A plan as a caller gives it: its text, and the digests of the files it names. */
export interface GivenPlan {
  text: string
  files?: FileDigests | undefined
}

/** Waves that stand, whatever the text says: their cohorts by name, and the positions nothing is found at. */
export interface Standing {
  frozen: Readonly<Record<string, readonly string[]>>
  waves: readonly number[]
}

export interface CheckedPlan {
  plan: Plan
  compiled: CompiledPlan
  hash: string
  warnings: Problem[]
}

/** A plan that fits the tenant, with what was read there to say so. */
export interface FittingPlan extends CheckedPlan {
  defaults: SecurityDefaults
  population: Population
  assignment: WaveAssignment
}

/** The text against its rules alone. @throws planInvalid, planTooLarge */
export function readGiven(world: World, { text, files = {} }: GivenPlan): CheckedPlan {
  const loaded = loadPlan(text, world.declared, files)
  if (!loaded.ok) throw refused(loaded.problems)
  const { plan, hash, warnings } = loaded
  return { plan, compiled: compilePlan(plan, files), hash, warnings }
}

/** A plan against its rules and against the tenant. @throws planInvalid, planTooLarge, and faults of Graph */
export async function checkPlan(
  world: World,
  given: GivenPlan,
  signal: AbortSignal,
  standing: Standing = { frozen: {}, waves: [] },
): Promise<FittingPlan> {
  const read = readGiven(world, given)
  const tenant = await tenantFindings(world, read.compiled, standing, signal)
  const found = locateFindings(given.text, tenant.found)
  if (found.some((problem) => problem.severity === 'error')) throw refused(found)
  const { defaults, population, assignment } = tenant
  return { ...read, warnings: [...read.warnings, ...found], defaults, population, assignment }
}

function refused(problems: readonly Problem[]) {
  const errors = problems.filter((problem) => problem.severity === 'error')
  const [first] = errors
  if (errors.length === 1 && first?.code === 'planTooLarge')
    return fault('planTooLarge', { limit: 1_000_000, problems })
  return fault('planInvalid', {
    count: errors.length,
    first: `${first?.line}:${first?.column} (${first?.message})`,
    // What refuses it first; the rest is advice.
    problems: [...errors, ...problems.filter((problem) => problem.severity === 'warning')],
  })
}

/** What the plan names and the tenant does not have, or has otherwise. */
async function tenantFindings(
  world: World,
  plan: CompiledPlan,
  standing: Standing,
  signal: AbortSignal,
): Promise<Pick<FittingPlan, 'defaults' | 'population' | 'assignment'> & { found: Finding[] }> {
  try {
    const ask = { lane: 'scan' as const, signal }
    const population = await readPopulation(world, plan, ask)
    const { people, groups, hasReport, report } = population
    const assignment = assignWaves(plan, people, groups, standing.frozen)
    const sizes = Object.fromEntries(assignment.waves.map((wave) => [wave.wave, wave.members.length]))
    const target = await targetFindings(world, plan, ask)
    const facts = hasReport ? [] : [withoutReport()]
    const count = assignment.waves.reduce((sum, wave) => sum + wave.members.length, 0)
    const defaults = await readSecurityDefaults(world, plan, ask)
    const policies = await policyProblems(world, plan, defaults, count, ask)
    const taken = assignment.waves.flatMap((wave) => wave.members)
    const phones = phoneOnlyFindings(world, plan, taken, report)
    const numbers = await phonesFileFindings(world, plan)
    const tokens = await tokensFileFindings(world, plan, people)
    const campaign = await campaignPlanFindings(world, plan, ask)
    const templates = await templateProblems(world, plan)
    const all = [
      ...assignment.findings,
      ...numbers,
      ...tokens,
      ...campaign,
      ...templates,
      ...target,
      ...policies,
      ...facts,
      ...phones,
      ...sizeWarnings(plan, sizes),
    ]
    const isOver = (path: string) => standing.waves.some((index) => path.startsWith(`waves[${index}]`))
    return { found: all.filter(({ path }) => !isOver(path)), defaults, population, assignment }
  } catch (error) {
    throw graphFault(error)
  }
}

function withoutReport(): Finding {
  const message =
    'The tenant has no registration report (it needs Entra ID P1): nobody’s readiness is known, nor whom the change would keep out.'
  const hint = 'Every wave will hold with gateUnknown before anybody is touched; get the licence first.'
  return warningAt(['waves'], 'factsNotAvailable', message, hint)
}
