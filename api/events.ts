import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { EventView } from '../src/service.ts'
import { problems, RolloutAt } from './answers.ts'
import type { Api, Context } from './context.ts'
import { answerTable, byCursor, FORMAT } from './csv.ts'
import { EVENTS } from './csv-columns.ts'
import { eventStreams } from './event-stream.ts'

const Page = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).describe('sequence number of the last event seen'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  ...FORMAT,
})
/** Events that a download reads at once. */
const MANY = 1000
const Headers = z.looseObject({
  'last-event-id': z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('goes on after this event; wins over `after`'),
})
const Events = z.object({
  events: z.array(EventView),
  next: z.int().describe('`after` for the page that follows'),
})

const ANSWER = {
  description:
    'A page; with Accept: text/event-stream each event as it comes, its id the sequence number; with Accept: text/csv or ?format=csv a table of all after `after`',
  content: {
    'application/json': { schema: Events },
    'text/event-stream': { schema: z.string() },
    'text/csv': { schema: z.string() },
  },
}
const SUMMARY = 'as a page, or as a stream with Accept: text/event-stream'

export function eventRoutes(app: Api, context: Context): void {
  const { service } = context
  const stream = eventStreams(app, context)

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    rollout: string | null,
  ): Promise<unknown> {
    const { after, limit } = request.query as z.infer<typeof Page>
    const { 'last-event-id': last } = request.headers as z.infer<typeof Headers>
    const from = last ?? after
    if (wantsStream(request)) {
      await service.events(rollout, from, limit)
      return stream(request, reply, rollout, from)
    }
    const page = async (cursor: string | undefined) => {
      const rows = await service.events(rollout, cursor === undefined ? from : Number(cursor), MANY)
      return { rows, next: rows.length < MANY ? null : String(rows.at(-1)?.seq) }
    }
    return await answerTable(
      request,
      reply,
      async () => {
        const events = await service.events(rollout, from, limit)
        return { events, next: events.at(-1)?.seq ?? from }
      },
      () => ({ name: 'events', columns: EVENTS, rows: byCursor(page) }),
    )
  }

  app.get(
    '/rollouts/:id/events',
    {
      schema: {
        operationId: 'listRolloutEvents',
        tags: ['events'],
        summary: `What happened in a rollout, ${SUMMARY}`,
        params: RolloutAt,
        querystring: Page,
        headers: Headers,
        response: { 200: ANSWER, ...problems(404) },
      },
    },
    async (request, reply) => {
      await answer(request, reply, request.params.id)
      return reply
    },
  )

  app.get(
    '/events',
    {
      schema: {
        operationId: 'listEvents',
        tags: ['events'],
        summary: `What happened, in all rollouts and to none, ${SUMMARY}`,
        querystring: Page,
        headers: Headers,
        response: { 200: ANSWER, ...problems() },
      },
    },
    async (request, reply) => {
      await answer(request, reply, null)
      return reply
    },
  )
}

function wantsStream(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('text/event-stream')
}
