import { z } from 'zod'
import { problems } from './answers.ts'
import type { Api, Context } from './context.ts'

export function limitRoutes(app: Api, { service }: Context): void {
  app.get(
    '/limits',
    {
      schema: {
        operationId: 'showLimits',
        tags: ['health'],
        summary: 'Microsoft’s limits as this process sees them: used, waiting, held back',
        response: { 200: z.record(z.string(), z.unknown()), ...problems() },
      },
    },
    async () => service.limits(),
  )
}
