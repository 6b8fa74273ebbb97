import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { StoredRollout } from '../store/rollouts.ts'

/** One way into MFA: a group, and the policy on it. Administrators have one of their own where the plan says so. */
export interface Door {
  for: 'people' | 'administrators'
  group: string
  policy: string
}

/** The people's first; none where MFA is each person's own state. */
export function doorsOf(plan: CompiledPlan): Door[] {
  const { by, group, policy, administrators } = plan.enforce
  if (by === 'per-user-mfa') return []
  const people: Door = { for: 'people', group, policy }
  return administrators ? [people, { for: 'administrators', ...administrators }] : [people]
}

/** The name of the policy's report-only twin; null: no gate of the plan asks what it tells. */
export function twinName(plan: CompiledPlan): string | null {
  if (plan.enforce.by === 'per-user-mfa') return null
  if (plan.waves.every((wave) => wave.gates.wouldBlock === null)) return null
  return `${plan.enforce.policy} (report-only twin)`
}

/** Every policy that a rollout of the plan makes where it is not there. */
export function policyNames(plan: CompiledPlan): string[] {
  const twin = twinName(plan)
  return [...doorsOf(plan).map((door) => door.policy), ...(twin === null ? [] : [twin])]
}

/** Under which the before-image of a door's policy is kept. */
export function imageKindOf(door: Door): string {
  return door.for === 'people' ? 'policy' : 'administratorsPolicy'
}

/** The setting that says when our hand switched a door's policy on. */
export function switchedOnKey(rolloutId: string, door: Door['for'] = 'people'): string {
  return door === 'people' ? `switchedOn:${rolloutId}` : `switchedOn:${rolloutId}:administrators`
}

export interface DoorIds {
  groupId: string | null
  policyId: string | null
}

/** What the rollout knows a door's group and policy by. */
export function idsOf(rollout: StoredRollout, door: Door['for']): DoorIds {
  const { groupId, policyId, adminGroupId, adminPolicyId } = rollout
  return door === 'people' ? { groupId, policyId } : { groupId: adminGroupId, policyId: adminPolicyId }
}

/** The same, as columns to write. */
export function columnsOf(door: Door['for'], { groupId, policyId }: Partial<DoorIds>) {
  const [group, policy] =
    door === 'people'
      ? (['group_id', 'policy_id'] as const)
      : (['admin_group_id', 'admin_policy_id'] as const)
  return {
    ...(groupId === undefined ? {} : { [group]: groupId }),
    ...(policyId === undefined ? {} : { [policy]: policyId }),
  }
}
