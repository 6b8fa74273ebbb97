import type { GateWord } from '../../machines/language.ts'
import { explain, type GateResult } from '../gates/gate-result.ts'
import type { Writer } from '../store/store.ts'
import type { WaveJob } from './job.ts'

const BUDGETS: readonly GateResult['gate'][] = ['lockedOut', 'failedChanges']

/** A gate's result in the words a machine moves by. */
export function gateWord(result: GateResult): GateWord {
  const spent = result.verdict === 'fail' && BUDGETS.includes(result.gate)
  const word = { gate: result.gate, verdict: result.verdict, why: explain(result) }
  return spent ? { ...word, spent, count: result.evidence.value ?? 0 } : word
}

/** What the evidence should show and does not. That it is too early for any is waiting, not a failure of evidence. */
const BROKEN: readonly string[] = ['error', 'notAvailable(licence)', 'stale']

/** The word while a wave is under way: only its end asks for the evidence that cannot be there yet. */
export function meanwhile(result: GateResult): GateWord {
  const word = gateWord(result)
  return isWaiting(result) ? { ...word, verdict: 'waiting' } : word
}

export function isWaiting(result: GateResult): boolean {
  if (result.verdict !== 'unknown' || BROKEN.includes(result.why)) return false
  // People who met trouble and may have been locked out: nobody joins them before that is known.
  return result.gate !== 'lockedOut' || result.why !== 'tooFew'
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
