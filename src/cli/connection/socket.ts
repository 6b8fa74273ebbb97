import { request as httpRequest, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { fault } from '../../errors.ts'
import { type Connection, downloadOf, headersOf, payloadOf, readBody, streamHeaders } from './connection.ts'
import { unreachable } from './remote.ts'

/** The server of a database on this machine, by its local socket; whoever may open that needs no token. */
export function serverOnSocket(socket: string): Connection {
  return {
    async call(request) {
      const answer = await send(socket, request.method, request.path, headersOf(request), payloadOf(request))
      return { status: answer.statusCode ?? 0, body: readBody(await text(answer)) }
    },
    async download(path, given, sent) {
      const request = downloadOf(path, given, sent)
      const answer = await send(socket, request.method, path, headersOf(request), payloadOf(request))
      return { status: answer.statusCode ?? 0, bytes: answer }
    },
    async stream(path, after, signal) {
      const answer = await send(socket, 'GET', path, streamHeaders(after), undefined, signal)
      if (answer.statusCode !== 200)
        throw fault('serverUnreachable', { server: socket, detail: `it answered ${answer.statusCode}` })
      return answer
    },
    async close() {},
  }
}

export async function isServed(socket: string): Promise<boolean> {
  try {
    return (await send(socket, 'GET', '/healthz', {})).resume().statusCode === 200
  } catch {
    return false
  }
}

function send(
  socketPath: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  payload?: string | Buffer,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const length = payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }
    const options = { socketPath, method, path, headers: { ...headers, ...length }, agent: false }
    const call = httpRequest(signal ? { ...options, signal } : options, resolve)
    call.on('error', (error) => reject(unreachable(socketPath, error)))
    call.end(payload)
  })
}
