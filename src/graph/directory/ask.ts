import { z } from 'zod'
import type { Answer } from '../client.ts'
import type { Lane } from '../limiter.ts'

/** How urgent a call is, and who may call it off. */
export interface Ask {
  lane: Lane
  signal?: AbortSignal | undefined
}

/** What the ledger keeps of a write: the two ids Microsoft's support asks for, and Graph's own time. */
export interface Receipt {
  requestId: string | undefined
  clientRequestId: string
  /** Milliseconds since the epoch. */
  date: number | null
}

export function receiptOf(answer: Answer<unknown>): Receipt {
  return { requestId: answer.requestId, clientRequestId: answer.clientRequestId, date: answer.date }
}

/**
 * One value in a path. A guest's name has a `#` (`ann_contoso.com#EXT#@…`); an empty value would make the path that of
 * another resource.
 */
export function segment(value: string): string {
  if (value === '' || value === '.' || value === '..')
    throw new RangeError(`"${value}" can be no part of a Graph path`)
  return encodeURIComponent(value)
}

/** A value within an OData filter's quotes. */
export function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

export const nullableText = z
  .string()
  .nullish()
  .transform((value) => value ?? null)
/** null: Graph does not say. */
export const nullableFlag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null)
