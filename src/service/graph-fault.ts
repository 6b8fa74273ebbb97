import { Fault, fault } from '../errors.ts'
import { GraphFailure } from '../graph/errors.ts'

/** A failure of Microsoft Graph in a caller's request, in the words of the catalogue. */
export function graphFault(error: unknown): unknown {
  if (error instanceof Fault || !(error instanceof GraphFailure)) return error
  const detail = { detail: error.message, requestId: error.requestId, clientRequestId: error.clientRequestId }
  switch (error.kind) {
    case 'forbidden':
      return fault(
        'graphForbidden',
        { ...detail, permission: error.permission ?? 'that the message names' },
        error,
      )
    case 'unauthenticated':
      return fault('graphUnauthenticated', detail, error)
    case 'licence':
      return fault('licenceMissing', detail, error)
    case 'notFound':
    case 'alreadyExists':
    case 'notMember':
    case 'badRequest':
    case 'conflict':
    case 'throttled':
    case 'unavailable':
    case 'unknownEffect':
    case 'unreadable':
      return fault('graphUnavailable', detail, error)
    default:
      return error.kind satisfies never
  }
}
