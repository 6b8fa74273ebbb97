import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Clock } from '../src/clock/clock.ts'
import type { Caller, Service, Verb } from '../src/service.ts'

/** What routes may touch. */
export interface Context {
  service: Service
  wall: Clock | undefined
}

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for every call under /api/v1. */
    caller: Caller
    /** Lets simulated time go on; called once the answer is out. */
    releaseClock: () => void
  }
  interface FastifyContextConfig {
    verb?: Verb
  }
}
