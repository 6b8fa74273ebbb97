import type { Change } from '../methods/change.ts'
import { groupMembership } from '../methods/group-membership.ts'
import { perUserMfa, perUserMfaRetirement } from '../methods/per-user-mfa.ts'
import type { CompiledWave } from '../plan/compiled-plan.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { idsOf } from './doors.ts'
import { doorOf, planOf } from './job.ts'
import type { World } from './world.ts'

/** What a wave of the rollout does to its people, as far as it has begun to. */
export function wayOf(world: World, rollout: StoredRollout, planned: CompiledWave): Change | undefined {
  if (planOf(rollout).enforce.by === 'per-user-mfa') return perUserMfa(world.directory)
  const { groupId } = idsOf(rollout, doorOf(planned))
  return groupId === null ? undefined : groupMembership(world.directory, groupId)
}

function groupsOf({ groupId, adminGroupId }: StoredRollout): string[] {
  return [groupId, adminGroupId].filter((id) => id !== null)
}

/** Every change a rollout may have made to people, in the order in which each person is taken back. */
export function undoOrder(world: World, rollout: StoredRollout): Change[] {
  const { by } = planOf(rollout).enforce
  switch (by) {
    case 'conditional-access':
      // Whatever the plan says now: an earlier run may have ended somebody's per-user MFA.
      return rollout.groupId === null
        ? []
        : [
            perUserMfaRetirement(world.directory),
            ...groupsOf(rollout).map((id) => groupMembership(world.directory, id)),
          ]
    case 'per-user-mfa':
      return [perUserMfa(world.directory)]
    default:
      return by satisfies never
  }
}
