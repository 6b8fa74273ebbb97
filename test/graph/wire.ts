import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { trust } from '../trust.ts'

export interface Seen {
  method: string
  /** With query. */
  url: string
  headers: IncomingHttpHeaders
  body: string
}

export type Reply =
  | { status: number; headers?: Record<string, string>; body?: unknown }
  /** The connection breaks: before the request has an effect, or in the middle of the answer. */
  | 'reset'
  | 'cut'
  /** No answer, ever. */
  | 'silence'

export interface Wire {
  base: string
  /** Graph requests, in order; the token endpoint's are not among them. */
  seen: Seen[]
  /** How many tokens were handed out. */
  tokens: number
  /** Answers the coming Graph requests in turn; the last one answers all further ones. */
  answers(...replies: Reply[]): void
  /** Seconds. MSAL asks anew for a token with less than five minutes left. */
  tokenLifetime: number
  /** What the token endpoint answers instead of a token. */
  refuseToken(reply: Reply | undefined): void
  close(): Promise<void>
}

export const graphError = (
  status: number,
  code: string,
  message = '',
  headers: Record<string, string> = {},
) => ({
  status,
  headers,
  body: {
    error: { code, message, innerError: { 'request-id': 'of-the-body', date: '2027-01-04T08:00:00' } },
  },
})

/** A bare https server with an authority: what is on the wire between our client and Graph, byte by byte. */
export async function startWire({ trusted = true } = {}): Promise<Wire> {
  const tlsOptions = await certificate(trusted)
  let replies: Reply[] = [{ status: 200, body: { value: [] } }]
  let refusal: Reply | undefined
  const server = createServer(tlsOptions, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const send = (reply: Reply) => {
        if (reply === 'silence') return
        if (reply === 'reset') return void request.socket.destroy()
        if (reply === 'cut') {
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
          return void response.write('{"value":[', () => request.socket.destroy())
        }
        const text = reply.body === undefined ? '' : JSON.stringify(reply.body)
        response.writeHead(reply.status, {
          'content-type': 'application/json',
          'request-id': 'r-1',
          ...reply.headers,
        })
        response.end(reply.status === 204 ? undefined : text)
      }
      const url = request.url ?? ''
      if (url.includes('/.well-known/')) return send({ status: 200, body: discovery(wire.base) })
      if (url.includes('/oauth2/')) {
        if (refusal !== undefined) return send(refusal)
        wire.tokens++
        const token = {
          token_type: 'Bearer',
          expires_in: wire.tokenLifetime,
          access_token: `token-${wire.tokens}`,
        }
        return send({ status: 200, body: token })
      }
      wire.seen.push({ method: request.method ?? '', url, headers: request.headers, body })
      send((replies.length > 1 ? replies.shift() : replies[0]) as Reply)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const wire: Wire = {
    base: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    tokens: 0,
    tokenLifetime: 3599,
    answers(...next) {
      replies = next
    },
    refuseToken(reply) {
      refusal = reply
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return wire
}

async function certificate(trusted: boolean): Promise<ServerOptions> {
  const pem = await generate([{ name: 'commonName', value: `wire ${randomUUID()}` }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  })
  if (trusted) trust(pem.cert)
  return { key: pem.private, cert: pem.cert }
}

function discovery(base: string) {
  const authority = `${base}/tenant-1`
  return {
    issuer: `${authority}/v2.0`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
  }
}
