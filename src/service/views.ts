import { z } from 'zod'
import { HoldKind, RolloutState, Verdict, WaveState } from '../../machines/language.ts'
import { PER_USER_MFA } from '../store/members.ts'
import { CampaignView } from './campaign-view.ts'
import { PassOutcome } from './pass-view.ts'
import { PhoneOnlyView } from './phone-only.ts'
import { RevisionView } from './plan-views.ts'
import { PreparationOfWave } from './preparation-view.ts'
import { Verb } from './verbs.ts'

export * from './file-row-view.ts'
export * from './plan-views.ts'

/** What callers see. Times are ISO 8601, UTC. */
export const Time = z.iso.datetime()

export const Phase = z
  .enum(['Healthy', 'Progressing', 'Paused', 'Degraded'])
  .describe('derived; a draft is Healthy as long as nothing is wrong: nobody has paused what was never begun')
export type Phase = z.infer<typeof Phase>

export const HoldView = z.object({
  kind: HoldKind,
  since: Time,
  by: z.string(),
  reason: z.string(),
  gate: z.string().optional(),
  code: z.string().optional(),
  liftedBy: z.string().describe('what lifts it'),
  ageMs: z.int(),
  expiresAt: Time.describe('when it has stood too long; nothing moves because of it'),
  onExpire: z.enum(['escalate', 'note']).describe('what is said then'),
})
export type HoldView = z.infer<typeof HoldView>

export const CountsView = z.object({
  members: z.int(),
  moved: z.int().describe('of these, in a later wave by now'),
  tried: z.int().describe('whom the wave goes for or went for: what a budget is a share of'),
  deferred: z.int(),
  away: z.int().describe('of these, parked until they sign in again'),
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
  leftIn: z.int().describe('people with a directory role who stay in until a second person confirms'),
  perUserRetired: z.int().describe('whose per-user MFA went off, since the policy is proven for them'),
  perUserFailed: z.int().describe('whose per-user MFA did not go off, or may not have; retry tries again'),
  perUserKept: z.int().describe('who keeps per-user MFA beside the policy, mostly since never proven'),
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
  leftIn: z
    .array(z.object({ personId: z.string(), upn: z.string(), askedBy: z.string() }))
    .describe('who stays in until a second person than askedBy says rollback with their name'),
  nextLookAt: Time.nullable().describe('when the engine looks at the wave again by itself'),
  approval: z.object({
    required: z.boolean(),
    by: z.string().nullable().describe('who approved it, once enough have'),
    quorum: z.int().describe('so many different approvers'),
    given: z.array(z.string()).describe('who has said yes to what is asked now'),
    until: Time.nullable().describe('when an unanswered approval holds'),
  }),
  overridden: z.array(z.string()),
  possible: z.array(Verb).describe('verbs this wave takes in its state'),
  ...PreparationOfWave.shape,
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
  wave: z.string().nullable().describe('null: in none, since they came after the last was frozen'),
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

export const TenantFindingView = z.object({
  finding: z.string().describe('its name, for accept'),
  since: Time,
  says: z.string(),
  accepted: z
    .object({ by: z.string(), at: Time, reason: z.string() })
    .nullable()
    .describe('who took it as it is; null: nobody yet'),
})
export type TenantFindingView = z.infer<typeof TenantFindingView>

export const FindingView = z.object({
  finding: z.string().describe('its name in `accept` and `revert`: the object and its property'),
  says: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  people: z.array(z.object({ personId: z.string(), upn: z.string(), says: z.string() })),
  bare: z
    .array(z.object({ personId: z.string(), upn: z.string() }))
    .describe('whose per-user MFA we had ended: without MFA by this until it is back, read back'),
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
    administrators: z
      .object({
        group: z.string(),
        policy: z.string(),
        groupId: z.string().nullable(),
        policyId: z.string().nullable(),
      })
      .nullable()
      .optional()
      .describe('where privileged people have a group and policy of their own'),
    twinPolicyId: z.string().nullable().optional().describe('the report-only twin, where a gate asks it'),
  }),
  revisions: z.array(RevisionView).describe('of the plan, oldest first'),
  holds: z.array(HoldView),
  findings: z.array(TenantFindingView).describe('found in the tenant, to be accepted by name'),
  waves: z.array(WaveView),
  adopted: z
    .int()
    .describe('people who were in the group before, taken as they are by name; in no wave, never taken out'),
  drift: z.array(FindingView).describe('what another hand changed, and nobody has accepted or reverted'),
  leftOut: z
    .array(z.object({ reason: z.string(), people: z.int() }))
    .describe('people who are in no wave, and why'),
  campaign: CampaignView.nullable().optional().describe('where the plan changes the registration campaign'),
  phoneOnly: z.array(PhoneOnlyView),
  leftovers: z
    .int()
    .describe('members who are not under MFA by this rollout, and who came after its last wave was frozen'),
  nextLookAt: Time.nullable().describe('when the catch-up looks again who is left over'),
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
  deferredUntil: Time.nullable().describe('the end somebody named'),
  requestedAt: Time.nullable(),
  inPlaceAt: Time.nullable(),
  provenAt: Time.nullable(),
  lockedOutAt: Time.nullable(),
  lockedOutNow: z.boolean(),
  restore: z.string().nullable(),
  restoreReason: z.string().nullable(),
  restoredAt: Time.nullable(),
  leftInBy: z.string().nullable().describe('who asked for a rollback that waits for a second person'),
  confirmedBy: z.string().nullable(),
  readiness: z
    .string()
    .nullable()
    .describe('where the plan names a strength: by what the person meets it, or why not'),
  lastProvenAt: Time.nullable(),
  perUserMfa: z
    .enum(PER_USER_MFA)
    .nullable()
    .describe('what became of it once the policy asks the person; null: not looked at, or back as recorded'),
  perUserReason: z.string().nullable(),
  notProvenAcceptedBy: z
    .string()
    .nullable()
    .describe('who decided that the person goes over without a proof'),
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
  pass: PassOutcome.shape.pass.optional().describe('of pass: shown this once'),
  waitsFor: PassOutcome.shape.waitsFor.optional().describe('of pass: whose word is still wanted'),
  rollout: RolloutView,
})
export type VerbAnswer = z.infer<typeof VerbAnswer>

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
