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

export const RevisionView = z.object({
  number: z.int().describe('from 1; the last one is in force'),
  planHash: z.string(),
  by: z.string(),
  at: Time,
  reason: z.string(),
})
export type RevisionView = z.infer<typeof RevisionView>
export const FindingView = z.object({
  finding: z.string().describe('its name in `accept` and `revert`: the object and its property'),
  says: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  people: z.array(z.object({ personId: z.string(), upn: z.string() })),
  barred: z.string().nullable().describe('why it cannot be accepted; null: an approver may'),
  foundAt: Time.describe('when the first of it was found'),
  settled: z
    .object({ how: z.string(), by: z.string(), reason: z.string(), at: Time })
    .nullable()
    .describe('null: it stands'),
})
export type FindingView = z.infer<typeof FindingView>

export const RolloutView = RolloutSummary.extend({
  startedBy: z.string().nullable(),
  target: z.object({
    group: z.string(),
    policy: z.string(),
    groupId: z.string().nullable(),
    policyId: z.string().nullable(),
  }),
  revisions: z.array(RevisionView).describe('of the plan, oldest first'),
  holds: z.array(HoldView),
  waves: z.array(WaveView),
  adopted: z
    .int()
    .describe('people who were in the group before, taken as they are by name; in no wave, never taken out'),
  drift: z.array(FindingView).describe('what another hand changed, and nobody has accepted or reverted'),
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
  requests: z
    .array(z.object({ method: z.string(), path: z.string(), body: z.unknown().optional() }))
    .optional()
    .describe('of revert: what is sent to Microsoft Graph, or would be'),
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

export const FileView = z.object({
  digest: z.string(),
  size: z.int().describe('bytes'),
  name: z.string().nullable(),
  uploadedBy: z.string(),
  uploadedAt: Time,
})
export type FileView = z.infer<typeof FileView>

const PersonName = z.object({ personId: z.string(), upn: z.string(), displayName: z.string() })

export const FileRowView = z.object({
  line: z.int().describe('of the file, from 1'),
  cells: z.record(z.string(), z.string()).describe('those that are read, by header'),
  became: z.enum(['matched', 'notInDirectory', 'ambiguous', 'twice', 'refused']),
  person: PersonName.nullable(),
  why: z.string().nullable(),
})
export type FileRowView = z.infer<typeof FileRowView>

export const FileRowsPage = z.object({
  digest: z.string(),
  encoding: z.string(),
  unread: z.array(z.string()).describe('headers of columns that say nothing here'),
  problems: z.array(
    z.object({
      code: z.string(),
      line: z.int(),
      message: z.string(),
      hint: z.string(),
      severity: z.enum(['error', 'warning']),
    }),
  ),
  counts: z.object({
    matched: z.int(),
    notInDirectory: z.int(),
    ambiguous: z.int(),
    twice: z.int(),
    refused: z.int(),
  }),
  rows: z.array(FileRowView),
  next: z.string().nullable(),
})
export type FileRowsPage = z.infer<typeof FileRowsPage>

export const PlanView = RevisionView.extend({
  text: z.string().describe('as it was sent'),
  files: z.record(z.string(), z.string()).describe('digests of the files it names'),
  revisions: z.array(RevisionView),
})
export type PlanView = z.infer<typeof PlanView>

export const MoveView = z.object({
  personId: z.string(),
  upn: z.string(),
  displayName: z.string(),
  from: z.string().nullable().describe('the wave before; null: in none'),
  to: z.string().nullable(),
})
export type MoveView = z.infer<typeof MoveView>

export const PlanDiff = z.object({
  from: z.string().describe('hash of the first plan'),
  to: z.string(),
  text: z.array(z.object({ path: z.string(), from: z.unknown().optional(), to: z.unknown().optional() })),
  people: z
    .object({ moved: z.int(), in: z.int(), out: z.int() })
    .describe('how many go with another wave, are newly in one, are in none any more'),
  moves: z.array(MoveView),
  next: z.string().nullable(),
  problems: z
    .array(z.object({ code: z.string(), message: z.string(), severity: z.enum(['error', 'warning']) }))
    .describe('what is wrong with the second plan against the tenant'),
})
export type PlanDiff = z.infer<typeof PlanDiff>

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
