import { z } from 'zod'
import type { Graph } from '../client.ts'
import { isFailure } from '../errors.ts'
import { all } from '../paging.ts'
import { type Ask, nullableFlag, nullableText, quoted, type Receipt, receiptOf, segment } from './ask.ts'

const group = z.object({
  id: z.string().min(1),
  displayName: nullableText,
  description: nullableText,
  groupTypes: z.array(z.string()),
  membershipRule: nullableText,
  onPremisesSyncEnabled: nullableFlag,
  isAssignableToRole: nullableFlag,
  securityEnabled: nullableFlag,
})
export type Group = z.output<typeof group>

export type ResolvedGroup =
  | { found: 'none' }
  | { found: 'one'; group: Group }
  | { found: 'many'; groups: Group[] }

const parent = z.object({ '@odata.type': z.string(), id: z.string().min(1), displayName: nullableText })
export type ParentGroup = { id: string; displayName: string | null }

const $select = Object.keys(group.shape).join(',')
const objectId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function groupReads(graph: Graph) {
  async function readGroup(id: string, ask: Ask): Promise<Group> {
    const path = `/groups/${segment(id)}`
    return (await graph.call({ ...ask, method: 'GET', path, query: { $select }, expect: group })).body
  }

  return {
    /** By object id. Fails with `notFound`. */
    readGroup,

    /** By object id, or by a display name, which Entra does not keep unique. */
    async resolveGroup(idOrName: string, ask: Ask): Promise<ResolvedGroup> {
      if (objectId.test(idOrName)) {
        try {
          return { found: 'one', group: await readGroup(idOrName, ask) }
        } catch (error) {
          if (isFailure(error, 'notFound')) return { found: 'none' }
          throw error
        }
      }
      const query = { $select, $filter: `displayName eq ${quoted(idOrName)}` }
      const groups = await all(graph, { ...ask, path: '/groups', query, item: group })
      const [first] = groups
      if (first === undefined) return { found: 'none' }
      return groups.length === 1 ? { found: 'one', group: first } : { found: 'many', groups }
    },

    /** The groups this one is directly in; empty when it is not nested. */
    async parentGroups(id: string, ask: Ask): Promise<ParentGroup[]> {
      const path = `/groups/${segment(id)}/memberOf`
      const found = await all(graph, { ...ask, path, query: { $select: 'id,displayName' }, item: parent })
      return found
        .filter((one) => one['@odata.type'] === '#microsoft.graph.group')
        .map(({ id, displayName }) => ({ id, displayName }))
    },
  }
}

const made = z.object({ id: z.string().min(1) })

export function groupWrites(graph: Graph) {
  return {
    /** An empty security group with assigned members. Its name need not be unique: look for one first. Answers with its id. */
    async createGroup(
      { displayName, description }: { displayName: string; description: string },
      ask: Ask,
    ): Promise<string> {
      const mailNickname = displayName.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 64) || 'wavegate'
      const body = { displayName, description, mailNickname, mailEnabled: false, securityEnabled: true }
      const answer = await graph.call({ ...ask, method: 'POST', path: '/groups', body, expect: made })
      return answer.body.id
    },

    /** Goes to the bin, from which an administrator can take it back for thirty days. */
    async deleteGroup(id: string, ask: Ask): Promise<Receipt> {
      return receiptOf(await graph.call({ ...ask, method: 'DELETE', path: `/groups/${segment(id)}` }))
    },
  }
}
