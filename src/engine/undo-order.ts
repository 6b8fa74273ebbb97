import type { Change } from '../methods/change.ts'
import { groupMembership } from '../methods/group-membership.ts'
import { perUserMfa, perUserMfaRetirement } from '../methods/per-user-mfa.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { planOf } from './job.ts'
import type { World } from './world.ts'

/** Every change a rollout may have made to people, in the order in which each person is taken back. */
export function undoOrder(world: World, rollout: StoredRollout): Change[] {
  const { by } = planOf(rollout).enforce
  switch (by) {
    case 'conditional-access':
      // Whatever the plan says now: an earlier run may have ended somebody's per-user MFA.
      return rollout.groupId === null
        ? []
        : [perUserMfaRetirement(world.directory), groupMembership(world.directory, rollout.groupId)]
    case 'per-user-mfa':
      return [perUserMfa(world.directory)]
    default:
      return by satisfies never
  }
}
