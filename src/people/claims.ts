import type { CompiledPlan, CompiledWave } from '../plan/compiled-plan.ts'
import type { Finding } from '../plan/problem.ts'
import { departmentSizes } from './attributes.ts'
import { bucketOf, shareEnd } from './bucket.ts'
import { type Listed, readListed } from './csv-named.ts'
import { type Exclusion, exclusionOf, type Protected } from './exclusion.ts'
import { filtered } from './filter.ts'
import { checkNamed } from './named.ts'
import type { Person } from './person.ts'
import { membersOf, protectedBy, type Register, type ResolvedGroups, registerOf } from './population.ts'
import type { Range } from './reasons.ts'

/** What is known of everybody before waves take turns, and what they have taken so far. */
export type Claims = {
  plan: CompiledPlan
  register: Register
  resolved: ResolvedGroups
  findings: Finding[]
  excluded: Map<string, Exclusion>
  eligible: Map<string, Person>
  /** Hold a directory role and have a policy of their own: one wave takes them, and no other. */
  administrators: Map<string, Person>
  /** Whom a wave names, and which. */
  named: Map<string, string>
  /** Whom the file of a wave names. */
  listed: Listed
  departmentSizes: Map<string, number>
  bucket(id: string): number
  /** Where each wave that takes a share begins and ends, by position. */
  ranges: (Range | undefined)[]
  assigned: Map<string, string>
  /** Kept back by a limit of an earlier wave: the next share takes them, whatever their bucket. */
  waiting: Set<string>
  /** Would be in a wave that was frozen without them. */
  late: Map<string, string>
}

export function openClaims(
  plan: CompiledPlan,
  population: readonly Person[],
  resolved: ResolvedGroups,
): Claims {
  const findings: Finding[] = []
  const register = registerOf(population)
  const protectedIds = protectedBy(plan, register, resolved, findings)
  const excluded = new Map<string, Exclusion>()
  const eligible = new Map<string, Person>()
  const administrators = new Map<string, Person>()
  for (const person of population) {
    const reason = exclusionOf(person, protectedIds)
    if (reason === undefined) eligible.set(person.id, person)
    else excluded.set(person.id, reason)
    if (plan.enforce.administrators && isAdministrator(person, reason, protectedIds))
      administrators.set(person.id, person)
  }
  const listed = readListed(plan, population, resolved, findings)
  return {
    plan,
    register,
    resolved,
    findings,
    excluded,
    eligible,
    administrators,
    named: checkNamed(plan, register, excluded, listed, findings),
    listed,
    departmentSizes: departmentSizes(eligible.values()),
    bucket: remembered((id) => bucketOf(plan.salt, id)),
    ranges: rangesOf(plan),
    assigned: new Map(),
    waiting: new Set(),
    late: new Map(),
  }
}

/** Whom nothing of ours may touch, and why. */
export function exclusionsOf(
  plan: CompiledPlan,
  population: readonly Person[],
  resolved: ResolvedGroups,
): ReadonlyMap<string, Exclusion> {
  return openClaims(plan, population, resolved).excluded
}

/** Nothing but the directory role keeps this person out of the waves. */
function isAdministrator(person: Person, reason: Exclusion | undefined, protectedIds: Protected): boolean {
  return reason === 'directoryRole' && exclusionOf({ ...person, isAdmin: false }, protectedIds) === undefined
}

function remembered(find: (id: string) => number): (id: string) => number {
  const known = new Map<string, number>()
  return (id) => {
    const before = known.get(id)
    if (before !== undefined) return before
    const found = find(id)
    known.set(id, found)
    return found
  }
}

function rangesOf(plan: CompiledPlan): (Range | undefined)[] {
  let from = 0
  return plan.waves.map(({ members }) => {
    if (members.kind !== 'share') return undefined
    const range = { from, to: shareEnd(from, members.shareBp) }
    from = range.to
    return range
  })
}

/**
 * Whom a wave's source holds, whether or not they may be in it. A share holds only people who are free, and those of
 * lower buckets whom a limit kept back.
 */
export function sourceOf(claims: Claims, wave: CompiledWave): Set<string> {
  const { members } = wave
  switch (members.kind) {
    case 'users':
      return new Set(members.users.flatMap((name) => claims.register.find(name)?.id ?? []))
    case 'csv':
      return new Set(claims.listed.get(wave.index)?.map(({ person }) => person.id))
    case 'group': {
      const path = ['waves', wave.index, 'members', 'group']
      return new Set(membersOf(claims.resolved, members.group, path, claims.findings))
    }
    case 'filter':
      return new Set(filtered(members.filter, claims.eligible.values()).map((person) => person.id))
    case 'share': {
      const { from, to } = claims.ranges[wave.index] as Range
      return free(claims, (id) => {
        const bucket = claims.bucket(id)
        return bucket < to && (bucket >= from || claims.waiting.has(id)) && !claims.late.has(id)
      })
    }
    case 'rest':
      return free(claims, () => true)
    case 'administrators':
      return new Set(claims.administrators.keys())
    default:
      return members satisfies never
  }
}

/** May a wave that does not name this person take them? */
export function isFree(claims: Claims, id: string): boolean {
  if (!claims.eligible.has(id) || claims.assigned.has(id)) return false
  return !claims.named.has(id) || isLetGo(claims, id)
}

/** Named by a wave that kept them for later, or was frozen without them: any later wave may take them. */
export function isLetGo(claims: Claims, id: string): boolean {
  return claims.waiting.has(id) || claims.late.has(id)
}

function free(claims: Claims, test: (id: string) => boolean): Set<string> {
  const found = new Set<string>()
  for (const id of claims.eligible.keys()) if (isFree(claims, id) && test(id)) found.add(id)
  return found
}
