import type { WaveRevision } from '../../machines/language.ts'
import { frozenCohorts } from '../engine/cohort-rows.ts'
import { dropAccepted } from '../engine/drift-record.ts'
import { planOf } from '../engine/job.ts'
import { beginWave, waveContextOf } from '../engine/step.ts'
import { tellRollout } from '../engine/tell.ts'
import { approvalSettings, waveSettings } from '../engine/wave-settings.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { CompiledPlan, CompiledWave } from '../plan/compiled-plan.ts'
import { textChanges } from '../plan/diff.ts'
import { filesOf } from '../plan/files.ts'
import { readPlanText } from '../plan/load.ts'
import { canonicalJson } from '../plan/plan-hash.ts'
import { plannedWave } from '../plan/planned-wave.ts'
import type { Problem } from '../plan/problem.ts'
import { type PlanText, refusalOf } from '../plan/revision.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import { type CheckedPlan, checkPlan, type GivenPlan, readGiven } from './check-plan.ts'
import type { Caller } from './contract.ts'
import { needRollout } from './look.ts'
import { checkIfMatch, requireRole } from './permit.ts'
import { aheadWave, currentWave, refuseUnlessHeld, revisionRefused, standingOf } from './revisable.ts'

export interface RevisionCall extends GivenPlan {
  rollout: string
  reason: string
  dryRun: boolean
  ifMatch?: string | undefined
}

export interface Revised {
  changed: boolean
  revision: number
  warnings: Problem[]
}

/** As many changed keys as the event of a revision names. */
const MOST_PLACES = 50

/**
 * Puts another text of the plan in force. What is over stays, of the wave under way gates and pace change, what is to
 * come is replaced; whatever was approved and not begun is asked again.
 */
export async function revisePlan(
  world: World,
  caller: Caller,
  call: RevisionCall,
  signal: AbortSignal,
): Promise<Revised> {
  const { read } = world.store
  requireRole(caller, ['changeManager'], 'revising the plan')
  if (call.reason.trim() === '') throw fault('reasonMissing', { verb: 'revising the plan' })
  const rollout = await needRollout(read, call.rollout)
  const waves = await read.wavesOf(rollout.id)
  checkIfMatch('revising the plan', true, call, rollout, waves)
  const given = readGiven(world, call)
  const revision = (await read.revisions(rollout.id)).length
  if (given.hash === rollout.planHash) return { changed: false, revision, warnings: given.warnings }
  refuseUnlessHeld(rollout, waves)
  refuseWhatStands(rollout, waves, given)
  const checked = await checkPlan(world, call, signal, {
    frozen: await cohortsThatStand(world, rollout, waves),
    waves: standingOf(rollout, waves).flatMap((one, index) =>
      one === 'settled' || one === 'fixed' ? [index] : [],
    ),
  })
  const { warnings } = checked
  if (call.dryRun) return { changed: false, revision, warnings }
  await world.store.tx((writer) => putInForce(writer, world, caller, call, checked))
  return { changed: true, revision: revision + 1, warnings }
}

function refuseWhatStands(
  rollout: StoredRollout,
  waves: readonly StoredWave[],
  { plan, compiled }: CheckedPlan,
): void {
  const after: PlanText = { plan, files: filesOf(compiled) }
  const before = textOf(rollout)
  refuseUnderRounds(before, after, waves)
  const refusal = refusalOf(before, after, standingOf(rollout, waves), rollout.state === 'draft')
  if (refusal) throw revisionRefused({ ...refusal, places: refusal.places.slice(0, MOST_PLACES) })
}

/** Rounds of the catch-up stand behind the waves of the plan: these keep their number, and the catch-up its rules. */
function refuseUnderRounds(before: PlanText, after: PlanText, waves: readonly StoredWave[]): void {
  if (waves.length <= before.plan.waves.length) return
  const places = [
    ...(before.plan.waves.length === after.plan.waves.length ? [] : ['waves']),
    ...(canonicalJson(before.plan.catchUp ?? null) === canonicalJson(after.plan.catchUp ?? null)
      ? []
      : ['catchUp']),
  ]
  if (places.length > 0) throw revisionRefused({ code: 'planFixedChanged', places })
}

/** The plan in force, as people wrote it. */
export function textOf(rollout: StoredRollout): PlanText {
  const plan = readPlanText(rollout.planText)
  if (plan === undefined) throw new Error(`the plan of ${rollout.id} cannot be read any more`)
  return { plan, files: filesOf(planOf(rollout)) }
}

/** An empty cohort is none: its wave is filled again. */
export async function cohortsThatStand(
  world: World,
  rollout: StoredRollout,
  waves: readonly StoredWave[],
): Promise<Record<string, string[]>> {
  const stands = standingOf(rollout, waves)
  const open = waves.filter((_, index) => stands[index] === 'open').map(({ name }) => name)
  const all = Object.entries(await frozenCohorts(world.store.read, rollout.id))
  return Object.fromEntries(all.filter(([name]) => !open.includes(name)))
}

