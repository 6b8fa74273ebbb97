import type { Tables } from './tables.ts'

export const OUTCOMES = ['pending', 'done', 'already', 'skipped', 'failed', 'unknown', 'gone'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const RESTORES = [
  'restored',
  'notOurs',
  'failed',
  'unknown',
  'gone',
  'untouched',
  'resolved',
  'leftIn',
  'conflict',
] as const
export type Restore = (typeof RESTORES)[number]

/** What became of a person's per-user MFA once Conditional Access asks them. `none`: there was nothing to switch off. */
export const PER_USER_MFA = ['retired', 'keeps', 'none', 'unknown', 'failed'] as const
export type PerUserMfa = (typeof PER_USER_MFA)[number]

/** A member of a wave with the three facts that are never mixed: requested, in place, proven. */
export interface Member {
  rolloutId: string
  waveId: string
  personId: string
  upn: string
  displayName: string
  position: number
  /** Why the person waits for later; null: goes with the wave. */
  deferred: string | null
  outcome: Outcome
  outcomeReason: string | null
  requestedAt: number | null
  inPlaceAt: number | null
  provenAt: number | null
  lockedOutAt: number | null
  lockedOutNow: boolean
  restore: Restore | null
  restoreReason: string | null
  restoredAt: number | null
  /** When somebody asked for the person to be taken back. */
  parkedAt: number | null
  releasedAt: number | null
  /** Who asked for a rollback that waits for a second person. */
  leftInBy: string | null
  /** The second person. */
  confirmedBy: string | null
  /** With a strength: by what the person meets it, or why not, as readiness was judged last. */
  readiness: string | null
  lastProvenAt: number | null
  /** null: not looked at yet, or back as recorded. */
  perUserMfa: PerUserMfa | null
  perUserReason: string | null
  /** When that was noted. */
  perUserAt: number | null
  /** Who decided that the person goes over without a proof. */
  notProvenAcceptedBy: string | null
  notProvenAcceptedAt: number | null
  /** Nobody is changed before; null: whenever it is their turn. */
  notBefore: number | null
}

export function toMember(row: Tables['member']): Member {
  return {
    rolloutId: row.rollout_id,
    waveId: row.wave_id,
    personId: row.person_id,
    upn: row.upn,
    displayName: row.display_name,
    position: row.position,
    deferred: row.deferred,
    outcome: row.outcome as Outcome,
    outcomeReason: row.outcome_reason,
    requestedAt: row.requested_at,
    inPlaceAt: row.in_place_at,
    provenAt: row.proven_at,
    lockedOutAt: row.locked_out_at,
    lockedOutNow: row.locked_out_now === 1,
    restore: row.restore as Restore | null,
    restoreReason: row.restore_reason,
    restoredAt: row.restored_at,
    parkedAt: row.parked_at,
    releasedAt: row.released_at,
    leftInBy: row.left_in_by,
    confirmedBy: row.confirmed_by,
    readiness: row.readiness,
    lastProvenAt: row.last_proven_at,
    perUserMfa: row.per_user_mfa as PerUserMfa | null,
    perUserReason: row.per_user_reason,
    perUserAt: row.per_user_at,
    notProvenAcceptedBy: row.not_proven_accepted_by,
    notProvenAcceptedAt: row.not_proven_accepted_at,
    notBefore: row.not_before,
  }
}
