import { planOf } from '../engine/job.ts'
import { fault } from '../errors.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Reader } from '../store/store.ts'
import type { Caller } from './contract.ts'
import type { Verb } from './verbs.ts'

/** What stands for the wave in an approval of the whole plan. */
export const NO_WAVE = ''

/** A plan that prepares people reaches them before their wave is approved: it is approved itself, by its hash. */
export function asksForApproval(rollout: Pick<StoredRollout, 'plan' | 'state'>): boolean {
  return planOf(rollout).prepare !== null && ['draft', 'running'].includes(rollout.state)
}

/** Approved as it is now, by somebody else than who starts it. */
export async function isStartApproved(
  read: Pick<Reader, 'approvals'>,
  { id, planHash }: Pick<StoredRollout, 'id' | 'planHash'>,
  starter: string | null,
): Promise<boolean> {
  const all = (await read.approvals(NO_WAVE)).filter((one) => one.rolloutId === id)
  return all.some((one) => one.planHash === planHash && one.person.toLowerCase() !== starter?.toLowerCase())
}

/** @throws approvalMissing */
export async function refuseUnapproved(
  read: Pick<Reader, 'approvals'>,
  rollout: StoredRollout,
  caller: Caller,
): Promise<void> {
  if (!asksForApproval(rollout) || (await isStartApproved(read, rollout, caller.person))) return
  throw fault('approvalMissing', { id: rollout.id, planHash: rollout.planHash })
}

/** For a dry run: what the start waits for. */
export async function sayUnapproved(
  read: Pick<Reader, 'approvals'>,
  rollout: StoredRollout,
  caller: Caller,
): Promise<string[]> {
  if (!asksForApproval(rollout) || (await isStartApproved(read, rollout, caller.person))) return []
  return ['The plan prepares people before the switch: an approver has to approve the rollout first.']
}

/** The verb that a plan which prepares people waits for, until somebody has approved it. */
export async function approvable(read: Pick<Reader, 'approvals'>, rollout: StoredRollout): Promise<Verb[]> {
  return asksForApproval(rollout) && !(await isPlanApproved(read, rollout, null)) ? ['approve'] : []
}
