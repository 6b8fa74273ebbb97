import { createHash, randomBytes } from 'node:crypto'
import type { WaveSettings } from '../../machines/language.ts'
import { planOf } from '../engine/job.ts'
import { readPopulation } from '../engine/population.ts'
import { beginRollout, beginWave } from '../engine/step.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { assignWaves } from '../people/cohort.ts'
import { compilePlan } from '../plan/compile.ts'
import type { CompiledPlan, CompiledWave } from '../plan/compiled-plan.ts'
import { loadPlan, locateFindings } from '../plan/load.ts'
import { sizeWarnings } from '../plan/power.ts'
import { type Finding, type Problem, warningAt } from '../plan/problem.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import type { Caller } from './contract.ts'
import { graphFault } from './graph-fault.ts'
import { type Keep, keepIn, within } from './keep.ts'
import { rolloutView } from './look.ts'
import { targetFindings } from './target-findings.ts'

export interface Created {
  id: string
  warnings: Problem[]
}

/** A plan becomes a draft when its text is right and the tenant has everything it names. Refused, nothing is stored. */
export async function createRollout(
  world: World,
  caller: Caller,
  text: string,
  { key, keep }: { key: string | undefined; keep: Keep | undefined },
  signal: AbortSignal,
): Promise<Created> {
  const loaded = loadPlan(text, world.declared)
  if (!loaded.ok) throw refused(loaded.problems)
  const plan = compilePlan(loaded.plan)
  const found = locateFindings(text, await tenantFindings(world, plan, signal))
  if (found.some((problem) => problem.severity === 'error')) throw refused(found)
  const id = idOf(caller, key)
  const before = await world.store.read.rollout(id)
  if (before && before.planHash !== loaded.hash) throw fault('idempotencyKeyReused', { key })
  const warnings = [...loaded.warnings, ...found]
  const made = async (writer: Writer) => {
    const body = { rollout: await rolloutView(within(world, writer), id), warnings }
    await keepIn(writer, world, caller, keep, { status: 201, body })
  }
  if (!before) await store(world, caller, { id, text, hash: loaded.hash, plan }, {}, made)
  return { id, warnings }
}

/** From the caller's key, where there is one: a repeat after a crash finds the draft instead of making a second. */
function idOf(caller: Caller, key: string | undefined): string {
  const seed = key === undefined ? randomBytes(16) : JSON.stringify([caller.person, key])
  return `ro_${createHash('sha256').update(seed).digest('hex').slice(0, 12)}`
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
async function tenantFindings(world: World, plan: CompiledPlan, signal: AbortSignal): Promise<Finding[]> {
  try {
    const ask = { lane: 'scan' as const, signal }
    const { people, groups, hasReport } = await readPopulation(world, plan, ask)
    const assignment = assignWaves(plan, people, groups)
    const sizes = Object.fromEntries(assignment.waves.map((wave) => [wave.wave, wave.members.length]))
    const target = await targetFindings(world, plan, ask)
    const facts = hasReport ? [] : [withoutReport()]
    return [...assignment.findings, ...target, ...facts, ...sizeWarnings(plan, sizes)]
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

/** A draft of the same plan, under an id of its own. */
export async function copyRollout(
  world: World,
  caller: Caller,
  rollout: StoredRollout,
  reason: string,
  made: (writer: Writer, id: string) => Promise<void>,
): Promise<string> {
  const id = idOf(caller, undefined)
  const draft = { id, text: rollout.planText, hash: rollout.planHash, plan: planOf(rollout) }
  await store(world, caller, draft, { reason, runAfter: rollout.id }, (writer) => made(writer, id))
  return id
}

interface Draft {
  id: string
  text: string
  hash: string
  plan: CompiledPlan
}

async function store(
  world: World,
  caller: Caller,
  draft: Draft,
  from: { reason?: string; runAfter?: string },
  made: (writer: Writer) => Promise<void>,
): Promise<void> {
  const { id, plan } = draft
  const at = world.clock.now()
  const begun = beginRollout({
    waves: plan.waves.length,
    recheckMs: world.times.recheckMs,
    rollbackWindowMs: plan.rollback.windowMs,
  })
  await world.store.tx(async (writer) => {
    await writer.insertRollout({
      id,
      name: plan.name,
      change: plan.change ?? '',
      planText: draft.text,
      planHash: draft.hash,
      plan: JSON.stringify(plan),
      targetGroup: plan.enforce.group,
      targetPolicy: plan.enforce.policy,
      groupId: null,
      policyId: null,
      state: 'draft',
      saved: begun.saved,
      createdAt: at,
      createdBy: caller.person,
      startedBy: null,
      runAfter: from.runAfter ?? null,
    })
    for (const wave of plan.waves) {
      const { saved } = beginWave(settingsOf(world, plan, wave))
      const row = {
        id: `${id}.${wave.index + 1}`,
        rolloutId: id,
        position: wave.index,
        name: wave.name,
        saved,
      }
      await writer.insertWave({ ...row, state: 'pending' })
    }
    const data = { name: plan.name, planHash: draft.hash, waves: plan.waves.map((wave) => wave.name) }
    const { reason = '', runAfter = null } = from
    await writer.append({
      at,
      rolloutId: id,
      type: 'rollout.draft',
      actor: caller.person,
      reason,
      data: { ...data, runAfter },
    })
    await made(writer)
  })
}

function settingsOf(world: World, plan: CompiledPlan, wave: CompiledWave): WaveSettings {
  return {
    position: wave.index,
    approval: wave.gates.approval.from === 'approver',
    soakMs: wave.gates.soak.forMs,
    paceMs: wave.pace.perMs,
    settlingMs: world.declared.settlingMs,
    propagationMs: world.declared.propagationMs,
    recheckMs: world.times.recheckMs,
    rollbackWindowMs: plan.rollback.windowMs,
  }
}
