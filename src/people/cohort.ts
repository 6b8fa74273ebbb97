import type { CompiledPlan, CompiledWave } from '../plan/compiled-plan.ts'
import type { Finding } from '../plan/problem.ts'
import { attributeOf, valueKey } from './attributes.ts'
import { type Claims, isFree, isLetGo, openClaims, sourceOf } from './claims.ts'
import { emptyWave, limitFindings, overflowFindings, putBackFindings } from './cohort-findings.ts'
import type { Exclusion } from './exclusion.ts'
import { filterFindings } from './filter.ts'
import type { Person } from './person.ts'
import { type Cut, mostOfDepartment, pickMembers } from './pick.ts'
import type { ResolvedGroups } from './population.ts'
import { reasonsFor } from './reason-chain.ts'
import type { Reason } from './reasons.ts'

export type Cohort = {
  wave: string
  /** Object ids, sorted. */
  members: string[]
  /** People the wave's source holds too, but who are in another wave: the earlier one, or the one that names them. */
  elsewhere: { id: string; wave: string; reason: 'earlierWave' | 'namedWave' }[]
  /** People of the wave's source whom nothing of ours may touch. */
  excluded: { id: string; reason: Exclusion }[]
  /** People whom a limit of the wave kept for later. */
  cut: ReadonlyMap<string, Cut>
}

export type Outside = { id: string; reason: Exclusion | 'notSelected' | 'departmentFull' }

export type WaveAssignment = {
  waves: Cohort[]
  /** Everyone who is in no wave, and why. */
  outside: Outside[]
  /** Of these, who would be in a wave that was frozen before they came. */
  late: string[]
  /** An error among them refuses the plan. */
  findings: Finding[]
  /** What led a person into a wave, or into none, link by link. */
  reasons(id: string): Reason[]
}

/** What waves decided, beside their members; `reasons` reads it. */
export type Trail = {
  claims: Claims
  sources: ReadonlySet<string>[]
  cohorts: Cohort[]
  isFrozen: boolean[]
  /** Who went with the last open wave because a frozen one was missed. */
  tookLate: Set<string>
  /** Who was kept back to be apart from somebody, and put back since no later wave takes them. */
  putBack: Map<string, string>
}

/**
 * Who goes when. The same plan and people give the same answer, in whatever order the people come.
 * `frozen` names the waves whose cohort stands: they keep it, and who would be in one of them by now goes with the
 * last wave that is open.
 */
export function assignWaves(
  plan: CompiledPlan,
  population: readonly Person[],
  resolved: ResolvedGroups,
  frozen: Readonly<Record<string, readonly string[]>> = {},
): WaveAssignment {
  const claims = openClaims(plan, population, resolved)
  claims.findings.push(...filterFindings(plan, population))
  for (const [wave, ids] of Object.entries(frozen)) for (const id of ids) claims.assigned.set(id, wave)
  const isFrozen = plan.waves.map((wave) => Object.hasOwn(frozen, wave.name))
  const trail: Trail = { claims, sources: [], cohorts: [], isFrozen, tookLate: new Set(), putBack: new Map() }
  const lastOpen = plan.waves.findLast((wave) => !isFrozen[wave.index] && takesLate(wave))
  for (const wave of plan.waves) {
    const source = sourceOf(claims, wave)
    trail.sources.push(source)
    const standing = isFrozen[wave.index] ? frozen[wave.name] : undefined
    if (standing === undefined) trail.cohorts.push(fill(trail, wave, source, wave === lastOpen))
    else trail.cohorts.push(stand(claims, wave, source, standing))
  }
  putBack(trail)
  const outside = outsideOf(trail, population)
  claims.findings.push(...overflowFindings(plan, trail.cohorts, outside))
  return {
    waves: trail.cohorts,
    outside,
    late: [...claims.late.keys()].filter((id) => isFree(claims, id)).sort(),
    findings: claims.findings,
    reasons: (id) => reasonsFor(trail, id),
  }
}

/** Test users are named, and administrators are taken by no wave but their own. */
function takesLate({ members }: CompiledWave): boolean {
  return members.kind !== 'users' && members.kind !== 'administrators'
}

/** A frozen wave keeps its people. Whoever else belongs in it by now waits for the next share, or is late. */
function stand(
  claims: Claims,
  wave: CompiledWave,
  source: ReadonlySet<string>,
  standing: readonly string[],
): Cohort {
  for (const id of source) {
    const isNamedHere = wave.members.kind === 'csv' && claims.named.get(id) === wave.name
    if (!isFree(claims, id) && !(isNamedHere && !claims.assigned.has(id))) continue
    if (isLimited(wave)) claims.waiting.add(id)
    else if (!claims.late.has(id)) claims.late.set(id, wave.name)
  }
  return { wave: wave.name, members: [...standing].sort(), elsewhere: [], excluded: [], cut: new Map() }
}

