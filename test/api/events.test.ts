import { expect, onTestFinished, test, vi } from 'vitest'
import { createApp } from '../../api/app.ts'
import { simulatedClock } from '../../src/clock/simulated-clock.ts'
import { type Served, served } from './served.ts'
import { openStream } from './streams.ts'

/** Starts a rollout and stops when it asks for its first approval. */
async function started(): Promise<Served & { id: string; url: string; authorization: string }> {
  const all = await served()
  const { id, etag } = await all.draft()
  const url = `${all.server.url}/api/v1/rollouts/${id}/events`
  const authorization = `Bearer ${all.tokens.viewer}`
  const stream = await openStream(url, { authorization })
  await all.call('POST', `/api/v1/rollouts/${id}/start`, {
    as: 'changeManager',
    body: { reason: 'go' },
    headers: { 'if-match': etag },
  })
  await stream.until(({ type }) => type === 'wave.awaitingApproval')
  stream.hangUp()
  return { ...all, id, url, authorization }
}

test('a stream tells what was, then what comes, each event once and in order', async () => {
  const { call, id, url, authorization } = await started()
  const stream = await openStream(url, { authorization })
  await call('POST', `/api/v1/rollouts/${id}/pause`, { as: 'onCall', body: { reason: 'lunch' } })
  await stream.until(({ type }) => type === 'verb.pause')
  stream.hangUp()
  const { events } = (await call('GET', `/api/v1/rollouts/${id}/events?limit=1000`)).body
  expect(stream.events).toEqual(events.slice(0, stream.events.length))
  expect(stream.ids).toEqual(stream.events.map(({ seq }) => String(seq)))
  expect(events[0]).toMatchObject({ type: 'rollout.draft', actor: 'changeManager@contoso.com' })
})

test('a stream broken anywhere goes on after Last-Event-ID, with nothing lost and nothing twice', async () => {
  const { call, id, url, authorization } = await started()
  const { events } = (await call('GET', `/api/v1/rollouts/${id}/events?limit=1000`)).body
  expect(events.length).toBeGreaterThan(4)
  for (const [index, { seq }] of events.entries()) {
    const rest = events.slice(index + 1)
    if (rest.length === 0) break
    const stream = await openStream(url, { authorization, 'last-event-id': String(seq) })
    await stream.until((event) => event.seq === events.at(-1).seq)
    stream.hangUp()
    expect(stream.events).toEqual(rest)
  }
})

test('readers who come and go while a rollout runs have together read each event once', async () => {
  const { call, draft, server, tokens } = await served()
  const { id, etag } = await draft()
  const url = `${server.url}/api/v1/events`
  const authorization = `Bearer ${tokens.viewer}`
  const read: number[] = []
  let isOver = false
  const reading = (async () => {
    while (!isOver) {
      const stream = await openStream(url, { authorization, 'last-event-id': String(read.at(-1) ?? 0) })
      const from = read.at(-1) ?? 0
      await stream.until(({ seq, type }) => seq > from + 1 || type === 'rollout.aborted')
      stream.hangUp()
      read.push(...stream.events.map(({ seq }) => seq))
      isOver = stream.events.some(({ type }) => type === 'rollout.aborted')
    }
  })()
  const headers = { 'if-match': etag }
  await call('POST', `/api/v1/rollouts/${id}/start`, { as: 'changeManager', body: { reason: 'go' }, headers })
  await call('POST', `/api/v1/rollouts/${id}/pause`, { as: 'onCall', body: { reason: 'wait' } })
  await call('POST', `/api/v1/rollouts/${id}/abort`, { as: 'onCall', body: { reason: 'enough' } })
  await reading
  const { events } = (await call('GET', '/api/v1/events?limit=1000')).body
  const all = events.map(({ seq }: { seq: number }) => seq)
  expect(read).toEqual(all.slice(0, read.length))
})

test('pages of events lead from one to the next', async () => {
  const { call, id } = await started()
  const whole = (await call('GET', `/api/v1/rollouts/${id}/events?limit=1000`)).body.events
  const read: unknown[] = []
  for (let after = 0; ; ) {
    const { events, next } = (await call('GET', `/api/v1/rollouts/${id}/events?limit=2&after=${after}`)).body
    if (events.length === 0) break
    expect(events.length).toBeLessThanOrEqual(2)
    read.push(...events)
    after = next
  }
  expect(read).toEqual(whole)
})

test('an open stream does not hold simulated time', async () => {
  const { clock, server, tokens } = await served()
  const stream = await openStream(`${server.url}/api/v1/events`, { authorization: `Bearer ${tokens.viewer}` })
  await clock.runUntil(clock.now() + 3_600_000)
  stream.hangUp()
})

test('a caller who hangs up before the answer does not hold simulated time either', async () => {
  const { clock, server, tokens } = await served()
  const leaving = new AbortController()
  const headers = { authorization: `Bearer ${tokens.changeManager}`, 'content-type': 'application/yaml' }
  const call = fetch(`${server.url}/api/v1/rollouts`, {
    method: 'POST',
    headers,
    body: 'version: 1',
    signal: leaving.signal,
  })
  leaving.abort()
  await call.catch(() => {})
  await clock.runUntil(clock.now() + 3_600_000)
})

test('streams end when the server does', async () => {
  const { server, tokens } = await served()
  const stream = await openStream(`${server.url}/api/v1/events`, { authorization: `Bearer ${tokens.viewer}` })
  await server.close()
  await stream.ended
})

test('a stream needs a token like any other call', async () => {
  const { server } = await served()
  const stream = await openStream(`${server.url}/api/v1/events`, {})
  expect(stream.response.statusCode).toBe(401)
  expect(stream.response.headers['content-type']).toContain('application/problem+json')
})

test('a quiet stream is kept alive by comments', async () => {
  const { server, clock, tokens } = await served()
  const wall = simulatedClock({ start: 0 })
  const app = createApp({ service: server.wavegate.service, clock, wall })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  const stream = await openStream(`${url}/api/v1/events`, { authorization: `Bearer ${tokens.viewer}` })
  await wall.runUntil(60_000)
  await vi.waitFor(() => expect(stream.comments.length).toBeGreaterThanOrEqual(3))
  stream.hangUp()
})
