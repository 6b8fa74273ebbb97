import { planOf } from '../engine/job.ts'
import { isPlanApproved } from '../engine/plan-approval.ts'
import { fault } from '../errors.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Reader } from '../store/store.ts'
import type { Caller } from './contract.ts'
import type { Verb } from './verbs.ts'

type Read = Pick<Reader, 'planApprovals'>

/** A plan that prepares people reaches them before their wave is approved: it is approved itself, by its hash. */
export function asksForApproval(rollout: Pick<StoredRollout, 'plan' | 'state'>): boolean {
  return planOf(rollout).prepare !== null && ['draft', 'running'].includes(rollout.state)
}

/** @throws approvalMissing */
export async function refuseUnapproved(read: Read, rollout: StoredRollout, caller: Caller): Promise<void> {
  if (!asksForApproval(rollout) || (await isPlanApproved(read, rollout, caller.person))) return
  throw fault('approvalMissing', { id: rollout.id, planHash: rollout.planHash })
}

/** For a dry run: what the start waits for. */
export async function sayUnapproved(read: Read, rollout: StoredRollout, caller: Caller): Promise<string[]> {
  if (!asksForApproval(rollout) || (await isPlanApproved(read, rollout, caller.person))) return []
  return ['The plan prepares people before the switch: an approver has to approve the rollout first.']
}

/** The verb that a plan which prepares people waits for, until somebody has approved it. */
export async function approvable(read: Read, rollout: StoredRollout): Promise<Verb[]> {
  return asksForApproval(rollout) && !(await isPlanApproved(read, rollout, null)) ? ['approve'] : []
}
