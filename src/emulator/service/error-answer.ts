import type { FastifyReply, FastifyRequest } from 'fastify'
import { errorBody, type GraphError } from '../graph/graph-error.ts'

const requestIds = new WeakMap<FastifyRequest, string>()

export function giveRequestId(request: FastifyRequest, id: string): void {
  requestIds.set(request, id)
}

export function requestIdOf(request: FastifyRequest): string {
  return requestIds.get(request) ?? ''
}

/** Sends a refusal in Graph's envelope. */
export function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  error: GraphError,
  now: number,
): FastifyReply {
  const requestId = requestIdOf(request)
  const sent = request.headers['client-request-id']
  const ids = {
    date: new Date(now).toISOString().slice(0, 19),
    requestId,
    clientRequestId: typeof sent === 'string' ? sent : requestId,
  }
  return reply.status(error.status).headers(error.headers).send(errorBody(error, ids))
}
