import { z } from 'zod'
import { GatheringView, KnownPersonView, PeoplePage, Verdicts } from '../src/service.ts'
import { GRAPH, problems } from './answers.ts'
import type { Api, Context } from './context.ts'
import { once, WriteHeaders } from './idempotency.ts'

const Wanted = z.strictObject({
  verdict: Verdicts.optional().describe('only people of whom this is said'),
  q: z.string().trim().min(1).max(200).optional().describe('beginning of a sign-in name, part of a name'),
  rollout: z.string().min(1).optional().describe('judged by the plan of this rollout'),
  cursor: z.string().min(1).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
const OfRollout = Wanted.pick({ rollout: true })
const Call = z.strictObject({
  reason: z.string().trim().min(1).max(2000).describe('why, in a sentence; kept with the event'),
  dryRun: z.boolean().default(false).describe('says what would be read, reads nothing'),
  again: z.boolean().default(false).describe('everything, however new it is'),
  rollout: z.string().min(1).optional().describe('with `wave`: its people one by one besides'),
  wave: z.string().min(1).optional(),
})
const Answer = z.object({ changed: z.boolean(), dryRun: z.boolean(), says: z.string() })

/** What is known of people before anybody is touched. */
export function knownPeopleRoutes(app: Api, { service }: Context): void {
  const tags = ['people']
  app.get(
    '/people',
    {
      schema: {
        operationId: 'listPeople',
        tags,
        summary: 'People known of and what is said of each: ready, ready until, needs a number, away …',
        querystring: Wanted,
        response: { 200: PeoplePage, ...problems(404, GRAPH) },
      },
    },
    async (request) => service.listPeople(request.query),
  )

  app.get(
    '/people/gathering',
    {
      schema: {
        operationId: 'showGathering',
        tags,
        summary: 'How far the gathering of what is known of people is, and how long it takes yet',
        response: { 200: GatheringView, ...problems() },
      },
    },
    async () => service.gathering(),
  )

  app.post(
    '/people/gather',
    {
      schema: {
        operationId: 'gatherPeople',
        tags,
        summary: 'Brings what is known of people up to date (role: change manager or on-call)',
        headers: WriteHeaders,
        body: Call,
        response: { 200: Answer, ...problems(404, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const answer = await once(service, request, reply, async (keep) => ({
        status: 200,
        body: await service.gatherPeople(request.caller, request.body, keep),
      }))
      return reply.code(200).send(answer.body as z.infer<typeof Answer>)
    },
  )

  app.get(
    '/people/:person',
    {
      schema: {
        operationId: 'showKnownPerson',
        tags,
        summary: 'What is known of a person, each fact with source and age, and the verdict with its reasons',
        params: z.object({ person: z.string().describe('object id or user principal name') }),
        querystring: OfRollout,
        response: { 200: KnownPersonView, ...problems(404, GRAPH) },
      },
    },
    async (request) => service.knownPerson(request.params.person, request.query.rollout),
  )
}
