import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ROLE_NAMES, type Subject, statusOf, VERBS, Verb, VerbAnswer, type VerbCall } from '../src/service.ts'
import { GRAPH, PersonAt, problems, RolloutAt, WaveAt } from './answers.ts'
import type { Api, Context } from './context.ts'
import { once, WriteHeaders } from './idempotency.ts'
import { keptPass, PassWanted, shownOnce } from './passes.ts'

const VerbHeaders = WriteHeaders.extend({
  'if-match': z.string().optional().describe('the ETag of the rollout you have seen'),
})

const Reason = z.string().trim().min(1).max(2000).describe('why, in a sentence; kept with the event')
const DryRun = z.boolean().default(false).describe('says what would happen, changes nothing')
const Gates = z
  .array(z.string())
  .max(20)
  .default([])
  .describe('by name: the gates to go over, or the budgets to accept')
const Findings = z
  .array(z.string())
  .max(100)
  .default([])
  .describe(
    'by name: of a rollout what another hand changed, such as policy.state, or securityDefaultsOff, emergencyAccountUnproven; of a person notProven',
  )
const By = z.string().describe('how much, as in a plan: 90s, 30m, 12h, 3d')
const Approver = z.string().trim().min(1).max(256).describe('who allows it: somebody else than the caller')
const Until = z
  .string()
  .min(10)
  .max(40)
  .describe('a day in the zone of the plan (2026-05-01), or a time with its offset')
const People = z
  .array(z.string().min(1))
  .min(1)
  .max(1000)
  .optional()
  .describe('only these, by object id or user principal name')

const WithPreparation = z
  .boolean()
  .default(false)
  .describe('what was done to people before the switch is taken back too: phones, tokens')

const InGroup = z
  .array(z.string().min(1))
  .min(1)
  .max(10_000)
  .optional()
  .describe(
    'people who are in the group, by object id or user principal name; left out in a dry run, they are listed',
  )

const PATHS: Record<Subject, string> = {
  rollout: '/rollouts/:id',
  wave: '/rollouts/:id/waves/:wave',
  person: '/rollouts/:id/people/:person',
}
const PLACES: Record<Subject, typeof RolloutAt> = { rollout: RolloutAt, wave: WaveAt, person: PersonAt }

/** One route for each verb and what it is said of, from the table of verbs. */
export function verbRoutes(app: Api, { service }: Context): void {
  for (const verb of Verb.options) {
    for (const subject of VERBS[verb].on) {
      const { says, roles, ifMatch } = VERBS[verb]
      const people = subject === 'person' ? 'one person' : subject
      const asks = `Role: ${roles.map((role) => ROLE_NAMES[role]).join(' or ')}. If-Match: ${ifMatch ? 'required' : 'optional'}.`
      app.post(
        `${PATHS[subject]}/${verb}`,
        {
          config: { verb },
          schema: {
            operationId: `${verb}${subject === 'rollout' ? 'Rollout' : subject === 'wave' ? 'Wave' : 'Person'}`,
            tags: ['verbs'],
            summary: `${verb} (${people}): ${says}`,
            description: `${asks} 202: the change was taken and work goes on. 200: nothing changed, or a dry run.`,
            params: PLACES[subject],
            headers: VerbHeaders,
            body: bodyOf(verb, subject),
            response: {
              200: VerbAnswer,
              202: VerbAnswer,
              ...problems(404, 409, 412, 413, 415, 422, 428, GRAPH),
            },
          },
        },
        async (request, reply) => {
          await answerVerb(service, verb, request, reply)
          return reply
        },
      )
    }
  }
}

function bodyOf(verb: Verb, subject: Subject) {
  const body = z.strictObject({ reason: Reason, dryRun: DryRun })
  if (verb === 'accept' && subject !== 'wave') return body.extend({ findings: Findings })
  if (verb === 'revert') return body.extend({ findings: Findings, people: People })
  if (verb === 'advance' || verb === 'accept') return body.extend({ gates: Gates })
  if (verb === 'extend' || verb === 'shorten') return body.extend({ by: By })
  if (verb === 'adopt') return body.extend({ people: InGroup })
  if (verb === 'pass') return body.extend(PassWanted.shape)
  if (verb === 'defer') return body.extend({ approver: Approver, until: Until })
  if (verb !== 'rollback') return body
  const back = body.extend({ withPreparation: WithPreparation })
  return subject === 'rollout' ? back.extend({ people: People }) : back
}

interface VerbBody {
  reason: string
  dryRun: boolean
  gates?: string[]
  findings?: string[]
  by?: string
  people?: string[]
  approver?: string
  until?: string
  lifetime?: string
  manyUses?: boolean
  confirms?: string
  withPreparation?: boolean
}

async function answerVerb(
  service: Context['service'],
  verb: Verb,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { id, wave, person } = request.params as { id: string; wave?: string; person?: string }
  const { people, ...said } = request.body as VerbBody
  const ifMatch = request.headers['if-match']
  const call: VerbCall = {
    verb,
    rollout: id,
    wave,
    people: person === undefined ? people : [person],
    ifMatch,
    ...said,
  }
  const run = async (keep: Parameters<typeof service.act>[2]) => {
    const body = await service.act(request.caller, call, keep)
    return { status: statusOf(body), body }
  }
  const answer = await once(service, request, reply, run, keptPass)
  const body = answer.body as VerbAnswer
  return shownOnce(reply, body, body.people[0]?.upn ?? person ?? '')
    .code(answer.status)
    .header('etag', body.rollout.etag)
    .send(body)
}
