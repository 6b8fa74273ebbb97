import { z } from 'zod'
import type { Call, Graph } from './client.ts'
import { GraphFailure } from './errors.ts'

export interface PagedCall<T> extends Omit<Call<unknown>, 'method' | 'expect' | 'nextLink' | 'body'> {
  item: z.ZodType<T>
}

/** Page after page to the end. A page that fails throws: what came before it is no complete list. */
export async function* pages<T>(graph: Graph, call: PagedCall<T>): AsyncGenerator<T[], void, undefined> {
  const { item, ...rest } = call
  const expect = z.object({ value: z.array(item), '@odata.nextLink': z.string().optional() })
  let nextLink: string | undefined
  do {
    const answer = await graph.call({ ...rest, method: 'GET', expect, nextLink })
    const following = answer.body['@odata.nextLink']
    if (following !== undefined && following === nextLink) {
      throw new GraphFailure({
        kind: 'unreadable',
        message: `GET ${call.path}: a page names itself as the next one`,
        status: answer.status,
        requestId: answer.requestId,
        clientRequestId: answer.clientRequestId,
      })
    }
    yield answer.body.value
    nextLink = following
  } while (nextLink !== undefined)
}

/** All pages, or an error; never a part. */
export async function all<T>(graph: Graph, call: PagedCall<T>): Promise<T[]> {
  const items: T[] = []
  for await (const page of pages(graph, call)) for (const one of page) items.push(one)
  return items
}
