import { readConfig } from '../../config.ts'
import { type Connection, downloadOf, headersOf, payloadOf, readBody } from './connection.ts'

/** Nobody serves the database: the same API in this process, without an engine. Nothing happens meanwhile. */
export async function openDatabase(env: NodeJS.ProcessEnv): Promise<Connection> {
  // Loaded only now: the other ways to the API need neither database nor server.
  const { openOffline } = await import('../../main.ts')
  const { app, close } = await openOffline(readConfig(env))
  return {
    async call(request) {
      const { method, path } = request
      const payload = payloadOf(request)
      const answer = await app.inject({
        method,
        url: path,
        headers: headersOf(request),
        ...(payload === undefined ? {} : { payload }),
      })
      return { status: answer.statusCode, body: readBody(answer.payload) }
    },
    async download(url, given, sent) {
      const request = downloadOf(url, given, sent)
      const payload = payloadOf(request)
      const answer = await app.inject({
        method: request.method,
        url,
        headers: headersOf(request),
        payloadAsStream: true,
        ...(payload === undefined ? {} : { payload }),
      })
      return { status: answer.statusCode, bytes: answer.stream() }
    },
    stream: undefined,
    close,
  }
}
