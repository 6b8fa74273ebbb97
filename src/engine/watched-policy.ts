import type { Watched } from '../store/drift.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { planOf } from './job.ts'

/** Policies of a rollout that another hand may change. */
export type WatchedPolicy = Extract<Watched, 'policy' | 'administratorsPolicy' | 'twin'>
export const WATCHED_POLICIES = ['policy', 'administratorsPolicy', 'twin'] as const

/** Under which it is kept who has to stay left out of it, and what an approver took as it is. */
const KEYS: Record<WatchedPolicy, { exclusions: string; accepted: string }> = {
  policy: { exclusions: 'exclusions', accepted: 'accepted' },
  administratorsPolicy: { exclusions: 'administratorsExclusions', accepted: 'administratorsAccepted' },
  twin: { exclusions: 'twinExclusions', accepted: 'twinAccepted' },
}

export function exclusionsKey(object: WatchedPolicy): string {
  return KEYS[object].exclusions
}

export function acceptedKey(object: WatchedPolicy): string {
  return KEYS[object].accepted
}

export function isWatchedPolicy(object: Watched): object is WatchedPolicy {
  return object in KEYS
}

export interface PolicyOfRollout {
  id: string | null
  name: string
  /** The people it is about; null: everybody. */
  groupId: string | null
}

export function policyOf(rollout: StoredRollout, object: WatchedPolicy): PolicyOfRollout {
  const { policyId, adminPolicyId, twinId, targetPolicy, groupId, adminGroupId } = rollout
  switch (object) {
    case 'policy':
      return { id: policyId, name: targetPolicy, groupId }
    case 'administratorsPolicy': {
      const name = planOf(rollout).enforce.administrators?.policy ?? 'of the administrators'
      return { id: adminPolicyId, name, groupId: adminGroupId }
    }
    case 'twin':
      return { id: twinId, name: `${targetPolicy} (report-only twin)`, groupId: null }
    default:
      return object satisfies never
  }
}

/** The column that says by which id the rollout knows it. */
export function policyColumn(object: WatchedPolicy): 'policy_id' | 'admin_policy_id' | 'twin_id' {
  switch (object) {
    case 'policy':
      return 'policy_id'
    case 'administratorsPolicy':
      return 'admin_policy_id'
    case 'twin':
      return 'twin_id'
    default:
      return object satisfies never
  }
}
