import type { z } from 'zod'
import type { Clock } from '../clock/clock.ts'
import { type AppIdentity, identityIn } from './app-identity.ts'
import { type BatchCall, type BatchResult, createBatch } from './batch.ts'
import { queryOf } from './batch-answers.ts'
import {
  type ClientSecret,
  type CredentialSource,
  clientSecretCredential,
  createTokens,
} from './credential.ts'
import { GraphFailure, isFailure } from './errors.ts'
import { failureOf, type RawAnswer } from './failure-of.ts'
import { createGraphClock, type GraphClock } from './graph-clock.ts'
import { createLimiter, type Lane, type Limiter, type Permit } from './limiter.ts'
import { costsOfQuery } from './limits.ts'
import { readAnswer } from './read-answer.ts'
import { createSender } from './sender.ts'
import { disarmTries, failedTries, pauseBefore, throttledTries } from './tries.ts'

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
  /** A function is asked at the moment of sending, again with each try: for what is soon stale. Not in a batch. */
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
  /**
   * Any number of calls, up to twenty to a request, each counted by itself against its buckets. Answers in the order of
   * the calls: what came of each, an answer or a failure; only what was throttled and reads that failed are repeated.
   * Throws the signal's reason, as long as no write was sent.
   */
  batch<T>(calls: readonly BatchCall<T>[], lane: Lane, signal?: AbortSignal): Promise<BatchResult<T>[]>
  /** Who we are to Graph, as the authority's token says. Failures: `unauthenticated`, `unavailable`. */
  identity(): Promise<AppIdentity>
  /** `https://host`, without version or slash at the end. */
  readonly baseUrl: string
  readonly limiter: Limiter
  readonly graphClock: GraphClock
}

export interface GraphOptions {
  clock: Clock
  /** The machine's own time, by which tokens end. Absent: the credential is asked for every call. */
  wall?: Pick<Clock, 'now'>
  /** Default: https://graph.microsoft.com */
  baseUrl?: string
  credential: CredentialSource | ClientSecret
  limiter?: Limiter
  /** Hosts besides Microsoft's that may see the token. A `baseUrl` elsewhere has to be named here. */
  customHosts?: ReadonlySet<string>
}

export function createGraph(options: GraphOptions): Graph {
  const { clock } = options
  const baseUrl = (options.baseUrl ?? 'https://graph.microsoft.com').replace(/\/+$/, '')
  const limiter = options.limiter ?? createLimiter({ clock })
  const { credential, customHosts = new Set<string>() } = options
  const graphClock = createGraphClock()
  const tokens = createTokens(
    typeof credential === 'function' ? credential : clientSecretCredential(credential),
    options.wall,
  )
  const send = createSender({ clock, baseUrl, tokens, customHosts, graphClock })

  async function once(call: Call<unknown>, url: string, permit: Permit): Promise<RawAnswer> {
    try {
      const { body } = call
      const answer = await send({ ...call, body: typeof body === 'function' ? body() : body, url })
      if (answer.status === 429) limiter.throttled(permit, answer.retryAfter)
      else limiter.answered(permit, answer.told)
      if (answer.status < 200 || answer.status >= 300) throw failureOf(call.method, call.path, answer)
      return answer
    } finally {
      limiter.release(permit)
    }
  }

  return {
    baseUrl,
    limiter,
    graphClock,
    async identity() {
      const release = clock.hold()
      try {
        return identityIn(await tokens.get())
      } finally {
        release()
      }
    },
    batch: createBatch({ clock, limiter, send, baseUrl }),
    async call<T>(call: Call<T>): Promise<Answer<T>> {
      const url =
        call.nextLink === undefined ? urlOf(baseUrl, call) : linkWithin(baseUrl, call, call.nextLink)
      const costs = costsOfQuery(call.method, call.path, call.query)
      let refused = 0
      let throttled = 0
      let failed = 0
      for (;;) {
        const permit = await clock.patiently(() => limiter.take(call.lane, costs, call.signal))
        try {
          return readAnswer(call, await once(call, url, permit))
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
            await clock.sleep(error.retryAfter ?? pauseBefore(failed), call.signal)
            call.signal?.throwIfAborted()
            continue
          }
          throw error
        }
      }
    },
  }
}

function urlOf(baseUrl: string, call: Call<unknown>): string {
  return `${baseUrl}/${call.version ?? 'v1.0'}${call.path}${queryOf(call.query)}`
}

/** A next page lies where the first one did; a link elsewhere is not followed, and the token stays here. */
function linkWithin(baseUrl: string, call: Call<unknown>, link: string): string {
  if (link.startsWith(`${baseUrl}/${call.version ?? 'v1.0'}/`)) return link
  throw new GraphFailure({
    kind: 'unreadable',
    message: `${call.method} ${call.path}: the next page is said to be at ${link}, which is not under ${baseUrl}`,
  })
}
