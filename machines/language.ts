import { z } from 'zod'

/** The words machines, engine, API and storage share. Times are milliseconds since the epoch, UTC. */

const At = z.number().int()
const Attempt = z.number().int()

export * from './states.ts'

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

const command = { at: At, by: z.string(), reason: z.string() }
const answer = { at: At, attempt: Attempt }

export const WORK = [
  'freezeCohort',
  'judgeReadiness',
  'enforce',
  'judge',
  'restore',
  'switchBack',
  'graduate',
  'narrow',
] as const
export const Work = z.enum(WORK)
export type Work = z.infer<typeof Work>

const workFailed = z.object({
  type: z.literal('WORK_FAILED'),
  ...answer,
  code: z.string(),
  message: z.string(),
  passing: z.boolean().describe('likely to pass by itself: tried again without a person'),
})
const woke = z.object({ type: z.literal('WOKE'), at: At, token: z.number().int() })

/** What a new revision of the plan says to the machine of the wave under way. */
export const WaveRevision = z.object({
  approval: z.boolean(),
  soakMs: z
    .number()
    .int()
    .optional()
    .describe('absent: the plan says what it said; extend and shorten stand'),
  paceMs: z.number().int(),
})
export type WaveRevision = z.infer<typeof WaveRevision>

/** Everything a wave can hear. Commands are imperative, facts are in the past tense. */
export const WaveEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('BEGIN'), at: At }),
  z.object({ type: z.literal('COHORT_FROZEN'), ...answer, members: z.number().int(), cohort: z.string() }),
  z.object({
    type: z.literal('READINESS_JUDGED'),
    ...answer,
    gates: z.array(GateWord),
    toEnforce: z.number().int().describe('members left to put under MFA; the deferred are not among them'),
  }),
  z.object({ type: z.literal('APPROVE'), ...command }),
  z.object({ type: z.literal('REJECT'), ...command }),
  z.object({
    type: z.literal('BATCH_ENFORCED'),
    ...answer,
    left: z.number().int(),
    unknown: z.number().int(),
    paceLeft: z
      .number()
      .int()
      .default(0)
      .describe('people who may still be changed in this period of the pace'),
    inPlaceAt: At.nullable().describe('when the newest member was read back in place'),
    gates: z.array(GateWord),
  }),
  z.object({ type: z.literal('EVIDENCE_READ'), at: At, gates: z.array(GateWord) }),
  z.object({
    type: z.literal('JUDGED'),
    ...answer,
    gates: z.array(GateWord),
    leftovers: z.number().int().describe('members not under MFA by this wave: deferred, failed'),
  }),
  z.object({ type: z.literal('RESTORED'), ...answer, failed: z.number().int(), unknown: z.number().int() }),
  workFailed,
  woke,
  z.object({ type: z.literal('PAUSE'), ...command }),
  z.object({ type: z.literal('RESUME'), ...command }),
  z.object({ type: z.literal('ADVANCE'), ...command, gates: z.array(z.string()) }),
  z.object({ type: z.literal('RETRY'), ...command }),
  z.object({ type: z.literal('ABORT'), ...command }),
  z.object({
    type: z.literal('ROLLBACK'),
    ...command,
    above: z.boolean().describe('part of taking the whole rollout back: its window counts, not the wave’s'),
  }),
  z.object({ type: z.literal('SKIP'), ...command }),
  z.object({ type: z.literal('EXTEND'), ...command, ms: z.number().int() }),
  z.object({ type: z.literal('SHORTEN'), ...command, ms: z.number().int() }),
  z.object({ type: z.literal('ACCEPT'), ...command, counts: z.record(z.string(), z.number()) }),
  z.object({
    type: z.literal('REVISED'),
    ...command,
    ...WaveRevision.shape,
    held: z.boolean().describe('the rollout holds'),
  }),
  z.object({ type: z.literal('ASK_AGAIN'), ...command }),
  z.object({ type: z.literal('HELD_ABOVE'), at: At }),
  z.object({ type: z.literal('RELEASED_ABOVE'), at: At }),
])
export type WaveEvent = z.infer<typeof WaveEvent>

/** Everything a rollout can hear. */
export const RolloutEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('START'), ...command }),
  z.object({
    type: z.literal('WAVE_COMPLETED'),
    at: At,
    wave: z.number().int(),
    leftovers: z.number().int(),
  }),
  z.object({
    type: z.literal('WAVE_REJECTED'),
    at: At,
    wave: z.number().int(),
    by: z.string(),
    reason: z.string(),
  }),
  z.object({ type: z.literal('WAVE_SKIPPED'), at: At, wave: z.number().int(), leftovers: z.number().int() }),
  z.object({
    type: z.literal('REVISED'),
    ...command,
    waves: z.number().int(),
    rollbackWindowMs: z.number().int(),
    current: WaveRevision.nullable().describe('for the wave under way; null: none is'),
  }),
  z.object({ type: z.literal('FREEZE'), ...command }),
  z.object({ type: z.literal('THAW'), ...command }),
  z.object({ type: z.literal('DISARM'), ...command }),
  z.object({ type: z.literal('REARM'), ...command }),
  z.object({
    type: z.literal('DRIFTED'),
    at: At,
    reason: z.string(),
    seen: z.number().int().describe('the newest finding'),
  }),
  z.object({ type: z.literal('DRIFT_GONE'), at: At }),
  z.object({ type: z.literal('ACCEPT'), ...command }),
  z.object({
    type: z.literal('REVERT'),
    ...command,
    again: z
      .array(z.number().int())
      .describe('positions of completed waves that ask some of their people in again'),
  }),
  z.object({
    type: z.literal('WAVE_ROLLING_BACK'),
    at: At,
    wave: z.number().int(),
    by: z.string(),
    reason: z.string(),
  }),
  z.object({
    type: z.literal('WAVE_RESTORED'),
    at: At,
    wave: z.number().int(),
    clean: z.boolean(),
    leftovers: z.number().int(),
    by: z.string(),
    reason: z.string(),
  }),
  z.object({ type: z.literal('GRADUATE'), ...command }),
  z.object({ type: z.literal('GRADUATED'), ...answer }),
  z.object({ type: z.literal('NARROWED'), ...answer }),
  z.object({ type: z.literal('SWITCHED_BACK'), ...answer }),
  workFailed,
  woke,
  z.object({ type: z.literal('PAUSE'), ...command }),
  z.object({ type: z.literal('RESUME'), ...command }),
  z.object({ type: z.literal('ABORT'), ...command }),
  z.object({ type: z.literal('ROLLBACK'), ...command }),
])
export type RolloutEvent = z.infer<typeof RolloutEvent>

