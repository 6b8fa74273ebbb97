import { z } from 'zod'
import { PlanDiff } from '../src/service.ts'
import { GRAPH, problems } from './answers.ts'
import type { Api, Context } from './context.ts'
import { FilesBody, PlanBody, planText } from './plan-body.ts'

const Given = z.strictObject({ plan: PlanBody, files: FilesBody })
const Two = z.strictObject({
  from: z.union([z.strictObject({ rollout: z.string().min(1) }), Given]),
  to: Given,
  cursor: z.string().min(1).optional().describe('`next` of the page before'),
  limit: z.int().min(1).max(1000).default(20).describe('people a page'),
})

export function planDiffRoutes(app: Api, { service }: Context): void {
  app.post(
    '/plans/diff',
    {
      schema: {
        operationId: 'diffPlans',
        tags: ['rollouts'],
        summary: 'What differs between two plans: keys, and who moves to which wave, by name',
        description:
          'From a rollout (whose frozen cohorts stand) or a plan, to a plan. Nothing is kept or changed.',
        body: Two,
        response: { 200: PlanDiff, ...problems(404, 413, 415, 422, GRAPH) },
      },
    },
    async ({ body: { from, to, cursor, limit } }) => {
      const given = ({ plan, files }: z.infer<typeof Given>) => ({ text: planText(plan), files })
      return await service.diffPlans({
        from: 'rollout' in from ? from : given(from),
        to: given(to),
        cursor,
        limit,
      })
    },
  )
}
