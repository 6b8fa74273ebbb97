import { waveContextOf } from '../engine/step.ts'
import type { StoredWave } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import type { Situation } from './act.ts'

/** An approval or a refusal with what it is bound to: the plan, the cohort and the verdicts as they stand. */
export async function recordDecision(
  writer: Writer,
  { caller, call, rollout }: Situation,
  wave: StoredWave,
  at: number,
): Promise<void> {
  // What is in force now, where nobody comes between: a revision may have come since the call was read.
  const planHash = (await writer.rollout(rollout.id))?.planHash ?? rollout.planHash
  const now = (await writer.wave(wave.id)) ?? wave
  const verdicts = (await writer.gateResults(wave.id)).map(({ gate, verdict }) => ({ gate, verdict }))
  await writer.recordApproval({
    rolloutId: rollout.id,
    waveId: wave.id,
    decision: call.verb === 'approve' ? 'approved' : 'rejected',
    person: caller.person,
    role: 'approver',
    channel: caller.channel,
    comment: call.reason,
    at,
    planHash,
    cohort: waveContextOf(now.saved).cohort ?? '',
    verdicts,
  })
}
