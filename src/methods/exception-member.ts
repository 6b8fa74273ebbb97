import type { Directory } from '../graph/directory/directory.ts'
import type { Change } from './change.ts'
import { groupMembership } from './group-membership.ts'

export const EXCEPTION_MEMBER = { effect: 'exceptionMember' } as const

/**
 * People stay out of a policy that covers everybody by being in the group it leaves out: to do it takes MFA off, or keeps
 * it off; to undo it lets the policy have them.
 */
export function exceptionMember(directory: Directory, groupId: string): Change {
  return {
    ...groupMembership(directory, groupId),
    effect: EXCEPTION_MEMBER.effect,
    says: 'among the exceptions',
  }
}
