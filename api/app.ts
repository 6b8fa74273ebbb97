import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Clock } from '../src/clock/clock.ts'
import type { Caller, Service } from '../src/service.ts'
import { authenticateCallers } from './authenticate.ts'
import { holdClockDuringRequests } from './clock-hold.ts'
import type { Context } from './context.ts'
import { doctorRoutes } from './doctor.ts'
import { answerBadHttp, answerErrors, faultOf } from './errors.ts'
import { eventRoutes } from './events.ts'
import { fileRoutes } from './files.ts'
import { freezeRoutes } from './freeze.ts'
import { hardwareTokenRoutes } from './hardware-tokens.ts'
import { healthRoutes } from './health.ts'
import { knownPeopleRoutes } from './known-people.ts'
import { limitRoutes } from './limits.ts'
import { noticeRoutes } from './notices.ts'
import { describeApi } from './openapi.ts'
import { passRoutes } from './passes.ts'
import { peopleRoutes } from './people.ts'
import { personPhoneRoutes } from './person-phone.ts'
import { planDiffRoutes } from './plan-diff.ts'
import { planPermissionRoutes } from './plan-permissions.ts'
import { planPreviewRoutes } from './plan-preview.ts'
import { planRevisionRoutes } from './plan-revisions.ts'
import { sendProblem } from './problem.ts'
import { questionRoutes } from './questions.ts'
import { rolloutRoutes } from './rollouts.ts'
import { tokenRoutes } from './tokens.ts'
import { verbRoutes } from './verbs.ts'
import { waveRoutes } from './waves.ts'

export interface AppOptions {
  service: Service
  clock: Clock
  /**
   * Real time, never a simulated one: heartbeats of a stream keep real proxies awake, and a reader who is slow is so in
   * real seconds. Absent: no heartbeats, and a slow reader is waited for.
   */
  wall?: Clock
  log?: FastifyBaseLogger
  /** Who calls on the local socket: there nobody sends a token. Absent: every call needs one. */
  localOperator?: Caller
}

/** The largest body taken, bytes. */
export const BODY_LIMIT = 1_500_000

// A user principal name has up to 113 characters, three times that when each is escaped.
const LONGEST_PARAMETER = 400
const LONGEST_REQUEST_MS = 60_000

/** The REST API over a service. It listens nowhere: the process that calls this decides where. */
export function createApp(options: AppOptions): FastifyInstance {
  const { service, clock, wall, log, localOperator } = options
  const app = Fastify({
    ...(log === undefined ? {} : { loggerInstance: log }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: LONGEST_REQUEST_MS,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    clientErrorHandler: answerBadHttp,
    frameworkErrors: (error, request, reply) => sendProblem(reply, request, faultOf(error, request)),
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.removeContentTypeParser('text/plain')
  answerErrors(app)
  holdClockDuringRequests(app, clock)
  describeApi(app)
  const context: Context = { service, wall }
  app.register(async (open) => healthRoutes(open, context))
  app.register(
    async (v1) => {
      authenticateCallers(v1, service, localOperator)
      for (const add of [
        rolloutRoutes,
        verbRoutes,
        waveRoutes,
        peopleRoutes,
        passRoutes,
        noticeRoutes,
        personPhoneRoutes,
        knownPeopleRoutes,
        questionRoutes,
        eventRoutes,
        tokenRoutes,
        limitRoutes,
        freezeRoutes,
        fileRoutes,
        hardwareTokenRoutes,
        planRevisionRoutes,
        planDiffRoutes,
        planPreviewRoutes,
        planPermissionRoutes,
        doctorRoutes,
      ]) {
        add(v1, context)
      }
    },
    { prefix: '/api/v1' },
  )
  return app as unknown as FastifyInstance
}
