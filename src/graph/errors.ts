/** What went wrong, in the words the engine decides by. */
export type FailureKind =
  /** 401 after one fresh token, or the authority refused the credential. Nothing happened. */
  | 'unauthenticated'
  /** 403; `permission` names the least one needed, where we know it. Nothing happened. */
  | 'forbidden'
  /** 403 because the tenant has no Entra ID P1. */
  | 'licence'
  | 'notFound'
  /** A member that is one already. A group PATCH of 20 is all or nothing: nobody was added. */
  | 'alreadyExists'
  /** Removing a member that is none. */
  | 'notMember'
  | 'badRequest'
  /** 409, 412, 423. FIELD: a 409 on a phone method may still have created it; read back. */
  | 'conflict'
  /** 429 to the last try. Nothing happened. */
  | 'throttled'
  /** A read that failed on every try, or the authority could not be reached. Nothing happened. */
  | 'unavailable'
  /** A write that was sent and whose fate is not known: 5xx, reset, time-out, or a success nobody can read. */
  | 'unknownEffect'
  /** A read whose answer is not what Graph promises. Never to be taken for "nothing there". */
  | 'unreadable'

export interface FailureDetails {
  kind: FailureKind
  message: string
  /** HTTP status; absent when no answer came. */
  status?: number | undefined
  /** Graph's code, the deepest one that says something; may be empty. */
  code?: string | undefined
  requestId?: string | undefined
  clientRequestId?: string | undefined
  /** The least application permission, for `forbidden`. */
  permission?: string | undefined
  /** What Graph asked us to wait, milliseconds. */
  retryAfter?: number | undefined
  cause?: unknown
}

/** Every error of `src/graph`, apart from the reason of an aborted signal. */
export class GraphFailure extends Error {
  override readonly name = 'GraphFailure'
  readonly kind: FailureKind
  readonly status: number | undefined
  readonly code: string | undefined
  readonly requestId: string | undefined
  readonly clientRequestId: string | undefined
  readonly permission: string | undefined
  readonly retryAfter: number | undefined

  constructor(details: FailureDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause })
    this.kind = details.kind
    this.status = details.status
    this.code = details.code
    this.requestId = details.requestId
    this.clientRequestId = details.clientRequestId
    this.permission = details.permission
    this.retryAfter = details.retryAfter
  }
}

/** Whether `error` is a failure of this kind. */
export function isFailure(error: unknown, kind: FailureKind): error is GraphFailure {
  return error instanceof GraphFailure && error.kind === kind
}
