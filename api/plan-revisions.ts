import { z } from 'zod'
import { PlanView, ProblemView, RolloutView } from '../src/service.ts'
import { GRAPH, problems, RolloutAt } from './answers.ts'
import type { Api, Context } from './context.ts'
import { once, WriteHeaders } from './idempotency.ts'
import { FilesBody, PlanBody, planText } from './plan-body.ts'

const Numbered = z.strictObject({
  revision: z.coerce.number().int().min(1).optional().describe('absent: the one in force'),
})
const NewRevision = z.strictObject({
  plan: PlanBody,
  files: FilesBody,
  reason: z.string().trim().min(1).max(2000).describe('why, in a sentence; kept with the revision'),
  dryRun: z.boolean().default(false).describe('checks everything, changes nothing'),
})
const Headers = WriteHeaders.extend({
  'if-match': z.string().optional().describe('the ETag of the rollout you have seen'),
})
const Revised = z.object({
  changed: z.boolean().describe('false: it says the same already, or this was a dry run'),
  revision: z.int().describe('the one in force'),
  rollout: RolloutView,
  warnings: z.array(ProblemView),
})

/** The plan of a rollout, as it was sent, and the next text of it. */
export function planRevisionRoutes(app: Api, { service }: Context): void {
  app.get(
    '/rollouts/:id/plan',
    {
      schema: {
        operationId: 'showPlan',
        tags: ['rollouts'],
        summary: 'The plan of a rollout as it was sent, with its files and revisions',
        params: RolloutAt,
        querystring: Numbered,
        response: { 200: PlanView, ...problems(404) },
      },
    },
    async (request) => service.plan(request.params.id, request.query.revision),
  )

  app.put(
    '/rollouts/:id/plan',
    {
      schema: {
        operationId: 'revisePlan',
        tags: ['rollouts'],
        summary: 'Puts another text of the plan in force (role: change manager; If-Match required)',
        description:
          'A draft, or a rollout that is held. What is over stays, of the wave under way gates and pace change, waves to come are replaced; approvals of waves that have not begun to enforce are asked again.',
        params: RolloutAt,
        headers: Headers,
        body: NewRevision,
        response: { 200: Revised, ...problems(404, 409, 412, 413, 415, 422, 428, GRAPH) },
      },
    },
    async (request, reply) => {
      const { plan, files, reason, dryRun } = request.body
      const call = {
        rollout: request.params.id,
        text: planText(plan),
        files,
        reason,
        dryRun,
        ifMatch: request.headers['if-match'],
      }
      const answer = await once(service, request, reply, async () => ({
        status: 200,
        body: await service.revise(request.caller, call),
      }))
      const body = answer.body as z.infer<typeof Revised>
      return reply.code(200).header('etag', body.rollout.etag).send(body)
    },
  )
}
