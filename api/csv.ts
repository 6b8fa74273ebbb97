import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { BYTE_ORDER_MARK, type Cell, csvLine } from '../src/service.ts'

/** In the query of every list. */
export const FORMAT = {
  format: z.enum(['json', 'csv']).optional().describe('csv: as a table, whole; so does Accept: text/csv'),
}

/** Headers of a table, and what stands under each. */
export type CsvColumns<T> = readonly (readonly [header: string, cell: (row: T) => Cell])[]

export interface CsvTable<T> {
  /** Of the file that a browser keeps, without its end. */
  name: string
  columns: CsvColumns<T>
  rows: AsyncIterable<readonly T[]>
}

/** The answer of a list for its route: a page as JSON, or everything as CSV. */
export function tableAnswer<S extends z.ZodType>(schema: S) {
  return {
    description: 'JSON; or with Accept: text/csv or ?format=csv the whole table',
    content: { 'application/json': { schema }, 'text/csv': { schema: z.string() } },
  }
}

export function wantsCsv(request: FastifyRequest): boolean {
  const { format } = request.query as { format?: 'json' | 'csv' }
  if (format !== undefined) return format === 'csv'
  return (request.headers.accept ?? '').includes('text/csv')
}

/** Sends a list as it was asked for: one page as JSON, or everything as CSV, some rows at a time. */
export async function answerTable<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  json: () => Promise<unknown>,
  table: () => Promise<CsvTable<T>> | CsvTable<T>,
): Promise<void> {
  reply.header('vary', 'accept')
  if (!wantsCsv(request)) {
    reply
      .code(200)
      .type('application/json')
      .send(await json())
    return
  }
  const { name, columns, rows } = await table()
  const source = rows[Symbol.asyncIterator]()
  // What is wrong with the call shows with the first rows, while it can still be said.
  const first = await source.next()
  reply
    .code(200)
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name.replace(/[^\w.-]/g, '_')}.csv"`)
    .send(Readable.from(linesOf(columns, first, source)))
}

async function* linesOf<T>(
  columns: CsvColumns<T>,
  first: IteratorResult<readonly T[]>,
  source: AsyncIterator<readonly T[]>,
): AsyncGenerator<string, void, undefined> {
  try {
    yield BYTE_ORDER_MARK + csvLine(columns.map(([header]) => header))
    for (let some = first; some.done !== true; some = await source.next()) {
      if (some.value.length > 0)
        yield some.value.map((row) => csvLine(columns.map(([, cell]) => cell(row)))).join('')
    }
  } finally {
    await source.return?.()
  }
}

/** A list that is all here. */
export async function* allAtOnce<T>(rows: Promise<readonly T[]>): AsyncGenerator<readonly T[]> {
  yield await rows
}

/** A list that comes by cursor, to its end. */
export async function* byCursor<T>(
  page: (cursor: string | undefined) => Promise<{ rows: readonly T[]; next: string | null }>,
): AsyncGenerator<readonly T[]> {
  let cursor: string | undefined
  do {
    const { rows, next } = await page(cursor)
    yield rows
    cursor = next ?? undefined
  } while (cursor !== undefined)
}
