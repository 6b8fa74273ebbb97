import { z } from 'zod'
import { FreezeView } from '../src/service.ts'
import { problems } from './answers.ts'
import type { Api, Context } from './context.ts'

const Reason = z.strictObject({
  reason: z.string().trim().min(1).max(2000).describe('why, in a sentence; kept with the event'),
})
const Answer = z.object({ changed: z.boolean(), frozen: FreezeView.nullable() })

/** The one switch for the whole installation. Already so is no error. */
export function freezeRoutes(app: Api, { service }: Context): void {
  app.get(
    '/freeze',
    {
      schema: {
        operationId: 'readFreeze',
        tags: ['verbs'],
        summary: 'Whether the installation is frozen, since when, by whom and why',
        response: { 200: z.object({ frozen: FreezeView.nullable() }), ...problems() },
      },
    },
    async () => ({ frozen: await service.frozen() }),
  )
  for (const verb of ['freeze', 'thaw'] as const) {
    app.post(
      `/${verb}`,
      {
        schema: {
          operationId: verb,
          tags: ['verbs'],
          summary:
            verb === 'freeze'
              ? 'Nothing new is applied in any rollout; rollback stays allowed (role: on-call)'
              : 'Rollouts that were frozen go on (role: on-call)',
          body: Reason,
          response: { 200: Answer, ...problems(413, 415) },
        },
      },
      async (request) => {
        const changed = await service[verb](request.caller, request.body.reason)
        return { changed, frozen: await service.frozen() }
      },
    )
  }
}
