import { z } from 'zod'
import type { Graph } from '../client.ts'
import { all } from '../paging.ts'
import { type Ask, nullableFlag, nullableText, segment } from './ask.ts'

const user = z.object({
  id: z.string().min(1),
  userPrincipalName: z.string().min(1),
  displayName: nullableText,
  accountEnabled: nullableFlag,
  /** Member | Guest; null on some synchronised accounts, which are members. */
  userType: nullableText,
  department: nullableText,
  mail: nullableText,
})
export type User = z.output<typeof user>

const $select = Object.keys(user.shape).join(',')

export function userReads(graph: Graph) {
  return {
    /** Everybody, all pages of 999. */
    listUsers: (ask: Ask): Promise<User[]> =>
      all(graph, { ...ask, path: '/users', query: { $select, $top: '999' }, item: user }),

    /** By object id or user principal name. Fails with `notFound`. */
    async readUser(idOrName: string, ask: Ask): Promise<User> {
      const path = `/users/${segment(idOrName)}`
      const { body } = await graph.call({ ...ask, method: 'GET', path, query: { $select }, expect: user })
      return body
    },
  }
}
