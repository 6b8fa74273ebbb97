import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GRAPH_ROUTES } from '../graph/all-routes.ts'
import { GraphError, notFoundSegment } from '../graph/graph-error.ts'
import type { GraphRoute } from '../graph/route.ts'
import { batchService } from './batch.ts'
import { giveRequestId, requestIdOf, sendError } from './error-answer.ts'
import { admit, answerTo, type Exchange, type ExchangeOptions } from './exchange.ts'
import type { FaultScript } from './fault.ts'
import { isGoodToken } from './token.ts'

export interface GraphServiceOptions extends ExchangeOptions {
  newId(): string
  /** Meets the requests inside a batch. */
  faults?: FaultScript
}

/** Serves what the tenant knows of Microsoft Graph, under /v1.0 and /beta. */
export function serveGraph(server: FastifyInstance, options: GraphServiceOptions): void {
  server.addHook('onRequest', async (request, reply) => {
    const requestId = options.newId()
    giveRequestId(request, requestId)
    reply.header('request-id', requestId)
    reply.header('Date', new Date(options.now()).toUTCString())
    const clientRequestId = request.headers['client-request-id']
    if (clientRequestId) reply.header('client-request-id', clientRequestId)
  })
  server.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof GraphError) return sendError(request, reply, error, options.now())
    const status = error.statusCode ?? 500
    const code = status < 500 ? 'BadRequest' : 'InternalServerError'
    const message = status === 400 ? 'Unable to read JSON request payload.' : error.message
    return sendError(request, reply, new GraphError(status, code, message), options.now())
  })
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] as string
    const known = /^\/(v1\.0|beta)\//.test(path)
    const unknown = notFoundSegment(path.replace(/^\/(v1\.0|beta)(?=\/)/, ''), known ? 400 : 404)
    const error = options.guard || request.method === 'GET' ? unknown : readOnly()
    return sendError(request, reply, error, options.now())
  })
  for (const route of GRAPH_ROUTES) {
    for (const version of route.betaOnly ? ['beta'] : ['v1.0', 'beta']) {
      server.route({
        method: route.method,
        url: `/${version}${route.path}`,
        handler: (request, reply) => handle(options, route, version, request, reply),
      })
    }
  }
  serveBatches(server, options)
}

function serveBatches(server: FastifyInstance, options: GraphServiceOptions): void {
  const { guard } = options
  if (!guard) return
  const answerBatch = batchService({ ...options, guard })
  for (const version of ['v1.0', 'beta']) {
    server.post(`/${version}/$batch`, async (request, reply) => {
      checkToken(options, request)
      const { body } = request
      const batch = { version, body, origin: originOf(request), requestId: idOf(request) }
      return reply.status(200).send(await answerBatch(batch))
    })
  }
}

async function handle(
  options: GraphServiceOptions,
  route: GraphRoute,
  version: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { guard } = options
  if (!guard && route.method !== 'GET') throw readOnly()
  const exchange: Exchange = {
    route,
    version,
    params: request.params as Record<string, string>,
    query: request.query as Record<string, string>,
    url: request.url.split('?')[0] as string,
    origin: originOf(request),
    eventual: request.headers.consistencylevel === 'eventual',
    prefer: String(request.headers.prefer ?? ''),
    requestId: idOf(request),
    body: request.body,
  }
  if (guard) {
    checkToken(options, request)
    reply.headers(admit(options, guard, exchange))
  }
  const answer = answerTo(options, exchange)
  return reply.status(answer.status).send(answer.body)
}

function checkToken({ settings }: GraphServiceOptions, request: FastifyRequest): void {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ')
  const refusal = (message: string) => new GraphError(401, 'InvalidAuthenticationToken', message)
  if (scheme?.toLowerCase() !== 'bearer' || !token) throw refusal('Access token is empty.')
  if (!isGoodToken(token, settings)) throw refusal('Access token validation failure or lifetime expired.')
}

function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`
}

function idOf(request: FastifyRequest): string {
  const clientRequestId = request.headers['client-request-id']
  return typeof clientRequestId === 'string' ? clientRequestId : requestIdOf(request)
}

function readOnly(): GraphError {
  return new GraphError(405, 'Request_BadRequest', 'Here the tenant can only be read.', { Allow: 'GET' })
}
