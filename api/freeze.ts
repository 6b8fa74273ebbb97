import { z } from 'zod'
import {
  type Caller,
  type FreezeAnswer,
  FreezeView,
  freezeAnswer,
  type Keep,
  type Service,
} from '../src/service.ts'
import { problems } from './answers.ts'
import type { Api, Context } from './context.ts'
import { once, WriteHeaders } from './idempotency.ts'

const Body = z.strictObject({
  reason: z.string().trim().min(1).max(2000).describe('why, in a sentence; kept with the event'),
  dryRun: z.boolean().default(false).describe('says what would happen, changes nothing'),
})
const Answer = z.object({
  changed: z.boolean().describe('false: it was so already, or this was a dry run'),
  dryRun: z.boolean(),
  says: z.string().describe('what happens, or would happen, in a sentence'),
  frozen: FreezeView.nullable().describe('how it is now'),
})
type SwitchVerb = 'freeze' | 'thaw'

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
          headers: WriteHeaders,
          body: Body,
          response: { 200: Answer, ...problems(413, 415, 422) },
        },
      },
      async (request, reply) => {
        const answer = await once(service, request, reply, async (keep) => {
          const body = await turn(service, verb, request.caller, request.body, keep)
          return { status: 200, body }
        })
        return reply.code(200).send(answer.body as FreezeAnswer)
      },
    )
  }
}

async function turn(
  service: Service,
  verb: SwitchVerb,
  caller: Caller,
  { reason, dryRun }: z.infer<typeof Body>,
  keep: Keep | undefined,
): Promise<FreezeAnswer> {
  const changed = await service[verb](caller, reason, dryRun, keep)
  return freezeAnswer(verb, { changed, dryRun, frozen: await service.frozen() })
}
