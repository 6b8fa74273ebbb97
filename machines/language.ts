import { z } from 'zod'
import { At, Attempt, CatchUp, GateWord, Work } from './words.ts'

export * from './contexts.ts'
export * from './words.ts'

const command = { at: At, by: z.string(), reason: z.string() }
const answer = { at: At, attempt: Attempt }

const withPreparation = z
  .boolean()
  .optional()
  .describe('what was done to people before the switch is taken back too')

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
  quorum: z.number().int().optional(),
  answerWithinMs: z.number().int().optional().describe('absent: no time to answer is set'),
  prepares: z.boolean().optional().describe('something is done to its people before the switch'),
})
export type WaveRevision = z.infer<typeof WaveRevision>

/** Everything a wave can hear. Commands are imperative, facts are in the past tense. */
export const WaveEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('BEGIN'),
    at: At,
    ahead: z
      .literal(true)
      .optional()
      .describe('is prepared, and waits for its turn; absent: its turn has come'),
  }),
  z.object({ type: z.literal('COHORT_FROZEN'), ...answer, members: z.number().int(), cohort: z.string() }),
  z.object({
    type: z.literal('PREPARED'),
    ...answer,
    left: z.number().int().describe('members without an outcome of some step yet'),
    unknown: z.number().int(),
    notBefore: At.optional().describe('nobody of the wave is changed before'),
    nextAt: At.optional().describe('when to go on with what is left; absent: at once'),
  }),
  z.object({
    type: z.literal('READINESS_JUDGED'),
    ...answer,
    gates: z.array(GateWord),
    toEnforce: z.number().int().describe('members left to put under MFA; the deferred are not among them'),
  }),
  z.object({
    type: z.literal('APPROVE'),
    ...command,
    without: z
      .array(z.string())
      .optional()
      .describe('whose earlier yes counts no more: they have resumed the rollout since'),
  }),
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
    notBefore: At.optional().describe('all who are left wait for a moment of their own; this is the first'),
  }),
  z.object({ type: z.literal('EVIDENCE_READ'), at: At, gates: z.array(GateWord) }),
  z.object({
    type: z.literal('JUDGED'),
    ...answer,
    gates: z.array(GateWord),
    leftovers: z.number().int().describe('members not under MFA by this wave: deferred, failed'),
  }),
  z.object({
    type: z.literal('RESTORED'),
    ...answer,
    failed: z.number().int(),
    unknown: z.number().int(),
    leftIn: z.number().int().optional().describe('people who wait for a second person'),
  }),
  z.object({ type: z.literal('CONFIRMED'), at: At }),
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
    withPreparation,
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
  z.object({ type: z.literal('WAVE_SOAKING'), at: At, wave: z.number().int() }),
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
    catchUp: CatchUp.optional(),
    current: WaveRevision.nullable().describe('for the wave under way; null: none is'),
    ahead: WaveRevision.optional().describe('for the wave that was begun ahead of its turn'),
    prepares: z.boolean().optional().describe('waves are prepared ahead of their turn'),
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
  z.object({
    type: z.literal('LOST'),
    at: At,
    wave: z.number().int(),
    people: z.number().int().describe('whom another hand took out, and an approver leaves so'),
  }),
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
  z.object({ type: z.literal('WAVE_LEFT_IN'), at: At, wave: z.number().int() }),
  z.object({ type: z.literal('SWITCHED_BACK'), ...answer }),
  z.object({
    type: z.literal('LEFTOVERS_COUNTED'),
    ...answer,
    waves: z.number().int().describe('waves there are by now, with the round that waits'),
    leftovers: z.number().int().describe('people who are not under MFA'),
    open: z.number().int().describe('of these, whom the catch-up may take, now or later'),
    ready: z.number().int().describe('of these, whom a round could take now'),
  }),
  workFailed,
  woke,
  z.object({ type: z.literal('PAUSE'), ...command }),
  z.object({ type: z.literal('RESUME'), ...command }),
  z.object({ type: z.literal('ABORT'), ...command }),
  z.object({ type: z.literal('ROLLBACK'), ...command, withPreparation }),
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
  z.object({
    type: z.literal('tellWave'),
    wave: z.number().int(),
    also: z.number().int().optional().describe('the wave that was begun ahead hears it too'),
    event: WaveEvent,
  }),
  z.object({ type: z.literal('tellRollout'), event: RolloutEvent }),
])
export type Effect = z.infer<typeof Effect>

/** One saved instance of a machine. A reader of an older version upcasts; a newer one is refused. */
export const Saved = z.object({
  machine: z.enum(['rollout', 'wave']),
  version: z.number().int(),
  snapshot: z.looseObject({ status: z.string(), value: z.unknown(), context: z.unknown() }),
})
export type Saved = z.infer<typeof Saved>
