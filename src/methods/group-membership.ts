import type { Directory } from '../graph/directory/directory.ts'
import type { Change } from './change.ts'

export const GROUP_MEMBERSHIP = { effect: 'groupMember' } as const

/** Graph's most for a group PATCH. */
const PEOPLE_PER_PATCH = 20

/** People enter MFA by joining the group that the policy names, and leave it by leaving the group. */
export function groupMembership(directory: Directory, groupId: string): Change {
  return {
    effect: GROUP_MEMBERSHIP.effect,
    target: groupId,
    says: 'in the group',
    stages: ['member'],
    perCall: PEOPLE_PER_PATCH,
    // One reading of the group shows everybody.
    together: Number.POSITIVE_INFINITY,
    isAllOrNothing: true,
    async read(ids, ask) {
      const members = new Set((await directory.listMembers(groupId, ask)).map((member) => member.id))
      return new Map(ids.map((id) => [id, { member: members.has(id) }]))
    },
    reached: (image) => image['member'] === true,
    async apply(ids, _stage, ask) {
      const answer = await directory.addMembers(groupId, ids, ask)
      return new Map(ids.map((id) => [id, answer]))
    },
    /** Each by a call of their own: Graph takes nobody out in twenties. */
    restore: (people, ask) => directory.removeMembers(groupId, [...people.keys()], ask),
    back: (now, before) => (now['member'] === before['member'] ? 'restored' : undefined),
  }
}
