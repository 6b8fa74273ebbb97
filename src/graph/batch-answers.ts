import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { BatchCall } from './batch.ts'
import { type RawAnswer, readJson } from './failure-of.ts'
import { toldBy, waitOf } from './transport.ts'

/** One call's place in a request to `$batch`; `clientRequestId` is its own. */
export interface BatchStep {
  call: BatchCall<unknown>
  clientRequestId: string
}

export function stepOf(call: BatchCall<unknown>): BatchStep {
  return { call, clientRequestId: randomUUID() }
}

/** The body of a request to `$batch`. The ids are the places, from 0. */
export function batchBody(steps: readonly BatchStep[]): unknown {
  return {
    requests: steps.map(({ call, clientRequestId }, place) => ({
      id: String(place),
      method: call.method,
      url: call.path + queryOf(call.query),
      headers: {
        ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        'client-request-id': clientRequestId,
        ...call.headers,
      },
      ...(call.body === undefined ? {} : { body: call.body }),
    })),
  }
}

/** `?a=b&c=d`, encoded; empty without a query. */
export function queryOf(query: Record<string, string> = {}): string {
  const pairs = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}

const inner = z.object({
  id: z.string(),
  status: z.int().min(100).max(599),
  headers: z.record(z.string(), z.unknown()).nullish(),
  body: z.unknown().optional(),
})
const envelope = z.object({ responses: z.array(z.unknown()) })

/**
 * What a batch that was answered with 2xx says of each of its steps, as if each had been answered by itself. Undefined
 * where it says nothing, nothing readable, or two things.
 */
export function answersOf(
  steps: readonly BatchStep[],
  outer: RawAnswer,
  now: number,
): (RawAnswer | undefined)[] {
  const read = envelope.safeParse(readJson(outer.text))
  const answers = (read.success ? read.data.responses : []).flatMap((one) => {
    const known = inner.safeParse(one)
    return known.success ? [known.data] : []
  })
  return steps.map(({ clientRequestId }, place) => {
    const [answer, second] = answers.filter(({ id }) => id === String(place))
    if (!answer || second) return undefined
    const header = (name: string) => {
      const found = Object.entries(answer.headers ?? {}).find(([given]) => given.toLowerCase() === name)?.[1]
      return found === undefined || found === null ? null : String(found)
    }
    return {
      status: answer.status,
      text: answer.body === undefined || answer.body === null ? '' : JSON.stringify(answer.body),
      requestId: header('request-id') ?? outer.requestId,
      clientRequestId,
      date: outer.date,
      retryAfter: waitOf(header('retry-after'), now),
      told: toldBy(header),
    }
  })
}
