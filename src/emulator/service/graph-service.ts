import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GRAPH_ROUTES } from '../graph/all-routes.ts'
import { denied, GraphError } from '../graph/graph-error.ts'
import type { Answer, GraphCall, GraphRoute, TenantSettings } from '../graph/route.ts'
import type { World } from '../world.ts'
import { giveRequestId, requestIdOf, sendError } from './error-answer.ts'
import type { ThrottleCosts, Throttled } from './throttle.ts'
import { isGoodToken } from './token.ts'

export interface GraphServiceOptions {
  world: World
  settings: TenantSettings
  now(): number
  newId(): string
  /** Absent where anybody may read and nobody is limited. */
  guard?(cost: ThrottleCosts, now: number): Throttled
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
    const segment = path.replace(/^\/(v1\.0|beta)\//, '').split('/')[0]
    const known = /^\/(v1\.0|beta)\//.test(path)
    const error =
      options.guard || request.method === 'GET'
        ? new GraphError(known ? 400 : 404, 'BadRequest', `Resource not found for the segment '${segment}'.`)
        : readOnly()
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
  if (guard) admit(options, guard, route, request, reply)
  const answer = answerTo(options, route, version, request)
  return reply.status(answer.status).send(answer.body)
}

function admit(
  options: GraphServiceOptions,
  guard: NonNullable<GraphServiceOptions['guard']>,
  route: GraphRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { settings } = options
  const [scheme, token] = (request.headers.authorization ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'bearer' || !token) {
    throw new GraphError(401, 'InvalidAuthenticationToken', 'Access token is empty.')
  }
  if (!isGoodToken(token, settings)) {
    throw new GraphError(
      401,
      'InvalidAuthenticationToken',
      'Access token validation failure or lifetime expired.',
    )
  }
  const { $select, $top } = request.query as Record<string, string>
  const units = Math.max(1, (route.units ?? 1) - ($select ? 1 : 0) - (Number($top) < 20 ? 1 : 0))
  const write = route.method !== 'GET'
  const throttled = guard({ bucket: route.bucket, units: write ? 1 : units, write }, options.now())
  reply.headers(throttled.headers)
  if (throttled.refused) throw new GraphError(429, 'TooManyRequests', 'Too many requests.')
  const granted = route.permissions.every((row) =>
    row.some((permission) => settings.permissions.has(permission)),
  )
  if (!granted) throw denied()
}

function answerTo(
  options: GraphServiceOptions,
  route: GraphRoute,
  version: string,
  request: FastifyRequest,
): Answer {
  const { world, settings } = options
  if (route.premium && !settings.premium) {
    const message = "Neither tenant is B2C or tenant doesn't have premium license"
    throw new GraphError(403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant', message)
  }
  const now = options.now()
  world.advance(now)
  const url = request.url.split('?')[0] as string
  const clientRequestId = request.headers['client-request-id']
  const requestId = typeof clientRequestId === 'string' ? clientRequestId : requestIdOf(request)
  const call: GraphCall = {
    world,
    settings,
    now,
    params: request.params as Record<string, string>,
    query: request.query as Record<string, string>,
    eventual: request.headers.consistencylevel === 'eventual',
    body: request.body,
    base: `${request.protocol}://${request.host}/${version}`,
    path: url.slice(version.length + 1),
    hand: { actor: 'app', requestId, method: request.method, path: url },
  }
  return route.answer(call)
}

function readOnly(): GraphError {
  return new GraphError(405, 'Request_BadRequest', 'Here the tenant can only be read.', { Allow: 'GET' })
}
