import type { Change } from '../methods/change.ts'
import { groupMembership } from '../methods/group-membership.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { World } from './world.ts'

/** Every change a rollout may have made to people, in the order in which each person is taken back. */
export function undoOrder(world: World, rollout: StoredRollout): Change[] {
  return rollout.groupId === null ? [] : [groupMembership(world.directory, rollout.groupId)]
}
