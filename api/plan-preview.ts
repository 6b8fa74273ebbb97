import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { PreviewView, WhyView } from '../src/service.ts'
import { GRAPH, problems } from './answers.ts'
import type { Api, Context } from './context.ts'
import { allAtOnce, answerTable } from './csv.ts'
import { PREVIEW } from './csv-columns.ts'
import { FilesBody, PlanBody, planText } from './plan-body.ts'
import { previewPage } from './preview-page.ts'

const FORMATS = ['json', 'html', 'csv'] as const
const Given = z.strictObject({ plan: PlanBody, files: FilesBody })
const Wanted = Given.extend({
  names: z.int().min(0).max(1000).default(20).describe('as many people of each kind by name; CSV has all'),
})
const Format = z.strictObject({
  format: z.enum(FORMATS).optional().describe('so do Accept: text/html and Accept: text/csv'),
})

export function planPreviewRoutes(app: Api, { service }: Context): void {
  const tags = ['rollouts']
  app.post(
    '/plans/preview',
    {
      schema: {
        operationId: 'previewPlan',
        tags,
        summary: 'What a plan means for the people of this tenant, before anybody is touched',
        description:
          'Who is ready and who is not, by number and name; the waves; who is never touched; what is done before the switch; calls and hours. Nothing is changed; what is known of people is brought up to date behind the answer.',
        querystring: Format,
        body: Wanted,
        response: {
          200: {
            description: 'JSON; with Accept: text/html a page; with Accept: text/csv everybody as a table',
            content: {
              'application/json': { schema: PreviewView },
              'text/html': { schema: z.string() },
              'text/csv': { schema: z.string() },
            },
          },
          ...problems(413, 415, 422, GRAPH),
        },
      },
    },
    async (request, reply) => {
      const { plan, files, names } = request.body
      const given = { text: planText(plan), files }
      if (formatOf(request, request.query.format) === 'html') {
        const page = previewPage(await service.previewPlan(given, names))
        return reply.code(200).header('vary', 'accept').type('text/html; charset=utf-8').send(page)
      }
      await answerTable(
        request,
        reply,
        () => service.previewPlan(given, names),
        () => ({ name: 'preview', columns: PREVIEW, rows: allAtOnce(service.previewEverybody(given)) }),
      )
      return reply
    },
  )

  app.post(
    '/plans/why',
    {
      schema: {
        operationId: 'whyInPlan',
        tags,
        summary: 'Which wave of a plan a person is in and why, step by step',
        body: Given.extend({
          person: z.string().min(1).max(400).describe('object id or user principal name'),
        }),
        response: { 200: WhyView, ...problems(404, 413, 415, 422, GRAPH) },
      },
    },
    async ({ body: { plan, files, person } }) => service.whyInPlan({ text: planText(plan), files }, person),
  )

  app.get(
    '/people/:person/why',
    {
      schema: {
        operationId: 'whyPerson',
        tags: ['people'],
        summary: 'Which wave of a rollout a person is in and why, step by step, and what has become of them',
        params: z.object({ person: z.string().describe('object id or user principal name') }),
        querystring: z.strictObject({ rollout: z.string().min(1) }),
        response: { 200: WhyView, ...problems(404, GRAPH) },
      },
    },
    async (request) => service.personWhy(request.params.person, request.query.rollout),
  )
}

function formatOf({ headers }: FastifyRequest, asked: (typeof FORMATS)[number] | undefined) {
  return asked ?? ((headers.accept ?? '').includes('text/html') ? 'html' : undefined)
}
