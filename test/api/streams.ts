import { get, type IncomingMessage } from 'node:http'
import { createParser } from 'eventsource-parser'
import type { EventView } from '../../src/service.ts'

export interface Stream {
  events: EventView[]
  ids: string[]
  comments: string[]
  response: IncomingMessage
  /** Resolves when an event passes. */
  until(test: (event: EventView) => boolean): Promise<void>
  /** Resolves when the server has ended it. */
  ended: Promise<void>
  hangUp(): void
}

/** Reads server-sent events as a browser would. */
export async function openStream(url: string, headers: Record<string, string>): Promise<Stream> {
  const request = get(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false })
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject)
  })
  const events: EventView[] = []
  const ids: string[] = []
  const comments: string[] = []
  let look = () => {}
  const parser = createParser({
    onEvent({ id, event, data }) {
      const read = JSON.parse(data) as EventView
      if (event !== read.type) throw new Error(`event: ${event}, data: ${read.type}`)
      ids.push(id ?? '')
      events.push(read)
      look()
    },
    onComment: (comment) => comments.push(comment),
  })
  response.setEncoding('utf8').on('data', (text: string) => parser.feed(text))
  return {
    events,
    ids,
    comments,
    response,
    until: (test) =>
      new Promise((resolve) => {
        look = () => (events.some(test) ? resolve() : undefined)
        look()
      }),
    ended: new Promise((resolve) => response.once('close', resolve)),
    hangUp: () => request.destroy(),
  }
}
