import type { WaveState } from '../../machines/language.ts'
import { aheadOf } from '../../machines/rollout-steps.ts'
import { rolloutContextOf, waveContextOf } from '../engine/step.ts'
import { fault } from '../errors.ts'
import type { RevisionRefusal, WaveStands } from '../plan/revision.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'

/** Revised, a wave that was rejected is asked about once more. */
const UNDER_WAY: readonly WaveState[] = [
  'preparing',
  'checkingReadiness',
  'awaitingApproval',
  'awaitingWindow',
  'enforcing',
  'soaking',
  'judging',
  'rejected',
]

/** The wave whose gates a revision may still change. */
export function currentWave(rollout: StoredRollout, waves: readonly StoredWave[]): StoredWave | undefined {
  if (rollout.state !== 'running') return undefined
  const wave = waves[rolloutContextOf(rollout.saved).current]
  return wave && UNDER_WAY.includes(wave.state) ? wave : undefined
}

/** The wave that was begun before its turn, and waits for it. */
export function aheadWave(rollout: StoredRollout, waves: readonly StoredWave[]): StoredWave | undefined {
  if (rollout.state !== 'running') return undefined
  const wave = waves[aheadOf(rolloutContextOf(rollout.saved)) ?? -1]
  return wave?.state === 'preparing' ? wave : undefined
}

/** How each wave stands for a revision, by position. */
export function standingOf(rollout: StoredRollout, waves: readonly StoredWave[]): WaveStands[] {
  const current = currentWave(rollout, waves)
  const ahead = aheadWave(rollout, waves)
  return waves.map((wave) => {
    if (wave.id === current?.id || wave.id === ahead?.id)
      return waveContextOf(wave.saved).members > 0 ? 'fixed' : 'open'
    return wave.state === 'pending' ? 'future' : 'settled'
  })
}

/** Only a draft, or a rollout that is held: nobody changes the plan under a wave that moves. @throws planEnded, planNotHeld */
export function refuseUnlessHeld(rollout: StoredRollout, waves: readonly StoredWave[]): void {
  const { id, state } = rollout
  if (state === 'draft') return
  if (state !== 'running') throw fault('planEnded', { id, state })
  const underWay = [currentWave(rollout, waves), aheadWave(rollout, waves)].filter((one) => one !== undefined)
  const holds = [
    ...rolloutContextOf(rollout.saved).holds,
    ...underWay.flatMap((wave) => waveContextOf(wave.saved).holds),
  ]
  if (holds.length === 0) throw fault('planNotHeld', { id, state })
}

export function revisionRefused({ code, places }: RevisionRefusal) {
  return fault(code, { places: places.join(', ') })
}
