import type { RolloutEvent, WaveEvent } from '../../machines/language.ts'
import { awaited } from './together.ts'
import { DAY, fail, HOUR, pass, type RolloutWalk, START, spent, unknown, type WaveWalk } from './walk.ts'

type Variant<E extends { type: string }> = readonly [E['type'], object?]

/** The concrete events from which every wave can be built: one gate a kind, each answer in each of its shapes. */
export const WAVE_VARIANTS: readonly Variant<WaveEvent>[] = [
  ['BEGIN'],
  ['BEGIN', { ahead: true }],
  ['COHORT_FROZEN'],
  ['COHORT_FROZEN', { members: 0 }],
  ['PREPARED'],
  ['PREPARED', { left: 40 }],
  ['PREPARED', { unknown: 2 }],
  ['PREPARED', { notBefore: START + 2 * DAY }],
  ['READINESS_JUDGED'],
  ['READINESS_JUDGED', { toEnforce: 0 }],
  ['READINESS_JUDGED', { gates: [unknown('readiness')] }],
  ['READINESS_JUDGED', { gates: [fail('readiness')] }],
  ['APPROVE'],
  ['REJECT'],
  ['BATCH_ENFORCED'],
  ['BATCH_ENFORCED', { left: 40 }],
  ['BATCH_ENFORCED', { left: 40, paceLeft: 20 }],
  ['BATCH_ENFORCED', { left: 2, paceLeft: 20, notBefore: START + 3 * DAY }],
  ['BATCH_ENFORCED', { unknown: 2, inPlaceAt: null }],
  ['BATCH_ENFORCED', { left: 40, gates: [spent('lockedOut')] }],
  ['EVIDENCE_READ', { gates: [pass('lockedOut')] }],
  ['EVIDENCE_READ', { gates: [unknown('lockedOut')] }],
  ['EVIDENCE_READ', { gates: [spent('lockedOut')] }],
  ['JUDGED'],
  ['JUDGED', { gates: [unknown('seen')] }],
  ['JUDGED', { gates: [fail('seen')] }],
  ['RESTORED'],
  ['RESTORED', { failed: 1 }],
  ['RESTORED', { leftIn: 1 }],
  ['CONFIRMED'],
  ['WORK_FAILED'],
  ['WORK_FAILED', { passing: true }],
  ['WOKE'],
  ['PAUSE'],
  ['RESUME'],
  ['ADVANCE'],
  ['ADVANCE', { gates: ['readiness', 'seen', 'lockedOut'] }],
  ['RETRY'],
  ['SKIP'],
  ['REVISED'],
  ['REVISED', { soakMs: 3_600_000 }],
  ['REVISED', { prepares: true }],
  ['REVISED', { prepares: false }],
  ['EXTEND'],
  ['SHORTEN'],
  ['ACCEPT'],
  ['ABORT'],
  ['ROLLBACK'],
  ['ROLLBACK', { above: true }],
  ['ROLLBACK', { withPreparation: true }],
  ['ASK_AGAIN'],
  ['HELD_ABOVE'],
  ['RELEASED_ABOVE'],
]

export const ROLLOUT_VARIANTS: readonly Variant<RolloutEvent>[] = [
  ['START'],
  ['WAVE_SOAKING'],
  ['WAVE_SOAKING', { wave: 0 }],
  ['WAVE_COMPLETED'],
  ['WAVE_COMPLETED', { leftovers: 3 }],
  ['WAVE_COMPLETED', { wave: 0 }],
  ['WAVE_REJECTED'],
  ['WAVE_SKIPPED'],
  ['REVISED'],
  ['REVISED', { waves: 4 }],
  ['REVISED', { ahead: { approval: true, paceMs: HOUR } }],
  ['REVISED', { prepares: true }],
  ['FREEZE'],
  ['THAW'],
  ['DISARM'],
  ['REARM'],
  ['DRIFTED'],
  ['DRIFT_GONE'],
  ['LOST'],
  ['ACCEPT'],
  ['REVERT'],
  ['REVERT', { again: [0] }],
  ['WAVE_RESTORED'],
  ['WAVE_RESTORED', { clean: false }],
  ['WAVE_RESTORED', { wave: 0 }],
  ['GRADUATE'],
  ['GRADUATED'],
  ['NARROWED'],
  ['SWITCHED_BACK'],
  ['WORK_FAILED'],
  ['WORK_FAILED', { passing: true }],
  ['WOKE'],
  ['PAUSE'],
  ['RESUME'],
  ['ABORT'],
  ['ROLLBACK'],
]

/** What the world owes a walk next, when all goes well. */
export function onwardWave(wave: WaveWalk): WaveEvent['type'] {
  if (wave.state === 'pending') return 'BEGIN'
  return (awaited(wave) as WaveEvent['type'] | null) ?? 'EVIDENCE_READ'
}

export function onwardRollout(rollout: RolloutWalk): RolloutEvent['type'] {
  if (rollout.state === 'draft') return 'START'
  if (rollout.state === 'running') return 'WAVE_COMPLETED'
  return (awaited(rollout) as RolloutEvent['type'] | null) ?? 'WAVE_RESTORED'
}
