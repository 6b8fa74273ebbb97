import { z } from 'zod'
import { At, Attempt, CatchUp, Hold, Work } from './words.ts'

/** What the machine of a wave must know of its plan; compiled, durations in milliseconds. */
export const WaveSettings = z.object({
  position: z.number().int(),
  approval: z.boolean(),
  quorum: z.number().int().optional().describe('so many different approvers; one, where it is not said'),
  answerWithinMs: z
    .number()
    .int()
    .optional()
    .describe('until an unanswered approval holds; never, if not said'),
  soakMs: z.number().int(),
  paceMs: z.number().int().describe('from the start of one batch to the start of the next'),
  settlingMs: z.number().int().describe('until a sign-in log is complete'),
  propagationMs: z.number().int().describe('until Entra applies a membership everywhere'),
  recheckMs: z.number().int().describe('until an undecided gate or an unknown outcome is looked at again'),
  rollbackWindowMs: z.number().int(),
  prepares: z.boolean().optional().describe('something is done to its people before the switch'),
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
  approvals: z.array(z.string()).optional().describe('who has said yes to what is asked now'),
  approvalAskedAt: At.optional(),
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
  withPreparation: z.boolean().optional().describe('the rollback takes the preparation back too'),
  ahead: z.boolean().optional().describe('begun before its turn: it is prepared, and goes no further'),
  notBefore: At.optional().describe('nobody is changed before'),
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
  catchUp: CatchUp.optional().describe('rounds after the waves of the plan; absent: none'),
  round: z.enum(['none', 'ready', 'over']).optional().describe('of the catch-up: the next one'),
  roundAt: At.optional().describe('when the newest round began'),
  restoring: z.number().int().describe('position of the wave being restored, newest first; -1: none left'),
  leftIn: z
    .array(z.number().int())
    .optional()
    .describe('positions of waves whose last people wait for a second person'),
  unclean: z.number().int().describe('waves whose restore was not clean'),
  again: z
    .array(z.number().int())
    .optional()
    .describe('positions of completed waves that are at work again, for people another hand took out'),
  graduated: z
    .boolean()
    .optional()
    .describe('the policy covers everybody, or may: it is narrowed before anybody is taken back'),
  rollbackBy: z.string(),
  rollbackReason: z.string(),
  withPreparation: z.boolean().optional().describe('the rollback takes the preparation back too'),
  prepares: z.boolean().optional().describe('waves are prepared ahead of their turn'),
  soaks: z.number().int().optional().describe('position of the last wave that said it soaks'),
  ahead: z
    .number()
    .int()
    .optional()
    .describe(
      'position of the last wave that was begun ahead of its turn; it is, while above the current one',
    ),
})
export type RolloutContext = z.infer<typeof RolloutContext>
