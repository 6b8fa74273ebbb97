import { LimitsView } from '../src/service.ts'
import { problems } from './answers.ts'
import type { Api, Context } from './context.ts'

export function limitRoutes(app: Api, { service }: Context): void {
  app.get(
    '/limits',
    {
      schema: {
        operationId: 'showLimits',
        tags: ['health'],
        summary:
          'Microsoft’s limits as this process sees them: used, waiting, held back; and Graph’s clock against ours',
        response: { 200: LimitsView, ...problems() },
      },
    },
    async () => service.limits(),
  )
}
