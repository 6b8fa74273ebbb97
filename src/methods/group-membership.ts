import type { Ask, Receipt } from '../graph/directory/ask.ts'
import type { Directory } from '../graph/directory/directory.ts'

/** People enter MFA by joining the group that the policy names, and leave it by leaving the group. */
export const GROUP_MEMBERSHIP = {
  effect: 'groupMember',
  /** How many people one call changes; Graph's most for a group PATCH. */
  perCall: 20,
} as const

export interface GroupMembership {
  /** Who is in the group now, as the directory shows it; may lag behind a write by a minute. */
  read(groupId: string, ask: Ask): Promise<Set<string>>
  /** Everybody or nobody. A failure of kind alreadyExists, notFound or badRequest changed nobody. */
  apply(groupId: string, people: readonly string[], ask: Ask): Promise<Receipt>
  /** Back to the before-image of somebody who was no member. */
  restore(groupId: string, person: string, ask: Ask): Promise<Receipt>
}

export function groupMembership(directory: Directory): GroupMembership {
  return {
    read: async (groupId, ask) =>
      new Set((await directory.listMembers(groupId, ask)).map((member) => member.id)),
    apply: (groupId, people, ask) => directory.addMembers(groupId, people, ask),
    restore: (groupId, person, ask) => directory.removeMember(groupId, person, ask),
  }
}
