import type { Hold, HoldKind } from '../../machines/language.ts'
import { rolloutContextOf, waveContextOf } from '../engine/step.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'
import type { Phase } from './views.ts'

const DEGRADING: readonly HoldKind[] = ['error', 'gateFailed', 'budgetSpent', 'stuck', 'drift']

/** Derived, never stored. A draft holds nobody up and has nothing wrong: it is not paused, since it was never begun. */
export function phaseOf(rollout: StoredRollout, waves: readonly StoredWave[], isInTrouble: boolean): Phase {
  const holds = allHolds(rollout, waves)
  if (isInTrouble || rollout.state === 'aborted') return 'Degraded'
  if (holds.some((hold) => DEGRADING.includes(hold.kind))) return 'Degraded'
  if (holds.length > 0) return 'Paused'
  return ['running', 'rollingBack', 'graduating'].includes(rollout.state) ? 'Progressing' : 'Healthy'
}

function allHolds(rollout: StoredRollout, waves: readonly StoredWave[]): Hold[] {
  return [
    ...rolloutContextOf(rollout.saved).holds,
    ...waves.flatMap((wave) => waveContextOf(wave.saved).holds),
  ]
}
