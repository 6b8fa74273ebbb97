import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { Clock } from '../clock/clock.ts'
import { attemptSignal } from './attempt-signal.ts'
import {
  type ClientSecret,
  type CredentialSource,
  clientSecretCredential,
  createTokens,
} from './credential.ts'
import { GraphFailure, isFailure } from './errors.ts'
import { failureOf, type RawAnswer, readJson } from './failure-of.ts'
import { createLimiter, type Lane, type Limiter, type Permit } from './limiter.ts'
import { costsOf } from './limits.ts'
import { noAnswer } from './no-answer.ts'
import { createTransport } from './transport.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
export type Version = 'v1.0' | 'beta'

export interface Call<T> {
  method: Method
  /** Without version and query, its values encoded: `/groups/{id}/members`. */
  path: string
  version?: Version
  query?: Record<string, string>
  /** An `@odata.nextLink`, sent as it is in place of path and query; `path` still says what is asked. */
  nextLink?: string | undefined
  headers?: Record<string, string>
  body?: unknown
  /** What the body of a success must be. Absent: the body of a write is not read, that of a read is any JSON object. */
  expect?: z.ZodType<T>
  lane: Lane
  signal?: AbortSignal | undefined
}

export interface Answer<T> {
  status: number
  body: T
  requestId: string | undefined
  clientRequestId: string
  /** Graph's own clock (`Date` header), milliseconds since the epoch. */
  date: number | null
}

export interface Graph {
  /**
   * One call. Waits for the limiter in its lane, holds the clock while in flight. Repeats what cannot have happened
   * (429, any method) or does no harm (reads); a write with an unknown fate fails as `unknownEffect` and is the
   * caller's to look into. Throws GraphFailure, or the signal's reason.
   */
  call<T>(call: Call<T>): Promise<Answer<T>>
  /** `https://host`, without version or slash at the end. */
  readonly baseUrl: string
  readonly limiter: Limiter
}

export interface GraphOptions {
  clock: Clock
  /** Default: https://graph.microsoft.com */
  baseUrl?: string
  credential: CredentialSource | ClientSecret
  limiter?: Limiter
  /** Hosts besides Microsoft's that may see the token. A `baseUrl` elsewhere has to be named here. */
  customHosts?: ReadonlySet<string>
}

const throttledTries = 8
// The lane that takes MFA off goes on asking for a minute: one call a second, shared with every other application.
const disarmTries = 60
const failedTries = 4
const firstPause = 1_000

