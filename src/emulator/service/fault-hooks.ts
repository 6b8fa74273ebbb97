import type { FastifyInstance, FastifyRequest } from 'fastify'
import { errorBody, GraphError } from '../graph/graph-error.ts'
import { errorIds, sendError } from './error-answer.ts'
import type { FaultAction, FaultScript } from './fault.ts'
import { wallPause } from './wall-time.ts'

/** Lets the script meet every request of a server, the token endpoint included. */
export function sufferFaults(server: FastifyInstance, faults: FaultScript, now: () => number): void {
  const met = new WeakMap<FastifyRequest, FaultAction>()

  server.addHook('preHandler', async (request, reply) => {
    const fault = faults.meet(request.method, request.url)
    if (!fault) return
    met.set(request, fault)
    if (fault.kind === 'delay') await wallPause(fault.ms)
    if (fault.kind === 'meanwhile') await fault.run()
    if (fault.kind === 'resetBefore') {
      reply.hijack()
      request.raw.socket.destroy()
    }
    if (fault.kind !== 'status') return
    if (fault.body !== undefined)
      return reply
        .status(fault.status)
        .headers(fault.headers ?? {})
        .send(fault.body)
    return sendError(request, reply, injected(fault), now())
  })

  server.addHook('onSend', async (request, reply, payload) => {
    const fault = met.get(request)
    if (fault?.kind === 'statusAfter') {
      const error = injected(fault)
      reply.status(fault.status).headers(error.headers).removeHeader('content-length')
      reply.type('application/json')
      return JSON.stringify(errorBody(error, errorIds(request, now())))
    }
    const kind = fault?.kind
    if (kind === 'resetAfter') request.raw.socket.destroy()
    if (kind !== 'empty') return payload
    reply.status(200).removeHeader('content-length')
    return ''
  })
}

/** The refusal a fault asks for. */
export function injected(
  fault: Pick<Extract<FaultAction, { kind: 'status' }>, 'status' | 'code' | 'headers'>,
) {
  const code = fault.code ?? (fault.status === 429 ? 'TooManyRequests' : 'UnknownError')
  return new GraphError(fault.status, code, 'Injected.', fault.headers)
}
