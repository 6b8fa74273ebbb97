import { z } from 'zod'
import {
  FindingView,
  LeftOutView,
  LeftoverView,
  ProblemView,
  RolloutSummary,
  RolloutView,
  type StoredAnswer,
} from '../src/service.ts'
import { GRAPH, problems, RolloutAt } from './answers.ts'
import type { Api, Context } from './context.ts'
import { allAtOnce, answerTable, FORMAT, tableAnswer } from './csv.ts'
import { DRIFT, LEFT_OUT, LEFTOVERS, ROLLOUTS } from './csv-columns.ts'
import { once, WriteHeaders } from './idempotency.ts'
import { FilesBody, PlanBody, planText } from './plan-body.ts'

const NewRollout = z.strictObject({
  plan: PlanBody,
  files: FilesBody,
})

const Created = z.object({ rollout: RolloutView, warnings: z.array(ProblemView) })

const Plain = z.strictObject(FORMAT)

const Seen = z.looseObject({ 'if-none-match': z.string().optional() })

export function rolloutRoutes(app: Api, { service }: Context): void {
  app.addContentTypeParser(
    ['application/yaml', 'application/x-yaml', 'text/yaml'],
    { parseAs: 'string' },
    async (_request: unknown, text: string) => ({ plan: text }),
  )

  app.post(
    '/rollouts',
    {
      schema: {
        operationId: 'createRollout',
        tags: ['rollouts'],
        summary: 'Checks a plan against its rules and the tenant, and keeps it as a draft',
        description: 'A refused plan comes back with `problems`: each with line, column, code and hint.',
        consumes: ['application/json', 'application/yaml'],
        headers: WriteHeaders,
        body: NewRollout,
        response: { 201: Created, ...problems(409, 413, 415, 422, GRAPH) },
      },
    },
    async (request, reply) => {
      const { plan, files } = request.body
      const key = request.headers['idempotency-key']
      const answer = await once(service, request, reply, async (keep): Promise<StoredAnswer> => {
        return {
          status: 201,
          body: await service.createRollout(request.caller, planText(plan), key, files, keep),
        }
      })
      const body = answer.body as z.infer<typeof Created>
      reply.header('location', `/api/v1/rollouts/${body.rollout.id}`).header('etag', body.rollout.etag)
      return reply.code(201).send(body)
    },
  )

  app.get(
    '/rollouts',
    {
      schema: {
        operationId: 'listRollouts',
        tags: ['rollouts'],
        summary: 'All rollouts',
        querystring: Plain,
        response: { 200: tableAnswer(z.object({ rollouts: z.array(RolloutSummary) })), ...problems() },
      },
    },
    async (request, reply) => {
      await answerTable(
        request,
        reply,
        async () => ({ rollouts: await service.listRollouts() }),
        () => ({ name: 'rollouts', columns: ROLLOUTS, rows: allAtOnce(service.listRollouts()) }),
      )
      return reply
    },
  )

  app.get(
    '/rollouts/:id',
    {
      schema: {
        operationId: 'showRollout',
        tags: ['rollouts'],
        summary: 'A rollout with its waves, holds and counts',
        description:
          'The ETag stands for plan, states and holds. 304 says that those are the same; counts may differ.',
        params: RolloutAt,
        headers: Seen,
        response: {
          200: RolloutView,
          304: z.null().describe('plan, states and holds are as you saw them'),
          ...problems(404),
        },
      },
    },
    async (request, reply) => {
      const view = await service.showRollout(request.params.id)
      reply.header('etag', view.etag)
      if (isSeen(request.headers['if-none-match'], view.etag)) return reply.code(304).send(null)
      return reply.code(200).send(view)
    },
  )

  app.get(
    '/rollouts/:id/left-out',
    {
      schema: {
        operationId: 'listLeftOut',
        tags: ['people'],
        summary: 'People who are in no wave, by name and with the reason',
        params: RolloutAt,
        querystring: Plain,
        response: { 200: tableAnswer(z.object({ leftOut: z.array(LeftOutView) })), ...problems(404) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await answerTable(
        request,
        reply,
        async () => ({ leftOut: await service.leftOut(id) }),
        () => ({ name: 'left-out', columns: LEFT_OUT, rows: allAtOnce(service.leftOut(id)) }),
      )
      return reply
    },
  )

  app.get(
    '/rollouts/:id/drift',
    {
      schema: {
        operationId: 'listDrift',
        tags: ['rollouts'],
        summary:
          'What another hand was found to have changed in the tenant, and how each finding was settled',
        params: RolloutAt,
        querystring: Plain,
        response: { 200: tableAnswer(z.object({ drift: z.array(FindingView) })), ...problems(404) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await answerTable(
        request,
        reply,
        async () => ({ drift: await service.drift(id) }),
        () => ({ name: 'drift', columns: DRIFT, rows: allAtOnce(service.drift(id)) }),
      )
      return reply
    },
  )

  app.get(
    '/rollouts/:id/leftovers',
    {
      schema: {
        operationId: 'listLeftovers',
        tags: ['people'],
        summary: 'Members who are not under MFA by this rollout, by name and with the reason',
        params: RolloutAt,
        querystring: Plain,
        response: { 200: tableAnswer(z.object({ leftovers: z.array(LeftoverView) })), ...problems(404) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await answerTable(
        request,
        reply,
        async () => ({ leftovers: await service.leftovers(id) }),
        () => ({ name: 'leftovers', columns: LEFTOVERS, rows: allAtOnce(service.leftovers(id)) }),
      )
      return reply
    },
  )

  app.get(
    '/rollouts/:id/explain',
    {
      schema: {
        operationId: 'explainRollout',
        tags: ['rollouts'],
        summary: 'In words: what each wave does, what holds it, what lifts that',
        params: RolloutAt,
        response: { 200: z.object({ lines: z.array(z.string()) }), ...problems(404) },
      },
    },
    async (request) => ({ lines: await service.explain(request.params.id) }),
  )
}

function isSeen(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  const seen = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return seen.includes(etag) || seen.includes('*')
}
