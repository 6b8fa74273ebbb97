import type { FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { type Fault, fault } from '../src/service.ts'

/** A request that does not fit its schema, naming each place: `body.reason`, `query.limit`. */
export function invalidRequest(
  part: string,
  issues: readonly FastifySchemaValidationError[],
  request: FastifyRequest,
): Fault {
  const { verb } = request.routeOptions.config
  if (verb !== undefined && part === 'body' && isWithoutReason(request.body))
    return fault('reasonMissing', { verb })
  const problems = issues.map((issue) => ({
    place: placeOf(part, issue),
    message: issue.message ?? 'it does not fit',
  }))
  const detail = problems.map(({ place, message }) => `${place}: ${message}`).join('; ')
  return fault('requestInvalid', { detail, problems })
}

function placeOf(part: string, issue: FastifySchemaValidationError): string {
  const steps = issue.instancePath.split('/').filter((step) => step !== '')
  return [part === 'querystring' ? 'query' : part, ...steps].join('.')
}

function isWithoutReason(body: unknown): boolean {
  if (body === null || body === undefined) return true
  if (typeof body !== 'object') return false
  const { reason } = body as { reason?: unknown }
  return reason === undefined || reason === null || (typeof reason === 'string' && reason.trim() === '')
}
