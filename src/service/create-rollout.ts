import { createHash, randomBytes } from 'node:crypto'
import { keepAccepted } from '../engine/drift-record.ts'
import { askToGather } from '../engine/gather-task.ts'
import { planOf } from '../engine/job.ts'
import { withSecurityDefaults } from '../engine/security-defaults.ts'
import { beginRollout, beginWave } from '../engine/step.ts'
import { waveSettings } from '../engine/wave-settings.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { compilePlan } from '../plan/compile.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { filesOf } from '../plan/files.ts'
import { readPlanText } from '../plan/load.ts'
import type { Problem } from '../plan/problem.ts'
import type { RolloutFinding, StoredRollout } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import { checkPlan, type GivenPlan } from './check-plan.ts'
import type { Caller } from './contract.ts'
import { type Keep, keepIn, within } from './keep.ts'
import { rolloutView } from './look.ts'

export interface Created {
  id: string
  warnings: Problem[]
}

/** A plan becomes a draft when its text is right and the tenant has everything it names. Refused, nothing is stored. */
export async function createRollout(
  world: World,
  caller: Caller,
  given: GivenPlan,
  { key, keep }: { key: string | undefined; keep: Keep | undefined },
  signal: AbortSignal,
): Promise<Created> {
  const { compiled: plan, hash, warnings, defaults } = await checkPlan(world, given, signal)
  const findings = withSecurityDefaults([], defaults, world.clock.now())
  const id = idOf(caller, key)
  const before = await world.store.read.rollout(id)
  if (before && before.planHash !== hash) throw fault('idempotencyKeyReused', { key })
  const made = async (writer: Writer) => {
    const body = { rollout: await rolloutView(within(world, writer), id), warnings }
    await keepIn(writer, world, caller, keep, { status: 201, body })
  }
  if (!before) await store(world, caller, { id, text: given.text, hash, plan, findings }, {}, made)
  return { id, warnings }
}

/** From the caller's key, where there is one: a repeat after a crash finds the draft instead of making a second. */
function idOf(caller: Caller, key: string | undefined): string {
  const seed = key === undefined ? randomBytes(16) : JSON.stringify([caller.person, key])
  return `ro_${createHash('sha256').update(seed).digest('hex').slice(0, 12)}`
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
  const before = planOf(rollout)
  // From the text again: waves that were over under an earlier revision are to come now.
  const written = readPlanText(rollout.planText)
  const plan = written === undefined ? before : compilePlan(written, filesOf(before))
  const findings = rollout.findings.map((one) => ({ ...one, accepted: null }))
  const draft = { id, text: rollout.planText, hash: rollout.planHash, plan, findings }
  await store(world, caller, draft, { reason, runAfter: rollout.id }, async (writer) => {
    await keepAccepted(writer, rollout, { id, at: world.clock.now() })
    await made(writer, id)
  })
  return id
}

interface Draft {
  id: string
  text: string
  hash: string
  plan: CompiledPlan
  findings: RolloutFinding[]
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
    catchUpMs: plan.catchUp?.everyMs,
    prepares: plan.prepare !== null,
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
      findings: draft.findings,
    })
    for (const wave of plan.waves) {
      const { saved } = beginWave(waveSettings(world, plan, wave))
      const row = {
        id: `${id}.${wave.index + 1}`,
        rolloutId: id,
        position: wave.index,
        name: wave.name,
        saved,
      }
      await writer.insertWave({ ...row, state: 'pending' })
    }
    await writer.insertRevision({
      rolloutId: id,
      number: 1,
      planHash: draft.hash,
      text: draft.text,
      files: filesOf(plan),
      by: caller.person,
      at,
      reason: from.reason ?? '',
    })
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
    await askToGather(writer, at)
    await made(writer)
  })
}
