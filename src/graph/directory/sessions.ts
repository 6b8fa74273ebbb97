import { z } from 'zod'
import type { BatchCall } from '../batch.ts'
import type { Graph } from '../client.ts'
import { GraphFailure } from '../errors.ts'
import { all } from '../paging.ts'
import { type Ask, nullableText, quoted, type Receipt, receiptOf, segment } from './ask.ts'

const sessions = z.object({ id: z.string().min(1), signInSessionsValidFromDateTime: nullableText })

/** As many values as Graph takes in one `in`. */
const VALUES_IN_FILTER = 15

export function sessionCalls(graph: Graph) {
  return {
    /**
     * Since when each person's sessions count, as Graph writes it; null: Graph does not say. Who is not in the directory
     * is left out.
     */
    async readSessionsFrom(ids: readonly string[], ask: Ask): Promise<Map<string, string | null>> {
      const found = new Map<string, string | null>()
      for (let start = 0; start < ids.length; start += VALUES_IN_FILTER) {
        const some = ids.slice(start, start + VALUES_IN_FILTER).map(quoted)
        const query = {
          $select: 'id,signInSessionsValidFromDateTime',
          $filter: `id in (${some.join(',')})`,
        }
        for (const one of await all(graph, { ...ask, path: '/users', query, item: sessions }))
          found.set(one.id, one.signInSessionsValidFromDateTime)
      }
      return found
    },

    /**
     * Ends everybody's sessions; they sign in again within minutes. Microsoft documents 204 and answers 200: both are
     * yes. A person's `unknownEffect` may have happened, any other failure has not.
     */
    async revokeSessions(ids: readonly string[], ask: Ask): Promise<Map<string, Receipt | GraphFailure>> {
      const calls = ids.map(
        (id): BatchCall<unknown> => ({ method: 'POST', path: `/users/${segment(id)}/revokeSignInSessions` }),
      )
      const results = await graph.batch(calls, ask.lane, ask.signal)
      return new Map(
        results.map((result, place) => [
          ids[place] as string,
          result instanceof GraphFailure ? result : receiptOf(result),
        ]),
      )
    },
  }
}
