import { z } from 'zod'
import type { PhoneAnswer } from '../src/service.ts'
import { GRAPH, problems } from './answers.ts'
import type { Api, Context } from './context.ts'
import { once, WriteHeaders } from './idempotency.ts'

const Type = z.enum(['mobile', 'office'])

const Body = z.strictObject({
  number: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .describe('as people write it; +45 12345678 leaves no question open'),
  type: Type.default('mobile'),
  region: z
    .string()
    .regex(/^[A-Za-z]{2}$/)
    .optional()
    .describe('country of a number without a country code; absent: the person’s usage location'),
  replace: z.boolean().default(false).describe('another number of this type gives way; it stays on record'),
  reason: z.string().trim().min(1).max(2000).describe('why, in a sentence; kept with the event'),
  dryRun: z.boolean().default(false).describe('says what would happen, changes nothing'),
})

const Answer = z.object({
  changed: z
    .boolean()
    .describe('false: it was so already, a second person is waited for, or this was a dry run'),
  dryRun: z.boolean(),
  says: z.string().describe('what happens, or would happen, in a sentence'),
  personId: z.string(),
  upn: z.string(),
  type: Type,
  number: z.string().describe('masked'),
  inPlace: z.boolean().describe('the tenant shows it'),
  warns: z.array(z.string()).describe('what has to be known of the number'),
})

/** One person's number, by hand. */
export function personPhoneRoutes(app: Api, { service }: Context): void {
  app.post(
    '/people/:person/phone',
    {
      schema: {
        operationId: 'registerPhone',
        tags: ['people'],
        summary:
          'Registers a number for one person, so that they can be asked by it (roles: on-call, change manager); for somebody with a directory role a second person (on-call, approver) says the same',
        headers: WriteHeaders,
        params: z.object({ person: z.string().describe('object id or user principal name') }),
        body: Body,
        response: { 200: Answer, ...problems(404, 409, 413, 415, 422, GRAPH) },
      },
    },
    async (request, reply) => {
      const answer = await once(service, request, reply, async (keep) => {
        const call = { person: request.params.person, ...request.body }
        return { status: 200, body: await service.registerPhone(request.caller, call, keep) }
      })
      return reply.code(200).send(answer.body as PhoneAnswer)
    },
  )
}
