import type { StoredRollout } from '../store/rollouts.ts'
import type { Reader } from '../store/store.ts'

/** What stands for the wave in an approval of the whole plan. */
export const NO_WAVE = ''

/** The plan that is in force, by its hash, and by somebody else than who starts it. */
export async function isPlanApproved(
  read: Pick<Reader, 'planApprovals'>,
  { id, planHash }: Pick<StoredRollout, 'id' | 'planHash'>,
  starter: string | null,
): Promise<boolean> {
  const approvals = await read.planApprovals(id)
  return approvals.some(
    (one) => one.planHash === planHash && one.person.toLowerCase() !== starter?.toLowerCase(),
  )
}
