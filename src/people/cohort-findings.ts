import type { CompiledPlan, CompiledWave } from '../plan/compiled-plan.ts'
import { errorAt, type Finding, warningAt } from '../plan/problem.ts'
import { attributeOf } from './attributes.ts'
import type { Cohort, Outside } from './cohort.ts'
import type { Person } from './person.ts'

/** As many names as a warning lists. */
const SOME = 5

/** A named source without anybody is a mistake in the plan; a share that happens to catch nobody may fill up later. */
export function emptyWave(wave: CompiledWave, cohort: Cohort): Finding[] {
  if (cohort.members.length > 0) return []
  const path = ['waves', wave.index, 'members']
  const hint = 'Nobody of it is left after earlier waves and exclusions; drop the wave or change its members.'
  const message = `The wave ${wave.name} is empty.`
  switch (wave.members.kind) {
    case 'users':
    case 'csv':
    case 'group':
    case 'filter':
    case 'administrators':
      return [errorAt(path, 'emptyWave', message, hint)]
    case 'share':
    case 'rest':
      return [warningAt(path, 'emptyWave', message, hint)]
    default:
      return wave.members satisfies never
  }
}

/** Limits that cannot act on some people, since the directory does not say what they need. */
export function limitFindings(
  wave: CompiledWave,
  taken: readonly Person[],
  candidates: readonly Person[],
): Finding[] {
  const path = ['waves', wave.index, 'members']
  const findings: Finding[] = []
  const unplaced = taken.filter((person) => attributeOf(person, 'department') === undefined).length
  if (wave.limits.maxPerDepartmentBp !== null && unplaced > 0) {
    const message = `${people(unplaced)} in the wave ${wave.name} without a department: the limit does not hold for them.`
    const hint = 'Fill in their department in the directory, or go on knowing it.'
    findings.push(warningAt([...path, 'maxPerDepartment'], 'departmentUnknown', message, hint))
  }
  const anyManager = candidates.some((person) => person.managerId !== undefined)
  if (wave.limits.managerApart && candidates.length > 0 && !anyManager) {
    const message = `Nobody of the wave ${wave.name} has a manager in the directory: nobody is kept apart.`
    const hint = 'Fill in managers in the directory, or leave the key out.'
    findings.push(warningAt([...path, 'managerApart'], 'managerUnknown', message, hint))
  }
  return findings
}

/** People who stay in a wave with their manager or a report of theirs, since no later wave takes them. */
export function putBackFindings(
  wave: CompiledWave,
  back: readonly { id: string; other: string }[],
  eligible: ReadonlyMap<string, Person>,
): Finding[] {
  if (back.length === 0) return []
  const name = (id: string) => eligible.get(id)?.upn ?? id
  const pairs = back.slice(0, SOME).map(({ id, other }) => `${name(id)} with ${name(other)}`)
  const more = back.length > SOME ? `, and ${back.length - SOME} more` : ''
  const message = `The wave ${wave.name} holds people together with their manager: ${pairs.join(', ')}${more}.`
  const hint = 'No later wave would take them; add one, such as members: rest.'
  return [warningAt(['waves', wave.index, 'members', 'managerApart'], 'managerTogether', message, hint)]
}

/** People whose department was full in every wave that would have taken them. */
export function overflowFindings(
  plan: CompiledPlan,
  cohorts: readonly Cohort[],
  outside: readonly Outside[],
): Finding[] {
  const full = new Set(outside.filter((one) => one.reason === 'departmentFull').map((one) => one.id))
  return plan.waves.toReversed().flatMap((wave) => {
    const here = [...(cohorts[wave.index]?.cut.keys() ?? [])].filter((id) => full.delete(id)).length
    if (here === 0) return []
    const message = `${people(here)} in no wave: their department is full in ${wave.name}, and no later wave takes them.`
    const hint = 'Add a wave behind it, such as members: rest, or raise maxPerDepartment.'
    const path = ['waves', wave.index, 'members', 'maxPerDepartment']
    return [warningAt(path, 'departmentOverflow', message, hint)]
  })
}

function people(count: number): string {
  return count === 1 ? '1 person is' : `${count} people are`
}
