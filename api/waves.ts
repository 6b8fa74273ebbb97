import { z } from 'zod'
import { GateView, MembersPage } from '../src/service.ts'
import { problems, WaveAt } from './answers.ts'
import type { Api, Context } from './context.ts'

const Page = z.strictObject({
  cursor: z.string().min(1).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  outcome: z
    .string()
    .min(1)
    .optional()
    .describe('only members of this outcome; `deferred` and `keepsPerUserMfa` too'),
})

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
        response: { 200: MembersPage, ...problems(404) },
      },
    },
    async (request) => service.members(request.params.id, request.params.wave, request.query),
  )

  app.get(
    '/rollouts/:id/waves/:wave/gates',
    {
      schema: {
        operationId: 'listGates',
        tags: ['waves'],
        summary: 'What the gates of a wave said last, with their evidence',
        params: WaveAt,
        response: { 200: z.object({ gates: z.array(GateView) }), ...problems(404) },
      },
    },
    async (request) => ({ gates: await service.gates(request.params.id, request.params.wave) }),
  )
}
