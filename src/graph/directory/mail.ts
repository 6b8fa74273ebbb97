import { z } from 'zod'
import type { Graph } from '../client.ts'
import { all } from '../paging.ts'
import { type Ask, nullableFlag, nullableText, quoted, type Receipt, receiptOf, segment } from './ask.ts'
import { inTurn } from './in-turn.ts'

/** Where a person reads mail, and in which language. */
const addressee = z.object({
  id: z.string().min(1),
  userPrincipalName: z.string().min(1),
  displayName: nullableText,
  mail: nullableText,
  preferredLanguage: nullableText,
  /** Two letters. */
  usageLocation: nullableText,
  accountEnabled: nullableFlag,
})
export type Addressee = z.output<typeof addressee>

export interface Mail {
  to: string
  subject: string
  html: string
}

const $select = Object.keys(addressee.shape).join(',')

/** As many values as Graph takes in one `in`. */
const VALUES_IN_FILTER = 15

/** As many calls as a mailbox takes at a time. */
const AT_A_TIME = 4

export function mailCalls(graph: Graph) {
  const turns = new Map<string, ReturnType<typeof inTurn>>()
  return {
    /** Fifteen a call; whoever is not in the directory is left out. */
    async readAddressees(ids: readonly string[], ask: Ask): Promise<Addressee[]> {
      const found: Addressee[] = []
      for (let start = 0; start < ids.length; start += VALUES_IN_FILTER) {
        const some = ids.slice(start, start + VALUES_IN_FILTER).map(quoted)
        const query = { $select, $filter: `id in (${some.join(',')})` }
        found.push(...(await all(graph, { ...ask, path: '/users', query, item: addressee })))
      }
      return found
    },

    /**
     * Microsoft takes the mail on; whether it arrives is not said. `unknownEffect` may have been taken on, any other
     * failure was not.
     */
    async sendMail(sender: string, { to, subject, html }: Mail, ask: Ask): Promise<Receipt> {
      const message = {
        subject,
        body: { contentType: 'HTML', content: html },
        toRecipients: [{ emailAddress: { address: to } }],
      }
      const path = `/users/${segment(sender)}/sendMail`
      const body = { message, saveToSentItems: false }
      const turn = turns.get(sender.toLowerCase()) ?? inTurn(AT_A_TIME)
      turns.set(sender.toLowerCase(), turn)
      return receiptOf(await turn(() => graph.call({ ...ask, method: 'POST', path, body })))
    },
  }
}
