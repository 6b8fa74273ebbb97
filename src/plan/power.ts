import type { CompiledPlan } from './compiled-plan.ts'
import { type Finding, type PathStep, warningAt } from './problem.ts'
import { sayShare, WHOLE_BP } from './units.ts'

const CONFIDENCE_GAP = 0.05

/** After no failure among `people`, the rate that 95 % confidence cannot rule out (exact binomial). */
export function rateNotRuledOut(people: number): number {
  if (people <= 0) return 1
  return 1 - CONFIDENCE_GAP ** (1 / people)
}

/** How many people without a failure it takes to show, with 95 % confidence, a rate below the limit. */
export function peopleNeeded(limit: number): number {
  if (limit <= 0) return Number.POSITIVE_INFINITY
  if (limit >= 1) return 1
  return Math.ceil(Math.log(CONFIDENCE_GAP) / Math.log(1 - limit))
}

/** How many failures among `people` show, with 95 % confidence, a rate above the limit. */
export function failuresProving(limit: number, people: number): number {
  let probability = (1 - limit) ** people
  let below = probability
  let failures = 1
  while (failures <= people && 1 - below > CONFIDENCE_GAP) {
    probability *= ((people - failures + 1) / failures) * (limit / (1 - limit))
    below += probability
    failures += 1
  }
  return failures
}

/** A warning when a clean wave of this size would prove less than its lock-out limit says. */
export function waveTooSmall(wave: string, people: number, maxBp: number, path: PathStep[]): Finding[] {
  const needed = peopleNeeded(maxBp / WHOLE_BP)
  if (people === 0 || maxBp === 0 || people >= needed) return []
  const open = sayShare(Math.round(rateNotRuledOut(people) * WHOLE_BP))
  const message = `The wave ${wave} (${people === 1 ? '1 person' : `${people} people`}) cannot prove fewer than ${sayShare(maxBp)} locked out: with nobody locked out the rate could still be ${open}.`
  const hint = `It takes ${needed} people; a smaller wave is fine as a first look, but do not read its pass as proof.`
  return [warningAt(path, 'waveTooSmall', message, hint)]
}

/** The same warning for waves whose size is known only from the tenant. */
export function sizeWarnings(plan: CompiledPlan, people: Readonly<Record<string, number>>): Finding[] {
  return plan.waves.flatMap((wave) =>
    wave.testUsers
      ? []
      : waveTooSmall(wave.name, people[wave.name] ?? 0, wave.gates.budget.lockedOut.maxBp, [
          'waves',
          wave.index,
          'members',
        ]),
  )
}
