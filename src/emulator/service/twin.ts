import type { FastifyInstance } from 'fastify'
import { badRequest } from '../graph/graph-error.ts'
import type { World } from '../world.ts'

/** What only on-lookers read, on the plain-HTTP twin: every change anybody made. */
export function serveJournal(server: FastifyInstance, world: World, now: () => number): void {
  server.get<{ Querystring: { after?: string } }>('/_tenant/journal', (request, reply) => {
    const after = Number(request.query.after ?? 0)
    if (!Number.isInteger(after) || after < 0) throw badRequest('after is the number of an entry.')
    world.advance(now())
    return reply.send({ changes: world.journal.after(after) })
  })
}
