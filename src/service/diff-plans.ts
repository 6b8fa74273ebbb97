import { planOf } from '../engine/job.ts'
import { readPopulation } from '../engine/population.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { assignWaves } from '../people/cohort.ts'
import { type Move, movesBetween } from '../people/moves.ts'
import { registerOf } from '../people/population.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { textChanges } from '../plan/diff.ts'
import { filesOf } from '../plan/files.ts'
import type { PlanText } from '../plan/revision.ts'
import { type GivenPlan, readGiven } from './check-plan.ts'
import { graphFault } from './graph-fault.ts'
import { needRollout } from './look.ts'
import { cohortsThatStand, textOf } from './revise-plan.ts'
import type { MoveView, PlanDiff } from './views.ts'

export interface DiffCall {
  /** A rollout, whose frozen waves stand on both sides; or a plan. */
  from: { rollout: string } | GivenPlan
  to: GivenPlan
  cursor?: string | undefined
  limit: number
}

interface Side {
  text: PlanText
  compiled: CompiledPlan
  hash: string
  frozen: Record<string, string[]>
  /** In no wave, whatever a plan says: they are under MFA already. */
  adopted: ReadonlySet<string>
}

/** What differs between two plans: keys, and people by name, against the directory as it is now. */
export async function diffPlans(world: World, call: DiffCall, signal: AbortSignal): Promise<PlanDiff> {
  const start = call.cursor === undefined ? 0 : Number(call.cursor)
  if (!Number.isSafeInteger(start) || start < 0)
    throw fault('requestInvalid', { detail: 'cursor is not one that this list gave out' })
  const from = 'rollout' in call.from ? await sideOf(world, call.from.rollout) : givenSide(world, call.from)
  const to = givenSide(world, call.to)
  const { moves, name, findings } = await compare(world, from, to, signal)
  const end = start + call.limit
  const count = (which: (move: Move) => boolean) => moves.filter(which).length
  return {
    from: from.hash,
    to: to.hash,
    text: textChanges(from.text, to.text),
    people: {
      moved: count((one) => one.from !== null && one.to !== null),
      in: count((one) => one.from === null),
      out: count((one) => one.to === null),
    },
    moves: moves.slice(start, end).map(name),
    next: end < moves.length ? String(end) : null,
    problems: findings.map(({ code, message, severity }) => ({ code, message, severity })),
  }
}

async function sideOf(world: World, id: string): Promise<Side> {
  const { read } = world.store
  const rollout = await needRollout(read, id)
  const frozen = await cohortsThatStand(world, rollout, await read.wavesOf(id))
  const adopted = await read.adopted(rollout.groupId ?? '')
  return { text: textOf(rollout), compiled: planOf(rollout), hash: rollout.planHash, frozen, adopted }
}

function givenSide(world: World, given: GivenPlan): Side {
  const { plan, compiled, hash } = readGiven(world, given)
  return { text: { plan, files: filesOf(compiled) }, compiled, hash, frozen: {}, adopted: new Set() }
}

async function compare(world: World, from: Side, to: Side, signal: AbortSignal) {
  try {
    const ask = { lane: 'scan' as const, signal }
    // One reading of the directory for both: nobody moves because of what happened between two.
    const both = { ...from.compiled, ...unionOf(from.compiled, to.compiled) }
    const { people: found, groups } = await readPopulation(world, both, ask)
    const people = found.map((one) => (from.adopted.has(one.id) ? { ...one, adopted: true } : one))
    const register = registerOf(people)
    const name = ({ id, from: old, to: now }: Move): MoveView => {
      const { upn, displayName } = register.find(id) ?? { upn: id, displayName: id }
      return { personId: id, upn, displayName, from: old, to: now }
    }
    const names = new Set(to.compiled.waves.map((wave) => wave.name))
    const kept = Object.fromEntries(Object.entries(from.frozen).filter(([wave]) => names.has(wave)))
    const after = assignWaves(to.compiled, people, groups, kept)
    const before = assignWaves(from.compiled, people, groups, from.frozen)
    return { moves: movesBetween(before, after), name, findings: after.findings }
  } catch (error) {
    throw graphFault(error)
  }
}

/** What has to be read of the directory for either plan. */
function unionOf(one: CompiledPlan, other: CompiledPlan): Pick<CompiledPlan, 'protect' | 'waves'> {
  const { groups } = one.protect
  return {
    protect: { ...one.protect, groups: [...new Set([...groups, ...other.protect.groups])] },
    waves: [...one.waves, ...other.waves],
  }
}
