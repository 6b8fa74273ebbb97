import { z } from 'zod'
import { GateView, MembersPage } from '../src/service.ts'
import { problems, WaveAt } from './answers.ts'
import type { Api, Context } from './context.ts'
import { allAtOnce, answerTable, byCursor, FORMAT, tableAnswer } from './csv.ts'
import { GATES, MEMBERS } from './csv-columns.ts'

const Page = z.strictObject({
  cursor: z.string().min(1).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  outcome: z
    .string()
    .min(1)
    .optional()
    .describe('only members of this outcome; `deferred` and `keepsPerUserMfa` too'),
  ...FORMAT,
})
const Plain = z.strictObject(FORMAT)
const Gates = z.object({ gates: z.array(GateView) })
/** Rows that a download reads at once. */
const MANY = 1000

export function waveRoutes(app: Api, { service }: Context): void {
  app.get(
    '/rollouts/:id/waves/:wave/members',
    {
      schema: {
        operationId: 'listMembers',
        tags: ['people'],
        summary: 'The members of a wave, page by page',
        params: WaveAt,
        querystring: Page,
        response: { 200: tableAnswer(MembersPage), ...problems(404) },
      },
    },
    async (request, reply) => {
      const { id, wave } = request.params
      const { outcome } = request.query
      const page = async (cursor: string | undefined) => {
        const { members: rows, next } = await service.members(id, wave, { cursor, limit: MANY, outcome })
        return { rows, next }
      }
      await answerTable(
        request,
        reply,
        () => service.members(id, wave, request.query),
        () => ({ name: `members-${wave}`, columns: MEMBERS, rows: byCursor(page) }),
      )
      return reply
    },
  )

  app.get(
    '/rollouts/:id/waves/:wave/gates',
    {
      schema: {
        operationId: 'listGates',
        tags: ['waves'],
        summary: 'What the gates of a wave said last, with their evidence',
        params: WaveAt,
        querystring: Plain,
        response: { 200: tableAnswer(Gates), ...problems(404) },
      },
    },
    async (request, reply) => {
      const { id, wave } = request.params
      const gates = () => service.gates(id, wave)
      await answerTable(
        request,
        reply,
        async () => ({ gates: await gates() }),
        () => ({ name: `gates-${wave}`, columns: GATES, rows: allAtOnce(gates()) }),
      )
      return reply
    },
  )
}
