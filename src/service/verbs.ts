import { z } from 'zod'

export const Role = z.enum(['viewer', 'helpDesk', 'changeManager', 'approver', 'onCall', 'administrator'])
export type Role = z.infer<typeof Role>

export const ROLE_NAMES: Record<Role, string> = {
  viewer: 'viewer',
  helpDesk: 'help desk',
  changeManager: 'change manager',
  approver: 'approver',
  onCall: 'on-call',
  administrator: 'administrator',
}

export const Verb = z.enum([
  'start',
  'approve',
  'reject',
  'pause',
  'resume',
  'advance',
  'retry',
  'abort',
  'rollback',
  'skip',
  'extend',
  'shorten',
  'accept',
  'revert',
  'disarm',
  'rearm',
  'restart',
  'resolve',
  'adopt',
  'graduate',
  'defer',
  'release',
  'pass',
])
export type Verb = z.infer<typeof Verb>

export type Subject = 'rollout' | 'wave' | 'person'

interface VerbRule {
  on: readonly Subject[]
  roles: readonly Role[]
  /** Asks for If-Match. Those that stop or take back never do: nobody gets a 412 at 03:00. */
  ifMatch: boolean
  says: string
}

/** The one table of verbs: REST, CLI, roles and docs are held against it by tests. */
export const VERBS: Record<Verb, VerbRule> = {
  start: {
    on: ['rollout'],
    roles: ['changeManager'],
    ifMatch: true,
    says: 'checks the tenant, then begins the first wave',
  },
  approve: {
    on: ['wave', 'rollout'],
    roles: ['approver'],
    ifMatch: true,
    says: 'approves this plan, cohort and these verdicts; of a rollout that prepares people, its plan before the start; never one’s own request',
  },
  reject: {
    on: ['wave'],
    roles: ['approver'],
    ifMatch: true,
    says: 'refuses the wave and holds the rollout',
  },
  pause: {
    on: ['rollout', 'wave'],
    roles: ['onCall', 'changeManager'],
    ifMatch: false,
    says: 'starts no new change; what is in flight ends and is recorded; soak stops counting',
  },
  resume: {
    on: ['rollout', 'wave'],
    roles: ['onCall', 'changeManager'],
    ifMatch: true,
    says: 'goes on where it was, after a fresh gate check',
  },
  advance: {
    on: ['wave'],
    roles: ['changeManager'],
    ifMatch: true,
    says: 'skips what is left of the soak and the gates named; never an approval or a spent budget',
  },
  retry: {
    on: ['wave', 'person'],
    roles: ['onCall'],
    ifMatch: false,
    says: 'takes again the people whose outcome, preparation or end of per-user MFA is failed or unknown',
  },
  abort: {
    on: ['rollout'],
    roles: ['onCall'],
    ifMatch: false,
    says: 'stops here and leaves people as they are; not a rollback',
  },
  rollback: {
    on: ['rollout', 'wave', 'person'],
    roles: ['onCall', 'helpDesk', 'approver'],
    ifMatch: false,
    says: 'puts people back to what was recorded before; says done only after reading back; people with a directory role once a second person (on-call, or an approver) names them too; phones and tokens stay unless asked',
  },
  skip: {
    on: ['wave'],
    roles: ['changeManager'],
    ifMatch: true,
    says: 'leaves a wave out that is pending, prepared ahead, rejected or empty; its people stay untouched, and as they were prepared',
  },
  extend: {
    on: ['wave'],
    roles: ['changeManager'],
    ifMatch: true,
    says: 'makes the soak longer by a duration',
  },
  shorten: {
    on: ['wave'],
    roles: ['changeManager'],
    ifMatch: true,
    says: 'makes the soak shorter by a duration; settling and propagation stay',
  },
  accept: {
    on: ['wave', 'rollout', 'person'],
    roles: ['approver'],
    ifMatch: true,
    says: 'takes as it is: of a wave a spent budget, once nobody is locked out; of a rollout, by name, what another hand changed, or that security defaults went off; of a person that no sign-in has proven the policy (notProven)',
  },
  revert: {
    on: ['rollout'],
    roles: ['onCall'],
    ifMatch: true,
    says: 'puts back what another hand changed; people it put in leave only when named, and say so first in a dry run',
  },
  disarm: {
    on: ['rollout'],
    roles: ['onCall'],
    ifMatch: false,
    says: 'puts the policy in report-only with one call; bites within minutes to a day; nobody is added',
  },
  rearm: {
    on: ['rollout'],
    roles: ['changeManager'],
    ifMatch: true,
    says: 'switches the policy on again, after members and protection have been read',
  },
  restart: {
    on: ['rollout'],
    roles: ['changeManager'],
    ifMatch: true,
    says: 'makes a new draft of an ended rollout; cohorts and approvals are asked again, before-images stay those of the first change',
  },
  resolve: {
    on: ['person'],
    roles: ['onCall'],
    ifMatch: false,
    says: 'says that a failed rollback of a person was settled by hand; the reason says how',
  },
  adopt: {
    on: ['rollout'],
    roles: ['changeManager', 'approver'],
    ifMatch: true,
    says: 'before the start, takes people who are in the group already, by name: the change manager asks, an approver confirms the same list',
  },
  graduate: {
    on: ['rollout'],
    roles: ['changeManager', 'approver'],
    ifMatch: true,
    says: 'after the last wave, the policy covers all users less the protected and an exceptions group: the change manager asks, an approver confirms the names',
  },
  defer: {
    on: ['person'],
    roles: ['helpDesk', 'changeManager'],
    ifMatch: false,
    says: 'leaves a person for later until a date, once, before the change is sent; an approver is named',
  },
  release: {
    on: ['person'],
    roles: ['onCall'],
    ifMatch: false,
    says: 'lets the catch-up take a person again who was taken back, once readiness is newer than that',
  },
  pass: {
    on: ['person'],
    roles: ['helpDesk', 'onCall', 'approver'],
    ifMatch: false,
    says: 'makes a temporary access pass and shows it this once; for a person with a directory role after a second person (on-call, or an approver) has confirmed',
  },
}

/** How long a call to `extend` or `shorten` may name: a soak is weeks, not years. */
export const LONGEST_SOAK_CHANGE_MS = 90 * 86_400_000

/** How far ahead a deferral may end. */
export const LONGEST_DEFERRAL_MS = 180 * 86_400_000

/** The help desk takes back one person at a time, and so many a day. */
export const HELP_DESK_ROLLBACKS_A_DAY = 10

/** And makes passes for so many. */
export const HELP_DESK_PASSES_A_DAY = HELP_DESK_ROLLBACKS_A_DAY
