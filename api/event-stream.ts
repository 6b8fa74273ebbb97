import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EventView } from '../src/service.ts'
import { bell } from './bell.ts'
import type { Api, Context } from './context.ts'

/** Events read from the database at a time: all that is ever kept for a slow reader. */
const PAGE = 200
const HEARTBEAT_MS = 15_000
/** A reader who takes nothing for so long is cut off; it comes back with Last-Event-ID. */
const LONGEST_STALL_MS = 60_000

type Stream = (
  request: FastifyRequest,
  reply: FastifyReply,
  rollout: string | null,
  after: number,
) => Promise<FastifyReply>

/**
 * Server-sent events by sequence number: what is stored after `after`, then what comes. Both are read from the
 * database, so nothing is lost or sent twice between the two. Streams end with the app.
 */
export function eventStreams(app: Api, { service, wall }: Context): Stream {
  const open = new Set<ServerResponse>()
  app.addHook('preClose', async () => {
    for (const raw of open) raw.end()
  })

  async function send(raw: ServerResponse, rollout: string | null, after: number): Promise<void> {
    const news = bell(wall)
    const stop = service.onEvents(news.ring)
    raw.once('close', news.ring)
    let seen = after
    try {
      while (isOpen(raw)) {
        const page = await service.events(rollout, seen, PAGE)
        for (const event of page) {
          if (!isOpen(raw)) return
          if (event.seq <= seen) continue
          seen = event.seq
          if (!raw.write(frame(event)) && !(await drained(raw))) return
        }
        if (page.length === PAGE) continue
        if ((await news.rung(HEARTBEAT_MS)) || !isOpen(raw)) continue
        if (!raw.write(': still here\n\n') && !(await drained(raw))) return
      }
    } finally {
      stop()
    }
  }

  /** False, and the connection is cut, when the reader does not keep up. */
  async function drained(raw: ServerResponse): Promise<boolean> {
    const room = bell(wall)
    raw.once('drain', room.ring).once('close', room.ring)
    const inTime = await room.rung(LONGEST_STALL_MS)
    raw.off('drain', room.ring).off('close', room.ring)
    if (!inTime) raw.destroy()
    return inTime && isOpen(raw)
  }

  return async (request, reply, rollout, after) => {
    const { raw } = reply.hijack()
    request.releaseClock()
    open.add(raw)
    raw.once('close', () => open.delete(raw))
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    raw.write('retry: 1000\n\n')
    send(raw, rollout, after).catch((error: unknown) => {
      request.log.error({ err: error, id: request.id }, 'a stream of events broke off')
      raw.destroy()
    })
    return reply
  }
}

function isOpen(raw: ServerResponse): boolean {
  return !raw.destroyed && !raw.writableEnded
}

function frame(event: EventView): string {
  return `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
