import {
  AuthenticationHandler,
  Client,
  type Context,
  GraphClientError,
  type Middleware,
  ResponseType,
} from '@microsoft/microsoft-graph-client'
import { GraphFailure } from './errors.ts'
import type { RawAnswer } from './failure-of.ts'
import type { Told } from './limiter.ts'

export interface Request {
  method: string
  /** Absolute, with version and query. */
  url: string
  headers: Record<string, string>
  body: unknown
  clientRequestId: string
  token: string
  signal: AbortSignal
}

/** Sends once and reads the answer to its end; throws what `fetch` threw when there was none. */
export type Transport = (request: Request) => Promise<RawAnswer>

export interface TransportOptions {
  baseUrl: string
  customHosts: ReadonlySet<string>
  now(): number
}

/**
 * Microsoft's client with a chain of two: their AuthenticationHandler, which gives the token to Graph's hosts and
 * `customHosts` over https only, and Node's fetch. Without their RetryHandler, which sleeps unseen by the limiter and
 * repeats writes, and without their RedirectHandler: Graph redirects none of our calls.
 */
export function createTransport(options: TransportOptions): Transport {
  return async (request) => {
    const client = Client.initWithMiddleware({
      baseUrl: options.baseUrl,
      customHosts: new Set(options.customHosts),
      middleware: [
        new AuthenticationHandler({ getAccessToken: async () => request.token }),
        fetchMiddleware(request),
      ],
    })
    const prepared = client
      .api(request.url)
      .headers({
        ...request.headers,
        'client-request-id': request.clientRequestId,
        'return-client-request-id': 'true',
      })
      .responseType(ResponseType.RAW)
    try {
      const response: Response = await send(prepared, request)
      return {
        status: response.status,
        text: await response.text(),
        requestId: response.headers.get('request-id') ?? undefined,
        clientRequestId: request.clientRequestId,
        date: timeOf(response.headers.get('date')),
        retryAfter: waitOf(response.headers.get('retry-after'), options.now()),
        told: toldBy((name) => response.headers.get(name)),
      }
    } catch (error) {
      throw error instanceof GraphClientError && error.customError ? error.customError : error
    }
  }
}

function send(prepared: ReturnType<Client['api']>, request: Request): Promise<Response> {
  switch (request.method) {
    case 'GET':
      return prepared.get()
    case 'POST':
      return prepared.post(request.body)
    case 'PATCH':
      return prepared.patch(request.body)
    case 'DELETE':
      return prepared.delete()
    default:
      throw new Error(`method ${request.method} is not used`)
  }
}

function fetchMiddleware({ url, signal }: Request): Middleware {
  return {
    async execute(context: Context) {
      try {
        if (!new Headers(context.options?.headers as Record<string, string>).has('authorization')) {
          throw new GraphFailure({
            kind: 'unauthenticated',
            message: `${new URL(url).host} is none of Microsoft's hosts and not named in customHosts: the token was not sent`,
          })
        }
        context.response = await fetch(context.request, {
          ...(context.options as RequestInit),
          redirect: 'manual',
          signal,
        })
      } catch (error) {
        // The client flattens any other error to a name and loses the cause; this class it lets through.
        const carrier = new GraphClientError('no answer')
        carrier.customError = error
        throw carrier
      }
    },
  }
}

/** What the headers of an answer say of Microsoft's own count. */
export function toldBy(header: (name: string) => string | null): Told {
  return {
    resourceUnits: numberOf(header('x-ms-resource-unit')),
    limitPart: numberOf(header('x-ms-throttle-limit-percentage')),
  }
}

function numberOf(header: string | null): number | undefined {
  const number = header === null || header.trim() === '' ? Number.NaN : Number(header)
  return Number.isFinite(number) && number >= 0 ? number : undefined
}

function timeOf(header: string | null): number | null {
  const time = header === null ? Number.NaN : Date.parse(header)
  return Number.isNaN(time) ? null : time
}

/** Seconds, or a date (RFC 9110 §10.2.3), as milliseconds from now; undefined when absent or unreadable. */
export function waitOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  const seconds = header.trim() === '' ? Number.NaN : Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const time = Date.parse(header)
  return Number.isNaN(time) ? undefined : Math.max(0, time - now)
}
