import { z } from 'zod'

/** The words machines, engine, API and storage share. Times are milliseconds since the epoch, UTC. */

export const At = z.number().int()
export const Attempt = z.number().int()

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

export const HoldKind = z.enum([
  'user',
  'error',
  'stuck',
  'empty',
  'gateUnknown',
  'gateFailed',
  'budgetSpent',
  'rejected',
  'waveRolledBack',
  'freeze',
  'disarmed',
  'drift',
  'approvalExpired',
])
export type HoldKind = z.infer<typeof HoldKind>

export const Hold = z.object({
  kind: HoldKind,
  since: At,
  by: z.string().describe('the person, or "wavegate"'),
  reason: z.string(),
  gate: z.string().optional().describe('the gate it is about'),
  code: z.string().optional().describe('what went wrong, from the error catalogue or Microsoft Graph'),
  seen: z.number().int().optional().describe('the newest finding it is about'),
})
export type Hold = z.infer<typeof Hold>

export const Verdict = z.enum(['pass', 'fail', 'unknown'])
export type Verdict = z.infer<typeof Verdict>

/** What one gate said, as a machine needs to know it; the evidence itself is stored beside. */
export const GateWord = z.object({
  gate: z.string(),
  verdict: z
    .enum([...Verdict.options, 'waiting'])
    .describe('waiting: too early to be known; holds nothing and passes nothing'),
  why: z.string(),
  spent: z.boolean().optional(),
  count: z
    .number()
    .optional()
    .describe('people it counts; a spent budget that was accepted holds again above it'),
})
export type GateWord = z.infer<typeof GateWord>

export const WORK = [
  'freezeCohort',
  'prepare',
  'judgeReadiness',
  'enforce',
  'judge',
  'restore',
  'switchBack',
  'countLeftovers',
  'graduate',
  'narrow',
] as const
export const Work = z.enum(WORK)
export type Work = z.infer<typeof Work>

export const CatchUp = z.object({
  planned: z.number().int().describe('waves of the plan'),
  everyMs: z.number().int(),
})
