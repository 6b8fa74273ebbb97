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
    on: ['wave'],
    roles: ['approver'],
    ifMatch: true,
    says: 'approves this plan, cohort and these verdicts; never one’s own request',
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
    on: ['wave'],
    roles: ['onCall'],
    ifMatch: false,
    says: 'takes again the people whose outcome is failed or unknown',
  },
  abort: {
    on: ['rollout'],
    roles: ['onCall'],
    ifMatch: false,
    says: 'stops here and leaves people as they are; not a rollback',
  },
  rollback: {
    on: ['rollout', 'wave', 'person'],
    roles: ['onCall', 'helpDesk'],
    ifMatch: false,
    says: 'puts people back to what was recorded before; says done only after reading back',
  },
}

/** The help desk takes back one person at a time, and so many a day. */
export const HELP_DESK_ROLLBACKS_A_DAY = 10