/** Not everybody of its source was in it when it was frozen, so whoever is not need not have come later. */
function isLimited({ limits }: CompiledWave): boolean {
  return limits.max !== null || limits.maxPerDepartmentBp !== null || limits.managerApart
}

function fill(trail: Trail, wave: CompiledWave, source: ReadonlySet<string>, isLastOpen: boolean): Cohort {
  const { claims } = trail
  const cohort: Cohort = { wave: wave.name, members: [], elsewhere: [], excluded: [], cut: new Map() }
  const candidates = new Map<string, Person>()
  const takesLate = claims.plan.newJoiners === 'last-wave'
  for (const id of source) {
    const person =
      wave.members.kind === 'administrators' ? administrator(claims, id) : claim(claims, id, cohort)
    if (person !== undefined && (takesLate || !claims.late.has(id))) candidates.set(id, person)
  }
  for (const id of isLastOpen && takesLate ? claims.late.keys() : []) {
    const person = claims.eligible.get(id)
    if (person === undefined || !isFree(claims, id)) continue
    candidates.set(id, person)
    trail.tookLate.add(id)
  }
  const { bucket, departmentSizes } = claims
  const people = [...candidates.values()]
  const picked = pickMembers({ candidates: people, limits: wave.limits, bucket, departmentSizes })
  cohort.members = picked.taken.map((person) => person.id).sort()
  cohort.cut = picked.cut
  for (const id of cohort.members) claims.assigned.set(id, wave.name)
  for (const id of picked.cut.keys()) claims.waiting.add(id)
  claims.findings.push(...emptyWave(wave, cohort), ...limitFindings(wave, picked.taken, people))
  return cohort
}

function claim(claims: Claims, id: string, cohort: Cohort): Person | undefined {
  const reason = claims.excluded.get(id)
  const earlier = claims.assigned.get(id)
  const ownName = claims.named.get(id)
  const person = claims.eligible.get(id)
  if (reason !== undefined) cohort.excluded.push({ id, reason })
  else if (person === undefined) return undefined
  else if (earlier !== undefined) cohort.elsewhere.push({ id, wave: earlier, reason: 'earlierWave' })
  else if (ownName !== undefined && ownName !== cohort.wave && !isLetGo(claims, id)) {
    cohort.elsewhere.push({ id, wave: ownName, reason: 'namedWave' })
  } else return person
  return undefined
}

function administrator(claims: Claims, id: string): Person | undefined {
  return claims.assigned.has(id) ? undefined : claims.administrators.get(id)
}

/** Apart is worth less than MFA: who was kept back for it and is taken by no later wave goes after all, and is named. */
function putBack(trail: Trail): void {
  const { claims } = trail
  for (const wave of claims.plan.waves) {
    const cohort = trail.cohorts[wave.index] as Cohort
    const back = [...cohort.cut].flatMap(([id, cut]) => {
      if (cut.limit !== 'manager' || !isFree(claims, id) || !hasRoom(claims, wave, cohort, id)) return []
      cohort.members.push(id)
      claims.assigned.set(id, wave.name)
      trail.putBack.set(id, cut.other)
      return [{ id, other: cut.other }]
    })
    cohort.members.sort()
    claims.findings.push(...putBackFindings(wave, back, claims.eligible))
  }
}

function hasRoom(
  { eligible, departmentSizes }: Claims,
  wave: CompiledWave,
  cohort: Cohort,
  id: string,
): boolean {
  const { max, maxPerDepartmentBp } = wave.limits
  if (max !== null && cohort.members.length >= max) return false
  const keyOf = (one: string) => valueKey(attributeOf(eligible.get(one) as Person, 'department') ?? '')
  const key = keyOf(id)
  if (maxPerDepartmentBp === null || key === '') return true
  const there = cohort.members.filter((member) => keyOf(member) === key).length
  return there < mostOfDepartment(maxPerDepartmentBp, departmentSizes.get(key) ?? 0)
}

function outsideOf({ claims, cohorts }: Trail, population: readonly Person[]): Outside[] {
  const isFull = (id: string) => cohorts.some(({ cut }) => cut.get(id)?.limit === 'department')
  return population
    .filter((person) => !claims.assigned.has(person.id))
    .map(({ id }): Outside => {
      const excluded = claims.excluded.get(id)
      return { id, reason: excluded ?? (isFull(id) ? 'departmentFull' : 'notSelected') }
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}
