import type { GateWord } from '../../machines/language.ts'
import { explain, type GateResult } from '../gates/gate-result.ts'
import type { Writer } from '../store/store.ts'
import type { WaveJob } from './job.ts'

const BUDGETS: readonly GateResult['gate'][] = ['lockedOut', 'failedChanges']

/** A gate's result in the words a machine moves by. */
export function gateWord(result: GateResult): GateWord {
  const spent = result.verdict === 'fail' && BUDGETS.includes(result.gate)
  return { gate: result.gate, verdict: result.verdict, why: explain(result), ...(spent ? { spent } : {}) }
}

/** Keeps every evaluation with its evidence. */
export async function recordGates(
  writer: Writer,
  job: Pick<WaveJob, 'rollout' | 'wave'>,
  at: number,
  results: readonly GateResult[],
): Promise<void> {
  for (const result of results) {
    await writer.recordGate({
      rolloutId: job.rollout.id,
      waveId: job.wave.id,
      gate: result.gate,
      at,
      verdict: result.verdict,
      result,
    })
  }
}
