import { z } from 'zod'
import { type FailureKind, GraphFailure } from './errors.ts'
import type { Told } from './limiter.ts'
import { permissionFor } from './permissions.ts'

/** One HTTP answer of Graph, read to its end. */
export interface RawAnswer {
  status: number
  text: string
  requestId: string | undefined
  clientRequestId: string
  /** Graph's `Date` header, milliseconds since the epoch. */
  date: number | null
  /** Milliseconds. */
  retryAfter: number | undefined
  /** What Microsoft says of its own count. */
  told: Told
}

const envelope = z.object({
  error: z.looseObject({ code: z.string().nullish(), message: z.string().nullish() }),
})

// Texts, since Graph gives these two no code of their own (FIELD: "One or more added object references already exist
// for the following modified properties: 'members'.").
const alreadyMember = /added object references already exist/i
const noMember = /removed object references do not exist/i

// The second as the field reports it, with 400; Microsoft documents the licence and not the code.
const licenceCodes = ['Authentication_RequestFromNonPremiumTenantOrB2CTenant', 'AadPremiumLicenseRequired']

/** The failure that an answer other than 2xx stands for. `path` is without version and query. */
export function failureOf(method: string, path: string, answer: RawAnswer): GraphFailure {
  const { code, message } = readError(answer.text)
  const kind = kindOf(method, answer.status, code, message)
  return new GraphFailure({
    kind,
    message: `${method} ${path}: ${answer.status}${code ? ` ${code}` : ''}${message ? `: ${message}` : ''}`,
    status: answer.status,
    code,
    requestId: answer.requestId,
    clientRequestId: answer.clientRequestId,
    permission: kind === 'forbidden' ? permissionFor(method, path) : undefined,
    retryAfter: answer.retryAfter,
  })
}

function kindOf(method: string, status: number, code: string, message: string): FailureKind {
  if (status === 401) return 'unauthenticated'
  if ((status === 400 || status === 403) && licenceCodes.includes(code)) return 'licence'
  if (status === 403) return 'forbidden'
  if ((status === 400 || status === 404) && noMember.test(message)) return 'notMember'
  if (status === 400 && alreadyMember.test(message)) return 'alreadyExists'
  if (status === 404) return 'notFound'
  if (status === 409 || status === 412 || status === 423) return 'conflict'
  if (status === 429) return 'throttled'
  if (status >= 500) return method === 'GET' ? 'unavailable' : 'unknownEffect'
  if (status >= 400) return 'badRequest'
  return method === 'GET' ? 'unreadable' : 'unknownEffect'
}

/** Code and message of the envelope; empty where there is none (an error page of a proxy, an empty body). */
function readError(text: string): { code: string; message: string } {
  const parsed = envelope.safeParse(readJson(text))
  if (!parsed.success) return { code: '', message: '' }
  const { error } = parsed.data
  return { code: deepestCode(error), message: error.message ?? '' }
}

/**
 * Graph asks clients to take the most specific code they know (concepts/errors.md); the documented 429 nests a bare
 * "429", which says less than the code around it.
 */
function deepestCode(error: unknown): string {
  let code = ''
  for (let level = error, depth = 0; isRecord(level) && depth < 20; depth++) {
    if (typeof level.code === 'string' && level.code !== '' && !/^\d+$/.test(level.code)) code = level.code
    level = level.innerError ?? level.innererror
  }
  return code
}

/** The value, or undefined when the text is not JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