export function createGraph(options: GraphOptions): Graph {
  const { clock } = options
  const baseUrl = (options.baseUrl ?? 'https://graph.microsoft.com').replace(/\/+$/, '')
  const limiter = options.limiter ?? createLimiter({ clock })
  const { credential } = options
  const tokens = createTokens(
    typeof credential === 'function' ? credential : clientSecretCredential(credential),
  )
  const transport = createTransport({
    baseUrl,
    customHosts: options.customHosts ?? new Set(),
    now: () => clock.now(),
  })

  async function attempt(call: Call<unknown>, url: string, token: string): Promise<RawAnswer> {
    const clientRequestId = randomUUID()
    try {
      return await transport({
        method: call.method,
        url,
        headers: { 'x-ms-throttle-priority': priorityOf(call.lane), ...call.headers },
        body: call.body,
        clientRequestId,
        token,
        signal: attemptSignal(call.signal),
      })
    } catch (error) {
      if (error instanceof GraphFailure) throw error
      if (call.method === 'GET') call.signal?.throwIfAborted()
      const reason = noAnswer(error)
      throw new GraphFailure({
        kind: call.method === 'GET' || reason.neverSent ? 'unavailable' : 'unknownEffect',
        message: `${call.method} ${call.path}: no answer: ${reason.text}`,
        clientRequestId,
        cause: error,
      })
    }
  }

  async function once(call: Call<unknown>, url: string, permit: Permit): Promise<RawAnswer> {
    const release = clock.hold()
    try {
      const token = await tokens.get()
      call.signal?.throwIfAborted()
      const answer = await attempt(call, url, token)
      if (answer.status === 401) tokens.refused(token)
      if (answer.status === 429) limiter.throttled(permit, answer.retryAfter)
      else limiter.answered(permit)
      if (answer.status < 200 || answer.status >= 300) throw failureOf(call.method, call.path, answer)
      return answer
    } finally {
      limiter.release(permit)
      release()
    }
  }

  return {
    baseUrl,
    limiter,
    async call<T>(call: Call<T>): Promise<Answer<T>> {
      const url =
        call.nextLink === undefined ? urlOf(baseUrl, call) : linkWithin(baseUrl, call, call.nextLink)
      const { $select, $expand } = call.query ?? {}
      const costs = costsOf(call.method, call.path, $select !== undefined, $expand !== undefined)
      let refused = 0
      let throttled = 0
      let failed = 0
      for (;;) {
        const permit = await clock.patiently(() => limiter.take(call.lane, costs, call.signal))
        try {
          return read(call, await once(call, url, permit))
        } catch (error) {
          // A 401 of Graph's, not of the authority: the token may be revoked or from before a change of permissions.
          if (isFailure(error, 'unauthenticated') && error.status === 401 && ++refused < 2) continue
          if (
            isFailure(error, 'throttled') &&
            ++throttled < (call.lane === 'disarm' ? disarmTries : throttledTries)
          ) {
            continue
          }
          // Also the authority out of reach, before a write was sent.
          if (isFailure(error, 'unavailable') && ++failed < failedTries) {
            await clock.sleep(error.retryAfter ?? firstPause * 2 ** (failed - 1), call.signal)
            call.signal?.throwIfAborted()
            continue
          }
          throw error
        }
      }
    },
  }
}

/** Whom Microsoft throttles first among our own calls (throttling-limits, identity and access). */
function priorityOf(lane: Lane): 'low' | 'normal' | 'high' {
  switch (lane) {
    case 'disarm':
    case 'restore':
      return 'high'
    case 'change':
    case 'verify':
      return 'normal'
    case 'scan':
      return 'low'
    default:
      return lane satisfies never
  }
}

function urlOf(baseUrl: string, call: Call<unknown>): string {
  const query = Object.entries(call.query ?? {}).map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
  return `${baseUrl}/${call.version ?? 'v1.0'}${call.path}${query.length > 0 ? `?${query.join('&')}` : ''}`
}

/** A next page lies where the first one did; a link elsewhere is not followed, and the token stays here. */
function linkWithin(baseUrl: string, call: Call<unknown>, link: string): string {
  if (link.startsWith(`${baseUrl}/${call.version ?? 'v1.0'}/`)) return link
  throw new GraphFailure({
    kind: 'unreadable',
    message: `${call.method} ${call.path}: the next page is said to be at ${link}, which is not under ${baseUrl}`,
  })
}

function read<T>(call: Call<T>, answer: RawAnswer): Answer<T> {
  const { status, requestId, clientRequestId, date } = answer
  const body = call.expect || call.method === 'GET' ? parse(call, answer) : undefined
  return { status, body: body as T, requestId, clientRequestId, date }
}

function parse<T>(call: Call<T>, answer: RawAnswer): unknown {
  const json = readJson(answer.text)
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json)
  const parsed = isObject ? call.expect?.safeParse(json) : undefined
  if (isObject && (!call.expect || parsed?.success)) return parsed ? parsed.data : json
  const issue = parsed?.error?.issues[0]
  throw new GraphFailure({
    // A write that succeeded with a body nobody can read did happen, but we don't know what it made.
    kind: call.method === 'GET' ? 'unreadable' : 'unknownEffect',
    message: `${call.method} ${call.path}: ${answer.status}, but ${
      issue
        ? `${issue.path.join('.')}: ${issue.message}`
        : answer.text === ''
          ? 'an empty body'
          : 'no JSON object'
    }`,
    status: answer.status,
    requestId: answer.requestId,
    clientRequestId: answer.clientRequestId,
  })
}
