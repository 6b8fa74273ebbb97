import type { RolloutState, WaveSettings, WaveState } from '../../machines/language.ts'
import type { RolloutInput } from '../../machines/rollout-steps.ts'
import { HOUR, MINUTE, type RolloutWalk, type WaveWalk, walkRollout, walkWave } from './walk.ts'

/** The shortest ordinary way to each state; states that work wait for the answer. */
const WAYS_OF_A_WAVE: Record<WaveState, (wave: WaveWalk) => WaveWalk> = {
  pending: (wave) => wave,
  preparing: (wave) => wave.hears('BEGIN'),
  checkingReadiness: (wave) => to(wave, 'preparing').after(MINUTE).hears('COHORT_FROZEN'),
  awaitingApproval: (wave) => to(wave, 'checkingReadiness').after(MINUTE).hears('READINESS_JUDGED'),
  awaitingWindow: (wave) => to(wave, 'awaitingApproval').after(HOUR).hears('APPROVE'),
  enforcing: (wave) => to(wave, 'awaitingWindow').after(MINUTE).hears('READINESS_JUDGED'),
  soaking: (wave) =>
    to(wave, 'enforcing')
      .after(10 * MINUTE)
      .hears('BATCH_ENFORCED'),
  judging: (wave) => to(wave, 'soaking').atWake().hears('WOKE').atWake().hears('WOKE'),
  completed: (wave) => to(wave, 'judging').after(MINUTE).hears('JUDGED'),
  rollingBack: (wave) => to(wave, 'soaking').after(HOUR).hears('ROLLBACK'),
  rolledBack: (wave) => to(wave, 'rollingBack').after(MINUTE).hears('RESTORED'),
  rollbackFailed: (wave) => to(wave, 'rollingBack').after(MINUTE).hears('RESTORED', { failed: 2 }),
  aborted: (wave) => to(wave, 'enforcing').after(MINUTE).hears('ABORT'),
  rejected: (wave) => to(wave, 'awaitingApproval').after(HOUR).hears('REJECT'),
  skipped: (wave) => wave.hears('SKIP'),
}

function to(wave: WaveWalk, state: WaveState): WaveWalk {
  return WAYS_OF_A_WAVE[state](wave)
}

export function waveIn(state: WaveState, settings: Partial<WaveSettings> = {}): WaveWalk {
  return arrived(to(walkWave(settings), state), state)
}

const WAYS_OF_A_ROLLOUT: Record<RolloutState, (rollout: RolloutWalk) => RolloutWalk> = {
  draft: (rollout) => rollout,
  running: (rollout) => rollout.hears('START'),
  rollingBack: (rollout) => waveTwo(rollout).after(HOUR).hears('ROLLBACK'),
  completed: (rollout) => waveTwo(rollout).after(HOUR).hears('WAVE_COMPLETED').hears('WAVE_COMPLETED'),
  completedWithLeftovers: (rollout) =>
    waveTwo(rollout).after(HOUR).hears('WAVE_COMPLETED').hears('WAVE_COMPLETED', { leftovers: 3 }),
  graduating: (rollout) => rolloutTo(rollout, 'completed').after(HOUR).hears('GRADUATE'),
  graduated: (rollout) => rolloutTo(rollout, 'graduating').after(HOUR).hears('GRADUATED'),
  aborted: (rollout) => waveTwo(rollout).after(HOUR).hears('ABORT'),
  rolledBack: (rollout) => policyOnly(rollout).hears('SWITCHED_BACK'),
  rollbackFailed: (rollout) => policyOnly(rollout).hears('WORK_FAILED'),
}

function rolloutTo(rollout: RolloutWalk, state: RolloutState): RolloutWalk {
  return WAYS_OF_A_ROLLOUT[state](rollout)
}

function waveTwo(rollout: RolloutWalk): RolloutWalk {
  return rollout.hears('START').after(HOUR).hears('WAVE_COMPLETED')
}

/** The waves are restored; the policy is being put back. */
export function policyOnly(rollout: RolloutWalk = walkRollout()): RolloutWalk {
  return waveTwo(rollout).after(HOUR).hears('ROLLBACK').hears('WAVE_RESTORED').hears('WAVE_RESTORED')
}

export function rolloutIn(state: RolloutState, input: Partial<RolloutInput> = {}): RolloutWalk {
  return arrived(WAYS_OF_A_ROLLOUT[state](walkRollout(input)), state)
}

function arrived<W extends { state: string }>(walk: W, state: string): W {
  if (walk.state !== state) throw new Error(`the way to ${state} leads to ${walk.state}`)
  return walk
}
