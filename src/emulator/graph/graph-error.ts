/** A refusal in the words of Microsoft Graph. */
export class GraphError extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Record<string, string>

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

export function notFound(id: string): GraphError {
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`
  return new GraphError(404, 'Request_ResourceNotFound', message)
}

/** Nothing is served under this path. */
export function notFoundSegment(path: string, status = 400): GraphError {
  const segment = path.split('/')[1] ?? ''
  return new GraphError(status, 'BadRequest', `Resource not found for the segment '${segment}'.`)
}

export function badRequest(message: string, code = 'Request_BadRequest'): GraphError {
  return new GraphError(400, code, message)
}

export function denied(): GraphError {
  return new GraphError(
    403,
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
  )
}

/** What only Entra ID P1 gives. */
export function unlicensed(): GraphError {
  const message = "Neither tenant is B2C or tenant doesn't have premium license"
  return new GraphError(403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant', message)
}

export interface ErrorIds {
  date: string
  requestId: string
  clientRequestId: string
}

export function errorBody(error: { code: string; message: string }, ids: ErrorIds) {
  return {
    error: {
      code: error.code,
      message: error.message,
      innerError: { date: ids.date, 'request-id': ids.requestId, 'client-request-id': ids.clientRequestId },
    },
  }
}
