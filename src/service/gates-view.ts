import { earliestDecision } from '../../machines/soak.ts'
import { planOf } from '../engine/job.ts'
import { waveContextOf } from '../engine/step.ts'
import type { World } from '../engine/world.ts'
import { type ApprovalState, approvalGate } from '../gates/approval-gate.ts'
import { explain, type GateResult } from '../gates/gate-result.ts'
import { soakGate } from '../gates/soak.ts'
import { plannedWave } from '../plan/planned-wave.ts'
import type { StoredWave } from '../store/rollouts.ts'
import { soakOf } from './look.ts'
import { type GateView, time } from './views.ts'

/** The gates of a wave: those judged from evidence as they were judged last, approval and soak as they are now. */
export async function gatesView(world: World, wave: StoredWave): Promise<GateView[]> {
  const judged = (await world.store.read.gateResults(wave.id)).map((stored) =>
    toView(stored.result as GateResult, stored.at),
  )
  if (wave.frozenAt === null) return judged
  const now = world.clock.now()
  const live = [await approvalNow(world, wave, now), ...soakNow(wave, now)]
  return [...judged, ...live.map((result) => toView(result, now))]
}

function toView(result: GateResult, at: number): GateView {
  return { gate: result.gate, verdict: result.verdict, says: explain(result), at: time(at), result }
}

async function approvalNow(world: World, wave: StoredWave, now: number): Promise<GateResult> {
  const rollout = await world.store.read.rollout(wave.rolloutId)
  const rule = rollout && plannedWave(planOf(rollout), wave.position)?.gates.approval
  if (!rule) throw new Error(`wave ${wave.id} is not in the plan of its rollout`)
  const { approvedBy, approvals = [] } = waveContextOf(wave.saved)
  const last = (await world.store.read.approvals(wave.id)).at(-1)
  return approvalGate({
    rule,
    answer: answerOf(approvedBy, approvals, last),
    asked: { source: 'approvals', fetchedAt: now },
  })
}

/** What counts is what the wave took: advancing over readiness makes an approval void. */
function answerOf(
  by: string | null,
  given: readonly string[],
  last: { decision: string; person: string } | undefined,
): ApprovalState {
  if (by !== null) return { state: 'approved', by }
  return last?.decision === 'rejected' ? { state: 'rejected', by: last.person } : { state: 'waiting', given }
}

function soakNow(wave: StoredWave, now: number): GateResult[] {
  const context = waveContextOf(wave.saved)
  if (context.inPlaceAt === null && context.soakEndedAt === null) return []
  const status = soakOf(context, now)
  const asked = { source: 'wavegate', fetchedAt: now, nextEvaluation: context.wakeAt }
  const isOver = context.soakEndedAt !== null
  const forMs = context.settings.soakMs
  return [
    soakGate({
      // Advancing ends a soak early: what is over has nothing left.
      status: isOver ? { ...status, remainingMs: 0 } : status,
      forMs,
      earliestDecision: isOver ? earliestDecision(context, now) : status.endsAt,
      now,
      asked,
    }),
  ]
}
