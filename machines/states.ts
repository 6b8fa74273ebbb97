import { z } from 'zod'

/** The states of the two machines, as they are stored, told and shown. */

export const ROLLOUT_STATES = [
  'draft',
  'running',
  'rollingBack',
  'completed',
  'completedWithLeftovers',
  'graduating',
  'graduated',
  'aborted',
  'rolledBack',
  'rollbackFailed',
] as const
export const RolloutState = z.enum(ROLLOUT_STATES)
export type RolloutState = z.infer<typeof RolloutState>

export const WAVE_STATES = [
  'pending',
  'preparing',
  'checkingReadiness',
  'awaitingApproval',
  'awaitingWindow',
  'enforcing',
  'soaking',
  'judging',
  'completed',
  'rollingBack',
  'rolledBack',
  'rollbackFailed',
  'aborted',
  'rejected',
  'skipped',
] as const
export const WaveState = z.enum(WAVE_STATES)
export type WaveState = z.infer<typeof WaveState>
