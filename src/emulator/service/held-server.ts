import http from 'node:http'
import https from 'node:https'
import fastify, { type FastifyInstance } from 'fastify'
import type { Certificate } from './certificate.ts'

export interface HeldServerOptions {
  /** Time stands still from a request's arrival until its answer was sent. */
  hold(): () => void
  certificate?: Certificate
}

/** A web server whose requests hold the clock. */
export function heldServer(options: HeldServerOptions): FastifyInstance {
  return fastify({
    forceCloseConnections: true,
    bodyLimit: 4 * 1024 * 1024,
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    serverFactory(handle) {
      const onRequest: http.RequestListener = (request, response) => {
        const release = options.hold()
        response.once('close', release)
        handle(request, response)
      }
      const { certificate } = options
      const server = certificate
        ? https.createServer({ key: certificate.key, cert: certificate.cert }, onRequest)
        : http.createServer(onRequest)
      // Microsoft closes idle connections late; a short limit would break a connection under a client's hands.
      server.keepAliveTimeout = 65_000
      return server as http.Server
    },
  })
}

/** Binds to loopback only; answers with the port. */
export async function listenOnLoopback(server: FastifyInstance, port: number): Promise<number> {
  await server.listen({ host: '127.0.0.1', port })
  const address = server.server.address()
  return typeof address === 'object' && address ? address.port : port
}
