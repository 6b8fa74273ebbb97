import type { CompiledWave } from '../plan/compiled-plan.ts'
import { isLetGo } from './claims.ts'
import type { Trail } from './cohort.ts'
import { unmet } from './filter.ts'
import type { Reason, Verdict } from './reasons.ts'

/** Wave after wave up to the one that has the person, or all of them and the reason for none. */
export function reasonsFor(trail: Trail, id: string): Reason[] {
  const { claims } = trail
  const chain: Reason[] = []
  const own = claims.assigned.get(id)
  const isKnown = claims.eligible.has(id) || claims.excluded.has(id)
  if (!isKnown) chain.push({ kind: 'notInDirectory' })
  const excluded = own !== undefined && claims.administrators.has(id) ? undefined : claims.excluded.get(id)
  if (excluded !== undefined) chain.push({ kind: 'excluded', reason: excluded })
  if (own === undefined && (!isKnown || excluded !== undefined)) return chain
  chain.push({ kind: 'bucket', bucket: claims.bucket(id), salt: claims.plan.salt })
  for (const wave of claims.plan.waves) {
    const range = claims.ranges[wave.index]
    const verdict = verdictOf(trail, wave, id)
    const { members: rule } = wave
    chain.push({ kind: 'wave', wave: wave.name, rule, ...(range && { range }), verdict })
    if (wave.name === own) return chain
  }
  const isFull = trail.cohorts.some(({ cut }) => cut.get(id)?.limit === 'department')
  chain.push({ kind: 'outside', reason: isFull ? 'departmentFull' : 'notSelected' })
  return chain
}

function verdictOf(trail: Trail, wave: CompiledWave, id: string): Verdict {
  const { claims, putBack } = trail
  const isOwn = claims.assigned.get(id) === wave.name
  const other = putBack.get(id)
  const after = claims.late.get(id)
  const cut = trail.cohorts[wave.index]?.cut.get(id)
  const naming = claims.named.get(id)
  const person = claims.eligible.get(id)
  const isOfSource = trail.sources[wave.index]?.has(id) ?? false
  if (trail.isFrozen[wave.index]) {
    if (isOwn) return { is: 'frozen' }
    const isHere = naming === undefined || (wave.members.kind === 'csv' && naming === wave.name)
    return isOfSource && isHere ? { is: 'frozenWithout' } : { is: 'notInSource' }
  }
  if (isOwn && other !== undefined) return { is: 'putBack', other }
  if (isOwn && after !== undefined && trail.tookLate.has(id)) return { is: 'late', after }
  if (isOwn) return { is: 'taken' }
  if (after !== undefined && isOfSource) return { is: 'notLate', after }
  if (cut !== undefined) return { is: 'cut', cut }
  const isLeftTo =
    naming !== undefined && naming !== wave.name && !(isAfter(trail, wave, naming) && isLetGo(claims, id))
  if (isLeftTo) return { is: 'named', wave: naming }
  const condition = wave.members.kind === 'filter' && person ? unmet(wave.members.filter, person) : undefined
  return { is: 'notInSource', ...(condition && { unmet: condition }) }
}

function isAfter({ claims }: Trail, wave: CompiledWave, other: string): boolean {
  return wave.index > claims.plan.waves.findIndex(({ name }) => name === other)
}
