import { createParser } from 'eventsource-parser'
import type { Clock } from '../clock/clock.ts'
import type { EventView } from '../service.ts'
import { ask, withQuery } from './client.ts'
import type { ApiPath, Connection } from './connection/connection.ts'

const RETRY_MS = 1_000
/** A server that restarts is back within this. */
const TRIES = 60

/**
 * Events after one, in the bunches they come in, until `signal`. A connection that breaks is opened again after the
 * last event seen.
 */
export async function* follow(
  connection: Connection,
  path: ApiPath,
  after: number,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<EventView[]> {
  let seen = after
  let tries = 0
  while (!signal.aborted) {
    try {
      const chunks = await connection.stream?.(path, seen, signal)
      if (chunks === undefined) return
      for await (const events of readEvents(chunks)) {
        tries = 0
        const fresh = events.filter(({ seq }) => seq > seen)
        seen = fresh.at(-1)?.seq ?? seen
        if (fresh.length > 0) yield fresh
      }
    } catch (error) {
      if (signal.aborted) return
      if (++tries > TRIES) throw error
    }
    await clock.sleep(RETRY_MS, signal)
  }
}

async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<EventView[]> {
  let events: EventView[] = []
  const parser = createParser({ onEvent: ({ data }) => events.push(JSON.parse(data) as EventView) })
  const decoder = new TextDecoder()
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    yield events
    events = []
  }
}

/** All events after one that are there already. */
export async function* storedEvents(
  connection: Connection,
  path: ApiPath,
  after: number,
): AsyncGenerator<EventView[]> {
  for (let from = after; ; ) {
    const page = await ask<{ events: EventView[]; next: number }>(connection, {
      method: 'GET',
      path: withQuery(path, { after: String(from), limit: '1000' }),
    })
    if (page.events.length === 0) return
    yield page.events
    from = page.next
  }
}
