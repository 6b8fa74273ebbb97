import { z } from 'zod'
import type { BatchCall } from '../batch.ts'
import type { Graph } from '../client.ts'
import { GraphFailure } from '../errors.ts'
import { all } from '../paging.ts'
import { type Ask, type Receipt, receiptOf, segment } from './ask.ts'

const object = z.object({ '@odata.type': z.string(), id: z.string().min(1) })

export interface Member {
  id: string
  type: 'user' | 'group' | 'other'
}

/** Graph's most for one group PATCH. */
export const mostMembersPerCall = 20

export function membership(graph: Graph) {
  async function list(path: string, ask: Ask): Promise<Member[]> {
    const found = await all(graph, { ...ask, path, query: { $select: 'id', $top: '999' }, item: object })
    return found.map((one) => ({ id: one.id, type: typeOf(one['@odata.type']) }))
  }

  return {
    /** Direct members, all pages. */
    listMembers: (groupId: string, ask: Ask): Promise<Member[]> =>
      list(`/groups/${segment(groupId)}/members`, ask),

    /** The object ids of all users in the group or in a group within it. */
    async listTransitiveUsers(groupId: string, ask: Ask): Promise<string[]> {
      // Not the cast `/microsoft.graph.user`: it reads an index that lags.
      const members = await list(`/groups/${segment(groupId)}/transitiveMembers`, ask)
      return members.filter((member) => member.type === 'user').map((member) => member.id)
    },

    /**
     * Adds 1 to 20 people in one call, all or nobody. Fails with `alreadyExists` when one of them is a member already,
     * with `notFound` when one does not exist; nobody was added then.
     */
    async addMembers(groupId: string, userIds: readonly string[], ask: Ask): Promise<Receipt> {
      if (userIds.length === 0 || userIds.length > mostMembersPerCall) {
        throw new RangeError(
          `a group takes 1 to ${mostMembersPerCall} members in one call, not ${userIds.length}`,
        )
      }
      const links = userIds.map((id) => `${graph.baseUrl}/v1.0/directoryObjects/${segment(id)}`)
      const answer = await graph.call({
        ...ask,
        method: 'PATCH',
        path: `/groups/${segment(groupId)}`,
        body: { 'members@odata.bind': links },
      })
      return receiptOf(answer)
    },

    /** Removes one person from the group. Fails with `notMember`, or with `notFound`, which may mean either. */
    async removeMember(groupId: string, userId: string, ask: Ask): Promise<Receipt> {
      return receiptOf(await graph.call({ ...ask, ...removal(groupId, userId) }))
    },

    /** The same for many people, twenty to a request; a person's failure is theirs alone. */
    async removeMembers(
      groupId: string,
      userIds: readonly string[],
      ask: Ask,
    ): Promise<Map<string, Receipt | GraphFailure>> {
      const people = [...new Set(userIds)]
      const calls = people.map((id) => removal(groupId, id))
      const results = await graph.batch(calls, ask.lane, ask.signal)
      return new Map(
        results.map((result, place) => [
          people[place] as string,
          result instanceof GraphFailure ? result : receiptOf(result),
        ]),
      )
    },
  }
}

function removal(groupId: string, userId: string): BatchCall<unknown> {
  const path = `/groups/${segment(groupId)}/members/${segment(userId)}/$ref`
  // Without /$ref the same call deletes the person's account.
  if (!path.endsWith('/$ref')) throw new Error(`DELETE ${path} is not the removal of a member`)
  return { method: 'DELETE', path }
}

function typeOf(odata: string): Member['type'] {
  if (odata === '#microsoft.graph.user') return 'user'
  return odata === '#microsoft.graph.group' ? 'group' : 'other'
}
