import { z } from 'zod'
import { HoldKind, RolloutState, Verdict, WaveState } from '../../machines/language.ts'
import { Verb } from './verbs.ts'

/** What callers see. Times are ISO 8601, UTC. */
const Time = z.iso.datetime()

export const Phase = z.enum(['Healthy', 'Progressing', 'Paused', 'Degraded'])
export type Phase = z.infer<typeof Phase>

export const HoldView = z.object({
  kind: HoldKind,
  since: Time,
  by: z.string(),
  reason: z.string(),
  gate: z.string().optional(),
  code: z.string().optional(),
  liftedBy: z.string().describe('what lifts it'),
})
export type HoldView = z.infer<typeof HoldView>

export const CountsView = z.object({
  members: z.int(),
  deferred: z.int(),
  pending: z.int(),
  inPlace: z.int(),
  already: z.int(),
  failed: z.int(),
  unknown: z.int(),
  gone: z.int(),
  skipped: z.int(),
  proven: z.int(),
  everLockedOut: z.int(),
  lockedOutNow: z.int(),
  restored: z.int(),
})
export type CountsView = z.infer<typeof CountsView>

export const WaveView = z.object({
  id: z.string(),
  name: z.string(),
  position: z.int(),
  state: WaveState,
  holds: z.array(HoldView),
  counts: CountsView,
  soak: z.object({ forMs: z.int(), elapsedMs: z.int(), endsAt: Time.nullable() }),
  nextLookAt: Time.nullable().describe('when the engine looks at the wave again by itself'),
  approval: z.object({ required: z.boolean(), by: z.string().nullable() }),
  overridden: z.array(z.string()),
  possible: z.array(Verb).describe('verbs this wave takes in its state'),
})
export type WaveView = z.infer<typeof WaveView>

export const RolloutSummary = z.object({
  id: z.string(),
  name: z.string(),
  change: z.string(),
  state: RolloutState,
  phase: Phase,
  planHash: z.string(),
  createdAt: Time,
  createdBy: z.string(),
})
export type RolloutSummary = z.infer<typeof RolloutSummary>

export const LeftoverView = z.object({
  personId: z.string(),
  upn: z.string(),
  displayName: z.string(),
  wave: z.string(),
  reason: z.string(),
})
export type LeftoverView = z.infer<typeof LeftoverView>

export const LeftOutView = z.object({
  personId: z.string(),
  upn: z.string(),
  displayName: z.string(),
  reason: z.string(),
})
export type LeftOutView = z.infer<typeof LeftOutView>

export const RolloutView = RolloutSummary.extend({
  startedBy: z.string().nullable(),
  target: z.object({
    group: z.string(),
    policy: z.string(),
    groupId: z.string().nullable(),
    policyId: z.string().nullable(),
  }),
  holds: z.array(HoldView),
  waves: z.array(WaveView),
  adopted: z
    .int()
    .describe('people who were in the group before, taken as they are by name; in no wave, never taken out'),
  leftOut: z
    .array(z.object({ reason: z.string(), people: z.int() }))
    .describe('people who are in no wave, and why'),
  leftovers: z.int().describe('members who are not under MFA by this rollout'),
  possible: z.array(Verb),
  etag: z.string(),
  now: Time.describe('the server’s clock'),
})
export type RolloutView = z.infer<typeof RolloutView>

export const MemberView = z.object({
  personId: z.string(),
  upn: z.string(),
  displayName: z.string(),
  outcome: z.string(),
  reason: z.string().nullable(),
  deferred: z.string().nullable(),
  requestedAt: Time.nullable(),
  inPlaceAt: Time.nullable(),
  provenAt: Time.nullable(),
  lockedOutAt: Time.nullable(),
  lockedOutNow: z.boolean(),
  restore: z.string().nullable(),
  restoreReason: z.string().nullable(),
  restoredAt: Time.nullable(),
})
export type MemberView = z.infer<typeof MemberView>

export const MembersPage = z.object({ members: z.array(MemberView), next: z.string().nullable() })
export type MembersPage = z.infer<typeof MembersPage>

export const GateView = z.object({
  gate: z.string(),
  verdict: Verdict,
  says: z.string(),
  at: Time,
  result: z.unknown().describe('the whole evaluation with its evidence'),
})
export type GateView = z.infer<typeof GateView>

export const EventView = z.object({
  seq: z.int(),
  at: Time,
  rollout: z.string().nullable(),
  wave: z.string().nullable().describe('its name'),
  person: z.string().nullable(),
  type: z.string(),
  actor: z.string(),
  reason: z.string(),
  data: z.record(z.string(), z.unknown()),
})
export type EventView = z.infer<typeof EventView>

export const VerbAnswer = z.object({
  verb: Verb,
  changed: z.boolean().describe('false: it was so already, or this was a dry run'),
  dryRun: z.boolean(),
  says: z.string().describe('what happens, or would happen, in a sentence'),
  people: z
    .array(z.object({ personId: z.string(), upn: z.string(), why: z.string() }))
    .describe('whom it touches or puts at risk'),
  rollout: RolloutView,
})
export type VerbAnswer = z.infer<typeof VerbAnswer>

export const ProblemView = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  line: z.int(),
  column: z.int(),
  path: z.string(),
  severity: z.enum(['error', 'warning']),
})
export type ProblemView = z.infer<typeof ProblemView>

export const FreezeView = z.object({ by: z.string(), since: Time, reason: z.string() })
export type FreezeView = z.infer<typeof FreezeView>

export const TokenView = z.object({
  id: z.string(),
  person: z.string(),
  role: z.string(),
  createdAt: Time,
  createdBy: z.string(),
  revokedAt: Time.nullable(),
})
export type TokenView = z.infer<typeof TokenView>

export function time(at: number): string {
  return new Date(at).toISOString()
}

export function timeOrNull(at: number | null): string | null {
  return at === null ? null : time(at)
}
