import { z } from 'zod'
import { openProblems } from './answers.ts'
import type { Api, Context } from './context.ts'

export function healthRoutes(app: Api, { service }: Context): void {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'healthz',
        tags: ['health'],
        summary: 'The process answers',
        response: { 200: z.object({ alive: z.literal(true) }), ...openProblems() },
      },
    },
    async () => ({ alive: true as const }),
  )

  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'readyz',
        tags: ['health'],
        summary: 'The process answers and its database can be read',
        response: { 200: z.object({ ready: z.literal(true) }), ...openProblems() },
      },
    },
    async () => {
      await service.frozen()
      return { ready: true as const }
    },
  )

  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}
