import type { Hold, HoldKind } from '../../machines/language.ts'
import { expiryOf } from '../engine/hold-age.ts'
import type { CompiledHolds } from '../plan/compiled-plan.ts'
import { type HoldView, time } from './views.ts'

const LIFTED_BY: Record<HoldKind, string> = {
  user: 'resume',
  error: 'resume, when the cause is gone; or retry, which takes failed people again as well',
  stuck: 'itself, when the outcome has been read; or resume or retry, which read it at once',
  empty: 'skip, or a new revision of the plan',
  freeze: 'thaw',
  disarmed: 'rearm',
  drift: 'accept by an approver, or revert; or itself, when the tenant is as recorded again',
  gateUnknown: 'itself, when the evidence is there; resume looks at once; or advance with a reason',
  gateFailed: 'advance with a reason, or resume for a fresh check',
  budgetSpent: 'accept by an approver, once nobody is locked out any more; or rollback of the wave',
  rejected: 'skip, a new revision of the plan, abort or rollback',
  approvalExpired: 'approve, by as many approvers as the plan asks for; or reject',
  waveRolledBack: 'resume, to go on with the next wave',
}

/** A hold as callers see it: how old it is, when it has stood too long, and what happens then. */
export function holdView(hold: Hold, rules: CompiledHolds, now: number): HoldView {
  const { kind, by, reason, gate, code } = hold
  return {
    kind,
    since: time(hold.since),
    by,
    reason,
    ...(gate === undefined ? {} : { gate }),
    ...(code === undefined ? {} : { code }),
    liftedBy: LIFTED_BY[kind],
    ageMs: Math.max(0, now - hold.since),
    expiresAt: time(expiryOf(hold, rules)),
    onExpire: rules.onExpire,
  }
}
