import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorIds, errorBody, type GraphError } from '../graph/graph-error.ts'

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
  const ids = errorIds(request, now)
  return reply.status(error.status).headers(error.headers).send(errorBody(error, ids))
}

export function errorIds(request: FastifyRequest, now: number): ErrorIds {
  const requestId = requestIdOf(request)
  const sent = request.headers['client-request-id']
  const clientRequestId = typeof sent === 'string' ? sent : requestId
  return { date: new Date(now).toISOString().slice(0, 19), requestId, clientRequestId }
}
