import type { CompiledPlan, CompiledWave } from '../plan/compiled-plan.ts'
import { errorAt, type Finding, warningAt } from '../plan/problem.ts'
import { bucketOf, shareEnd } from './bucket.ts'
import { type Exclusion, exclusionOf } from './exclusion.ts'
import { checkNamed } from './named.ts'
import type { Person } from './person.ts'
import { membersOf, protectedBy, type ResolvedGroups, registerOf } from './population.ts'

export type Cohort = {
  wave: string
  /** Object ids, sorted. */
  members: string[]
  /** People the wave's source holds too, but who are in another wave: the earlier one, or the one that names them. */
  elsewhere: { id: string; wave: string; reason: 'earlierWave' | 'namedWave' }[]
  /** People of the wave's source whom nothing of ours may touch. */
  excluded: { id: string; reason: Exclusion }[]
}

export type Outside = { id: string; reason: Exclusion | 'notSelected' }

/** `findings` with an error refuse the plan. `outside` lists everyone who is in no wave, and why. */
export type WaveAssignment = { waves: Cohort[]; outside: Outside[]; findings: Finding[] }

/**
 * Who goes when. The same plan and people give the same answer, in whatever order the people come.
 * `frozen` names the waves whose cohort stands: they keep it, and newcomers go to what is still open.
 */
export function assignWaves(
  plan: CompiledPlan,
  population: readonly Person[],
  resolved: ResolvedGroups,
  frozen: Readonly<Record<string, readonly string[]>> = {},
): WaveAssignment {
  const findings: Finding[] = []
  const register = registerOf(population)
  const protectedIds = protectedBy(plan, register, resolved, findings)
  const excluded = new Map<string, Exclusion>()
  const eligible = new Set<string>()
  for (const person of population) {
    const reason = exclusionOf(person, protectedIds)
    if (reason === undefined) eligible.add(person.id)
    else excluded.set(person.id, reason)
  }
  const named = checkNamed(plan, register, excluded, findings)
  const assigned = new Map<string, string>()
  for (const [wave, ids] of Object.entries(frozen)) for (const id of ids) assigned.set(id, wave)
  const waves: Cohort[] = []
  let from = 0
  for (const wave of plan.waves) {
    const cohort: Cohort = { wave: wave.name, members: [], elsewhere: [], excluded: [] }
    waves.push(cohort)
    const source = sourceOf(wave)
    const standing = Object.hasOwn(frozen, wave.name) ? frozen[wave.name] : undefined
    if (standing !== undefined) {
      cohort.members = [...standing].sort()
      continue
    }
    for (const id of source) claim(id, cohort)
    for (const id of cohort.members) assigned.set(id, wave.name)
    cohort.members.sort()
    findings.push(...emptyWave(wave, cohort))
  }
  const outside = population
    .filter((person) => !assigned.has(person.id))
    .map((person): Outside => ({ id: person.id, reason: excluded.get(person.id) ?? 'notSelected' }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  return { waves, outside, findings }

  function sourceOf(wave: CompiledWave): Iterable<string> {
    const { members } = wave
    switch (members.kind) {
      case 'users':
        return new Set(members.users.flatMap((name) => register.find(name)?.id ?? []))
      case 'group':
        return new Set(
          membersOf(resolved, members.group, ['waves', wave.index, 'members', 'group'], findings),
        )
      case 'share':
        return takeShare(members.shareBp)
      case 'rest':
        return [...eligible].filter((id) => !assigned.has(id) && !named.has(id))
      default:
        return members satisfies never
    }
  }

  function takeShare(shareBp: number): string[] {
    const start = from
    from = shareEnd(start, shareBp)
    return [...eligible].filter((id) => {
      if (assigned.has(id) || named.has(id)) return false
      const bucket = bucketOf(plan.salt, id)
      return bucket >= start && bucket < from
    })
  }

  function claim(id: string, cohort: Cohort): void {
    const reason = excluded.get(id)
    const earlier = assigned.get(id)
    const ownName = named.get(id)
    if (reason !== undefined) cohort.excluded.push({ id, reason })
    else if (!eligible.has(id)) return
    else if (earlier !== undefined) cohort.elsewhere.push({ id, wave: earlier, reason: 'earlierWave' })
    else if (ownName !== undefined && ownName !== cohort.wave) {
      cohort.elsewhere.push({ id, wave: ownName, reason: 'namedWave' })
    } else cohort.members.push(id)
  }
}

/** A named source without anybody is a mistake in the plan; a share that happens to catch nobody may fill up later. */
function emptyWave(wave: CompiledWave, cohort: Cohort): Finding[] {
  if (cohort.members.length > 0) return []
  const path = ['waves', wave.index, 'members']
  const hint = 'Nobody of it is left after earlier waves and exclusions; drop the wave or change its members.'
  const message = `The wave ${wave.name} is empty.`
  switch (wave.members.kind) {
    case 'users':
    case 'group':
      return [errorAt(path, 'emptyWave', message, hint)]
    case 'share':
    case 'rest':
      return [warningAt(path, 'emptyWave', message, hint)]
    default:
      return wave.members satisfies never
  }
}
