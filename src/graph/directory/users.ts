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

/** Beside those, on request. `manager` comes by $expand, which costs a unit more a page; null: the directory names none. */
const listed = user.extend({
  manager: z.object({ id: z.string().min(1) }).nullish(),
  /** `SMTP:` or `smtp:` and an address; other prefixes are no mail. */
  proxyAddresses: z.array(z.string()).nullish(),
  employeeId: nullableText.optional(),
})
export type ListedUser = z.output<typeof listed>

const state = user.pick({ id: true, userPrincipalName: true, displayName: true, accountEnabled: true })
export type UserState = z.output<typeof state>

/** As many values as Graph takes in one `in`. */
const VALUES_IN_FILTER = 15

export function userReads(graph: Graph) {
  return {
    /** Everybody, all pages of 999; where asked for with the manager’s object id, or with every address and employee id. */
    listUsers(
      ask: Ask,
      {
        withManagers = false,
        withAddresses = false,
      }: { withManagers?: boolean; withAddresses?: boolean } = {},
    ): Promise<ListedUser[]> {
      const query = {
        $select: withAddresses ? `${$select},proxyAddresses,employeeId` : $select,
        ...(withManagers ? { $expand: 'manager($select=id)' } : {}),
        $top: '999',
      }
      return all(graph, { ...ask, path: '/users', query, item: listed })
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
