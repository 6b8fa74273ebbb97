import { fault } from '../../errors.ts'
import { type Connection, downloadOf, headersOf, payloadOf, readBody, streamHeaders } from './connection.ts'

/** A server somewhere, with a token. */
export function serverAt(url: string, token: string | undefined): Connection {
  const server = url.replace(/\/+$/, '')
  const credentials: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}

  async function send(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...credentials, ...(init.headers as Record<string, string>) }
    try {
      return await fetch(`${server}${path}`, { ...init, headers })
    } catch (error) {
      throw unreachable(server, error)
    }
  }

  return {
    async call(request) {
      const answer = await send(request.path, {
        method: request.method,
        headers: headersOf(request),
        body: payloadOf(request) ?? null,
      })
      return { status: answer.status, body: readBody(await answer.text()) }
    },
    async download(path, given, sent) {
      const request = downloadOf(path, given, sent)
      const { method } = request
      const init = { method, headers: headersOf(request), body: payloadOf(request) ?? null }
      const { status, body } = await send(path, init)
      return { status, bytes: body ?? nothing() }
    },
    async stream(path, after, signal) {
      const { status, body } = await send(path, { headers: streamHeaders(after), signal })
      if (status !== 200 || body === null)
        throw fault('serverUnreachable', { server, detail: `it answered ${status}` })
      return body
    },
    async close() {},
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

export function unreachable(server: string, error: unknown) {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } }
  return fault('serverUnreachable', { server, detail: cause?.code ?? cause?.message ?? message }, error)
}
