import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import {
  fault,
  isShownBefore,
  PassAnswer,
  type PassView,
  ROLE_NAMES,
  type StoredAnswer,
  statusOf,
  VERBS,
  withoutPass,
} from '../src/service.ts'
import { GRAPH, problems } from './answers.ts'
import type { Api, Context } from './context.ts'
import { once, WriteHeaders } from './idempotency.ts'

/** What a pass may be asked for with, whoever it is for. */
export const PassWanted = z.object({
  lifetime: z
    .string()
    .optional()
    .describe('how long it is good, within the tenant’s policy: 60m, 8h; absent: as the policy says'),
  manyUses: z
    .boolean()
    .optional()
    .describe('good for more than one sign-in, where the tenant’s policy allows that'),
  confirms: z
    .string()
    .trim()
    .min(1)
    .max(256)
    .optional()
    .describe('said by a second person, for a directory role: who asked for it'),
})
const Body = z
  .strictObject({
    reason: z.string().trim().min(1).max(2000).describe('why, in a sentence; kept with the event'),
    dryRun: z.boolean().default(false).describe('says what would happen, changes nothing'),
  })
  .extend(PassWanted.shape)

type Passed = { pass?: PassView | null | undefined }

/** What is kept of an answer with a pass. */
export function keptPass({ status, body }: StoredAnswer): StoredAnswer {
  return { status, body: withoutPass(body as Passed) }
}

/** Nothing on the way keeps the answer either. @throws passAlreadyShown */
export function shownOnce(reply: FastifyReply, body: Passed, person: string): FastifyReply {
  if (isShownBefore(body)) throw fault('passAlreadyShown', { person })
  return body.pass ? reply.header('cache-control', 'no-store') : reply
}

export function passRoutes(app: Api, { service }: Context): void {
  const { says, roles } = VERBS.pass
  app.post(
    '/people/:person/pass',
    {
      schema: {
        operationId: 'passAnybody',
        tags: ['people'],
        summary: `pass (anybody in the directory): ${says}`,
        description: `Role: ${roles.map((role) => ROLE_NAMES[role]).join(' or ')}. 202: a second person’s word is wanted, or was given. 200: the pass, nothing changed, or a dry run.`,
        params: z.object({ person: z.string().describe('object id or user principal name') }),
        headers: WriteHeaders,
        body: Body,
        response: { 200: PassAnswer, 202: PassAnswer, ...problems(404, 409, 413, 415, 422, GRAPH) },
      },
    },
    async (request, reply) => {
      const { person } = request.params
      const run = async (keep: Parameters<typeof service.pass>[2]) => {
        const body = await service.pass(request.caller, { person, ...request.body }, keep)
        return { status: statusOf(body), body }
      }
      const answer = await once(service, request, reply, run, keptPass)
      const body = answer.body as PassAnswer
      return shownOnce(reply, body, body.person.upn)
        .code(answer.status as 200)
        .send(body)
    },
  )
}
