import type { Socket } from 'node:net'
import type { FastifyError, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { Fault, fault } from '../src/service.ts'
import type { Api } from './context.ts'
import { invalidRequest } from './invalid-request.ts'
import { PROBLEM_TYPE, pathOf, problemOf, sendProblem } from './problem.ts'

/** Every error leaves as a problem from the catalogue. */
export function answerErrors(app: Api): void {
  app.setErrorHandler((error: Error, request, reply) => {
    const known = faultOf(error, request)
    if (known.status >= 500)
      request.log.error({ err: error, id: request.id, code: known.code }, known.message)
    return sendProblem(reply, request, known)
  })
  app.setNotFoundHandler((request, reply) => {
    return sendProblem(
      reply,
      request,
      fault('routeNotFound', { method: request.method, path: pathOf(request.url) }),
    )
  })
}

/** What went wrong in words of the catalogue. What is not expected is `internal`: its cause goes to the log only. */
export function faultOf(error: Error, request: FastifyRequest): Fault {
  if (error instanceof Fault) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    return invalidRequest(error.validationContext ?? 'body', error.validation, request)
  }
  const { code, statusCode } = error as FastifyError
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return fault('bodyTooLarge', { limit: request.routeOptions.bodyLimit })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return fault('unsupportedMediaType', {
        type: request.headers['content-type'] ?? 'of this body (none given)',
      })
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return fault('bodyNotJson', { detail: 'it is empty.' })
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return fault('bodyNotJson', { detail: error.message })
  }
  if (error instanceof SyntaxError && statusCode === 400)
    return fault('bodyNotJson', { detail: error.message })
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return fault('requestInvalid', { detail: error.message })
  }
  return fault('internal', { id: request.id }, error)
}

/** Answers to bytes that are not HTTP, which never become a request. */
export function answerBadHttp(error: Error, socket: Socket): void {
  if (!socket.writable || socket.destroyed) return
  const known = fault('requestInvalid', { detail: `it is not HTTP that can be read (${error.message}).` })
  const body = JSON.stringify(problemOf(known, '/'))
  const head = [
    'HTTP/1.1 400 Bad Request',
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.end([...head, 'Connection: close', '', body].join('\r\n'))
}