/** What a machine asks of the world. All of it is committed with the step that asked. */
export const Effect = z.discriminatedUnion('type', [
  z.object({ type: z.literal('work'), work: Work, attempt: Attempt }),
  z.object({
    type: z.literal('wake'),
    token: z.number().int(),
    at: At.nullable().describe('null: no wake any more'),
    why: z.string(),
  }),
  z.object({ type: z.literal('tellWave'), wave: z.number().int(), event: WaveEvent }),
  z.object({ type: z.literal('tellRollout'), event: RolloutEvent }),
])
export type Effect = z.infer<typeof Effect>

/** What the machine of a wave must know of its plan; compiled, durations in milliseconds. */
export const WaveSettings = z.object({
  position: z.number().int(),
  approval: z.boolean(),
  soakMs: z.number().int(),
  paceMs: z.number().int().describe('from the start of one batch to the start of the next'),
  settlingMs: z.number().int().describe('until a sign-in log is complete'),
  propagationMs: z.number().int().describe('until Entra applies a membership everywhere'),
  recheckMs: z.number().int().describe('until an undecided gate or an unknown outcome is looked at again'),
  rollbackWindowMs: z.number().int(),
})
export type WaveSettings = z.infer<typeof WaveSettings>

/** Work under way: `again` is to be asked (again), `open` waits for an answer; answers to another attempt are dropped. */
export const Asked = z.object({ work: Work, attempt: Attempt, stands: z.enum(['open', 'answered', 'again']) })
export type Asked = z.infer<typeof Asked>

export const WaveContext = z.object({
  settings: WaveSettings,
  holds: z.array(Hold),
  heldAbove: z.boolean(),
  attempt: Attempt,
  asked: Asked.nullable(),
  wakeToken: z.number().int(),
  wakeAt: At.nullable(),
  members: z.number().int(),
  cohort: z.string().nullable().describe('hash of the frozen cohort'),
  toEnforce: z.number().int(),
  approvedBy: z.string().nullable(),
  overridden: z.array(z.string()).describe('gates a person advanced over, this time round'),
  accepted: z
    .record(z.string(), z.number())
    .optional()
    .describe('spent budgets an approver accepted, at which count'),
  batchStartedAt: At.nullable(),
  left: z.number().int(),
  unknown: z.number().int(),
  inPlaceAt: At.nullable(),
  leftovers: z.number().int(),
  inSoak: z.boolean(),
  soakedMs: z.number().int(),
  soakingSince: At.nullable(),
  soakEndedAt: At.nullable(),
  completedAt: At.nullable(),
  rollbackBy: z.string(),
  rollbackReason: z.string(),
})
export type WaveContext = z.infer<typeof WaveContext>

export const RolloutContext = z.object({
  waves: z.number().int(),
  current: z.number().int().describe('position of the wave under way; -1 before the first'),
  waiting: z.boolean().describe('the next wave waits for the holds to go'),
  holds: z.array(Hold),
  leftovers: z.array(z.number().int()).describe('by position of the wave'),
  attempt: Attempt,
  asked: Asked.nullable(),
  wakeToken: z.number().int(),
  wakeAt: At.nullable(),
  recheckMs: z.number().int(),
  rollbackWindowMs: z.number().int(),
  endedAt: At.nullable(),
  restoring: z.number().int().describe('position of the wave being restored, newest first; -1: none left'),
  unclean: z.number().int().describe('waves whose restore was not clean'),
  graduated: z
    .boolean()
    .optional()
    .describe('the policy covers everybody, or may: it is narrowed before anybody is taken back'),
  again: z
    .array(z.number().int())
    .optional()
    .describe('positions of completed waves that are at work again, for people another hand took out'),
  rollbackBy: z.string(),
  rollbackReason: z.string(),
})
export type RolloutContext = z.infer<typeof RolloutContext>

/** One saved instance of a machine. A reader of an older version upcasts; a newer one is refused. */
export const Saved = z.object({
  machine: z.enum(['rollout', 'wave']),
  version: z.number().int(),
  snapshot: z.looseObject({ status: z.string(), value: z.unknown(), context: z.unknown() }),
})
export type Saved = z.infer<typeof Saved>
