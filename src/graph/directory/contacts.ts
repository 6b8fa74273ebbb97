import { z } from 'zod'
import type { Graph } from '../client.ts'
import { all } from '../paging.ts'
import { type Ask, nullableFlag, nullableText } from './ask.ts'

const contact = z.object({
  id: z.string().min(1),
  userPrincipalName: z.string().min(1),
  mail: nullableText,
  employeeId: nullableText,
  accountEnabled: nullableFlag,
  /** As somebody wrote it down; no authentication method. */
  mobilePhone: nullableText,
  businessPhones: z
    .array(z.string())
    .nullish()
    .transform((numbers) => numbers ?? []),
  country: nullableText,
  /** Two letters. */
  usageLocation: nullableText,
})
const managed = contact.extend({ manager: z.object({ id: z.string().min(1) }).nullish() })

/** How the directory says that somebody is reached. */
export type Contact = z.output<typeof managed>

const $select = Object.keys(contact.shape).join(',')

export function contactReads(graph: Graph) {
  return {
    /** Everybody's, all pages of 999, each with the manager's object id. */
    listContacts: (ask: Ask): Promise<Contact[]> => {
      const query = { $select, $expand: 'manager($select=id)', $top: '999' }
      return all(graph, { ...ask, path: '/users', query, item: managed })
    },
  }
}
