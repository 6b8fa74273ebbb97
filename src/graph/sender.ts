import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock/clock.ts'
import { attemptSignal } from './attempt-signal.ts'
import type { Method } from './client.ts'
import type { Tokens } from './credential.ts'
import { GraphFailure } from './errors.ts'
import type { RawAnswer } from './failure-of.ts'
import type { GraphClock } from './graph-clock.ts'
import type { Lane } from './limiter.ts'
import { noAnswer } from './no-answer.ts'
import { createTransport } from './transport.ts'

export interface Sending {
  method: Method
  /** Absolute, with version and query. */
  url: string
  /** What is asked, for messages. */
  path: string
  headers?: Record<string, string>
  body?: unknown
  lane: Lane
  signal?: AbortSignal | undefined
}

/**
 * Sends once, with a token, and holds the clock while in flight. Answers whatever the status is; throws GraphFailure
 * when no answer came, or the signal's reason where nothing can have happened.
 */
export type Sender = (sending: Sending) => Promise<RawAnswer>

export interface SenderOptions {
  clock: Clock
  baseUrl: string
  tokens: Tokens
  customHosts: ReadonlySet<string>
  graphClock: GraphClock
}

export function createSender(options: SenderOptions): Sender {
  const { clock, baseUrl, tokens, customHosts, graphClock } = options
  const transport = createTransport({ baseUrl, customHosts, now: () => clock.now() })

  async function attempt(sending: Sending, token: string): Promise<RawAnswer> {
    const { method, path, url, body, lane, signal } = sending
    const clientRequestId = randomUUID()
    try {
      return await transport({
        method,
        url,
        headers: { 'x-ms-throttle-priority': priorityOf(lane), ...sending.headers },
        body,
        clientRequestId,
        token,
        signal: attemptSignal(signal),
      })
    } catch (error) {
      if (error instanceof GraphFailure) throw error
      if (method === 'GET') signal?.throwIfAborted()
      const reason = noAnswer(error)
      throw new GraphFailure({
        kind: method === 'GET' || reason.neverSent ? 'unavailable' : 'unknownEffect',
        message: `${method} ${path}: no answer: ${reason.text}`,
        clientRequestId,
        cause: error,
      })
    }
  }

  return async (sending) => {
    const release = clock.hold()
    try {
      const token = await tokens.get()
      sending.signal?.throwIfAborted()
      const sentAt = clock.now()
      const answer = await attempt(sending, token)
      if (answer.date !== null) graphClock.heard(answer.date, sentAt, clock.now())
      if (answer.status === 401) tokens.refused(token)
      return answer
    } finally {
      release()
    }
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
