import { z } from 'zod'
import type { Graph } from '../client.ts'
import { all } from '../paging.ts'
import { type Ask, nullableFlag, nullableText, quoted, segment } from './ask.ts'

const user = z.object({
  id: z.string().min(1),
  userPrincipalName: z.string().min(1),
  displayName: nullableText,
  accountEnabled: nullableFlag,
  /** Member | Guest; null on some synchronised accounts, which are members. */
  userType: nullableText,
  department: nullableText,
  officeLocation: nullableText,
  country: nullableText,
  /** Two letters. */
  usageLocation: nullableText,
  employeeType: nullableText,
  companyName: nullableText,
  mail: nullableText,
})
export type User = z.output<typeof user>

const $select = Object.keys(user.shape).join(',')

/** `manager` comes by $expand, which costs a unit more a page; null: the directory names none. */
const managed = user.extend({ manager: z.object({ id: z.string().min(1) }).nullish() })
export type ManagedUser = z.output<typeof managed>

const state = user.pick({ id: true, userPrincipalName: true, displayName: true, accountEnabled: true })
export type UserState = z.output<typeof state>

/** As many values as Graph takes in one `in`. */
const VALUES_IN_FILTER = 15

export function userReads(graph: Graph) {
  return {
    /** Everybody, all pages of 999. */
    listUsers: (ask: Ask): Promise<User[]> =>
      all(graph, { ...ask, path: '/users', query: { $select, $top: '999' }, item: user }),

    /** Everybody, each with the manager's object id. */
    listManagedUsers: (ask: Ask): Promise<ManagedUser[]> => {
      const query = { $select, $expand: 'manager($select=id)', $top: '999' }
      return all(graph, { ...ask, path: '/users', query, item: managed })
    },

    /** Names and state of these people, fifteen a call; whoever is not in the directory is left out. */
    async readUserStates(ids: readonly string[], ask: Ask): Promise<UserState[]> {
      const found: UserState[] = []
      for (let start = 0; start < ids.length; start += VALUES_IN_FILTER) {
        const some = ids.slice(start, start + VALUES_IN_FILTER).map(quoted)
        const query = { $select: Object.keys(state.shape).join(','), $filter: `id in (${some.join(',')})` }
        found.push(...(await all(graph, { ...ask, path: '/users', query, item: state })))
      }
      return found
    },

    /** By object id or user principal name. Fails with `notFound`. */
    async readUser(idOrName: string, ask: Ask): Promise<User> {
      const path = `/users/${segment(idOrName)}`
      const { body } = await graph.call({ ...ask, method: 'GET', path, query: { $select }, expect: user })
      return body
    },
  }
}