async function putInForce(
  writer: Writer,
  world: World,
  caller: Caller,
  call: RevisionCall,
  checked: CheckedPlan,
): Promise<void> {
  // Looked at again where nobody comes between: while the tenant was asked, somebody else may have acted.
  const rollout = await writer.rollout(call.rollout)
  if (!rollout) throw fault('rolloutNotFound', { id: call.rollout })
  const waves = await writer.wavesOf(rollout.id)
  checkIfMatch('revising the plan', true, call, rollout, waves)
  refuseUnlessHeld(rollout, waves)
  refuseWhatStands(rollout, waves, checked)
  const before = planOf(rollout)
  const stands = standingOf(rollout, waves)
  const plan = {
    ...checked.compiled,
    waves: checked.compiled.waves.map((wave, index) =>
      stands[index] === 'settled' ? (before.waves[index] ?? wave) : wave,
    ),
  }
  const current = currentWave(rollout, waves)
  const at = world.clock.now()
  const number = (await writer.revisions(rollout.id)).length + 1
  await record(writer, caller, call, { at, number, rollout, checked, plan })
  const ahead = aheadWave(rollout, waves)
  for (const wave of [current, ahead]) {
    if (wave && waveContextOf(wave.saved).members === 0) await writer.setWave(wave.id, { frozen_at: null })
  }
  await replaceWaves(writer, world, { rollout, waves, before, plan, number })
  const told = await tellRollout(writer, rollout.id, {
    type: 'REVISED',
    at,
    by: caller.person,
    reason: call.reason,
    waves: Math.max(plan.waves.length, waves.length > before.waves.length ? waves.length : 0),
    rollbackWindowMs: plan.rollback.windowMs,
    ...(plan.catchUp ? { catchUp: { planned: plan.waves.length, everyMs: plan.catchUp.everyMs } } : {}),
    current: current ? waveRevision(before, plan, current.position) : null,
    ...(ahead ? { ahead: waveRevision(before, plan, ahead.position) } : {}),
    prepares: plan.prepare !== null,
  })
  if (!told.moved) throw fault('planEnded', { id: rollout.id, state: told.from })
}

function waveRevision(before: CompiledPlan, plan: CompiledPlan, position: number): WaveRevision {
  const old = plannedWave(before, position)
  const { gates, pace } = plannedWave(plan, position) as CompiledWave
  const isSameSoak = old?.gates.soak.forMs === gates.soak.forMs
  return {
    ...approvalSettings(gates.approval),
    paceMs: pace.perMs,
    ...(plan.prepare === null ? {} : { prepares: true }),
    ...(isSameSoak ? {} : { soakMs: gates.soak.forMs }),
  }
}

interface Recorded {
  at: number
  number: number
  rollout: StoredRollout
  checked: CheckedPlan
  plan: CompiledPlan
}

async function record(
  writer: Writer,
  caller: Caller,
  call: RevisionCall,
  { at, number, rollout, checked, plan }: Recorded,
): Promise<void> {
  const files = filesOf(checked.compiled)
  const { hash } = checked
  const changed = textChanges(textOf(rollout), { plan: checked.plan, files }).map(({ path }) => path)
  await writer.insertRevision({
    rolloutId: rollout.id,
    number,
    planHash: hash,
    text: call.text,
    files,
    by: caller.person,
    at,
    reason: call.reason,
  })
  if (canonicalJson(planOf(rollout).enforce) !== canonicalJson(plan.enforce))
    await dropAccepted(writer, rollout.id, at)
  await writer.setRollout(rollout.id, {
    change: plan.change ?? '',
    plan: JSON.stringify(plan),
    plan_hash: hash,
    plan_text: call.text,
    target_group: plan.enforce.group,
    target_policy: plan.enforce.policy,
  })
  const data = {
    revision: number,
    before: rollout.planHash,
    planHash: hash,
    changed: changed.slice(0, MOST_PLACES),
    files,
    waves: plan.waves.map(({ name }) => name),
    channel: caller.channel,
  }
  await writer.append({
    at,
    rolloutId: rollout.id,
    type: 'plan.revised',
    actor: caller.person,
    reason: call.reason,
    data,
  })
}

interface Replacement {
  rollout: StoredRollout
  waves: readonly StoredWave[]
  before: CompiledPlan
  plan: CompiledPlan
  number: number
}

/** Waves to come that stay as they were keep what was said to them; the others give way to new ones. */
async function replaceWaves(
  writer: Writer,
  world: World,
  { rollout, waves, before, plan, number }: Replacement,
): Promise<void> {
  const isSameWindow = before.rollback.windowMs === plan.rollback.windowMs
  const replaced = waves.filter((wave) => {
    // A round of the catch-up that waits is no wave of the plan.
    if (wave.state !== 'pending' || wave.position >= before.waves.length) return false
    const [old, now] = [before.waves[wave.position], plan.waves[wave.position]]
    return !isSameWindow || now === undefined || canonicalJson(old) !== canonicalJson(now)
  })
  for (const wave of replaced) await writer.deleteWave(wave.id)
  const there = new Set(waves.filter((wave) => !replaced.includes(wave)).map((wave) => wave.position))
  for (const wave of plan.waves.filter(({ index }) => !there.has(index))) {
    const { saved } = beginWave(waveSettings(world, plan, wave))
    await writer.insertWave({
      id: `${rollout.id}.${wave.index + 1}r${number}`,
      rolloutId: rollout.id,
      position: wave.index,
      name: wave.name,
      saved,
      state: 'pending',
    })
  }
}
