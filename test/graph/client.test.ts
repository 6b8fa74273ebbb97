import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { type SimulatedClock, simulatedClock } from '../../src/clock/simulated-clock.ts'
import { type Call, createGraph, type Graph } from '../../src/graph/client.ts'
import { GraphFailure } from '../../src/graph/errors.ts'
import { createLimiter, type Limiter } from '../../src/graph/limiter.ts'
import { graphError, startWire, type Wire } from './wire.ts'

const start = Date.UTC(2027, 0, 4, 8)
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const read: Call<unknown> = { method: 'GET', path: '/users', lane: 'scan' }
const write: Call<unknown> = { method: 'PATCH', path: '/groups/g-1', body: { a: 1 }, lane: 'change' }
const ok = { status: 200, body: { value: [{ id: 'u-1' }] } }
const done = { status: 204 }

let wire: Wire
let clock: SimulatedClock
let limiter: Limiter
let graph: Graph

beforeAll(async () => {
  wire = await startWire()
})
afterAll(() => wire.close())

beforeEach(() => {
  wire.seen = []
  wire.tokens = 0
  wire.tokenLifetime = 3599
  wire.refuseToken(undefined)
  clock = simulatedClock({ start })
  limiter = createLimiter({ clock })
  graph = graphAt(new Set(['127.0.0.1']))
})

function graphAt(customHosts: Set<string>): Graph {
  const credential = { tenantId: 'tenant-1', clientId: 'app-1', clientSecret: 's', authorityHost: wire.base }
  return createGraph({ clock, limiter, baseUrl: wire.base, credential, customHosts })
}

async function failure(promise: Promise<unknown>): Promise<GraphFailure> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(GraphFailure)
  return error as GraphFailure
}

test('a call carries the token and a new client-request-id, and keeps both ids and the date of the answer', async () => {
  wire.answers({ ...ok, headers: { date: 'Mon, 04 Jan 2027 08:00:01 GMT' } })
  const answer = await graph.call({ ...read, query: { $select: 'id', $filter: "displayName eq 'R&D + 1'" } })
  const [seen] = wire.seen
  expect(seen?.headers.authorization).toBe('Bearer token-1')
  expect(seen?.headers['client-request-id']).toMatch(guid)
  expect(seen?.headers['x-ms-throttle-priority']).toBe('low')
  expect(seen?.headers['return-client-request-id']).toBe('true')
  expect(seen?.url).toBe('/v1.0/users?$select=id&$filter=displayName%20eq%20%27R%26D%20%2B%201%27')
  expect(answer).toMatchObject({ status: 200, requestId: 'r-1', date: start + 1_000 })
  expect(answer.clientRequestId).toBe(seen?.headers['client-request-id'])
})

test('a hundred calls ask the authority once', async () => {
  wire.answers(ok)
  await Promise.all(Array.from({ length: 100 }, () => graph.call(read)))
  expect(wire.tokens).toBe(1)
  expect(new Set(wire.seen.map((seen) => seen.headers['client-request-id'])).size).toBe(100)
})

test('time stands still from sending to the answer', async () => {
  wire.answers(ok)
  let moved = false
  clock.at(start + 1, () => {
    moved = true
  })
  const call = graph.call(read)
  await call
  expect(clock.now()).toBe(start)
  expect(moved).toBe(false)
})

test('401: one fresh token, then again; a second 401 is unauthenticated', async () => {
  wire.answers(graphError(401, 'InvalidAuthenticationToken'), done)
  await graph.call(write)
  expect(wire.seen.map((seen) => seen.headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2'])
  wire.answers(graphError(401, 'InvalidAuthenticationToken', 'Access token has expired.'))
  const error = await failure(graph.call(write))
  expect(error).toMatchObject({ kind: 'unauthenticated', status: 401, code: 'InvalidAuthenticationToken' })
  expect(wire.seen).toHaveLength(4)
})

test('a token about to expire is replaced before it is refused', async () => {
  wire.answers(ok)
  wire.tokenLifetime = 60
  await graph.call(read)
  await graph.call(read)
  expect(wire.seen.map((seen) => seen.headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2'])
})

test('many calls refused the same token ask for one new one', async () => {
  wire.answers(...Array(20).fill(graphError(401, 'InvalidAuthenticationToken')), ok)
  await Promise.all(Array.from({ length: 20 }, () => graph.call(read)))
  expect(wire.seen).toHaveLength(40)
  expect(wire.tokens).toBe(2)
})

test('a wrong secret is unauthenticated, with the AADSTS code, and nothing was sent to Graph', async () => {
  const description = 'AADSTS7000215: Invalid client secret provided.'
  wire.refuseToken({
    status: 401,
    body: { error: 'invalid_client', error_description: description, error_codes: [7000215] },
  })
  expect(await failure(graph.call(write))).toMatchObject({ kind: 'unauthenticated', code: 'AADSTS7000215' })
  expect(wire.seen).toEqual([])
})

test('an authority out of reach is unavailable, also for a write: it was never sent', async () => {
  wire.refuseToken('reset')
  expect(await failure(graph.call(write))).toMatchObject({ kind: 'unavailable' })
  expect(wire.seen).toEqual([])
  expect(clock.now()).toBe(start + 7_000)
})

test('403 names the permission that is missing, or the licence', async () => {
  wire.answers(graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges'))
  const error = await failure(graph.call(write))
  expect(error).toMatchObject({ kind: 'forbidden', status: 403, permission: 'GroupMember.ReadWrite.All' })
  wire.answers(graphError(403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant'))
  const licence = await failure(graph.call({ ...read, path: '/auditLogs/signIns' }))
  expect(licence).toMatchObject({ kind: 'licence', permission: undefined })
})

test('the codes and texts of Graph become kinds', async () => {
  const added =
    "One or more added object references already exist for the following modified properties: 'members'."
  const gone =
    "One or more removed object references do not exist for the following modified properties: 'members'."
  const cases = [
    [graphError(404, 'Request_ResourceNotFound'), 'notFound'],
    [graphError(400, 'Request_BadRequest', added), 'alreadyExists'],
    [graphError(400, 'Request_BadRequest', gone), 'notMember'],
    [graphError(404, 'Request_ResourceNotFound', gone), 'notMember'],
    [graphError(400, '', 'something else'), 'badRequest'],
    [graphError(409, 'conflict'), 'conflict'],
    [graphError(412, ''), 'conflict'],
    [graphError(500, 'InternalServerError'), 'unknownEffect'],
    [{ status: 502 }, 'unknownEffect'],
    [graphError(503, 'serviceNotAvailable', '', { 'retry-after': '3' }), 'unknownEffect'],
    [{ status: 302, headers: { location: 'https://example.com/' } }, 'unknownEffect'],
  ] as const
  for (const [reply, kind] of cases) {
    wire.answers(reply)
    const error = await failure(graph.call(write))
    expect([error.status, error.kind]).toEqual([reply.status, kind])
    expect(error.requestId).toBe('r-1')
    expect(error.clientRequestId).toMatch(guid)
  }
  expect(wire.seen).toHaveLength(cases.length)
})

test('the code is the deepest that says something', async () => {
  const inner = { code: 'deeper', innererror: { code: '429' } }
  wire.answers({
    status: 400,
    body: { error: { code: 'Request_BadRequest', message: 'm', innerError: inner } },
  })
  expect((await failure(graph.call(write))).code).toBe('deeper')
  wire.answers({ status: 400, body: { error: { code: '', message: '' } } })
  expect((await failure(graph.call(write))).code).toBe('')
})

test('429 with Retry-After: reads and writes are sent again when Microsoft said, not before', async () => {
  for (const call of [read, write]) {
    const before = clock.now()
    wire.answers(graphError(429, 'TooManyRequests', '', { 'retry-after': '17' }), call === read ? ok : done)
    await graph.call(call)
    expect(clock.now() - before).toBe(17_000)
  }
  expect(wire.seen).toHaveLength(4)
})

test('429 without Retry-After backs off, and after eight tries the call is throttled', async () => {
  wire.answers(graphError(429, 'TooManyRequests'))
  const error = await failure(graph.call({ ...read, path: '/identity/conditionalAccess/policies' }))
  expect(error).toMatchObject({ kind: 'throttled', status: 429 })
  expect(wire.seen).toHaveLength(8)
  // 1 + 2 + 4 + … + 64 s, and the slower pace of a bucket refused so often.
  expect(clock.now() - start).toBeGreaterThanOrEqual(127_000)
  expect(clock.now() - start).toBeLessThan(140_000)
})

test('500 on a read is repeated with growing pauses; on a write, never', async () => {
  wire.answers(graphError(500, ''), graphError(502, ''), graphError(504, ''), ok)
  await graph.call(read)
  expect(wire.seen).toHaveLength(4)
  expect(clock.now() - start).toBe(7_000)
  wire.answers(graphError(500, ''))
  expect(await failure(graph.call(read))).toMatchObject({ kind: 'unavailable', status: 500 })
  expect(wire.seen).toHaveLength(8)
  expect(await failure(graph.call(write))).toMatchObject({ kind: 'unknownEffect', status: 500 })
  expect(wire.seen).toHaveLength(9)
})

test('503 with Retry-After: the read waits as long as Microsoft said', async () => {
  wire.answers(graphError(503, '', '', { 'retry-after': '40' }), ok)
  await graph.call(read)
  expect(clock.now() - start).toBe(40_000)
})

test('a broken connection: the read is repeated, the write has an unknown effect', async () => {
  wire.answers('reset', 'cut', ok)
  await graph.call(read)
  expect(wire.seen).toHaveLength(3)
  for (const reply of ['reset', 'cut'] as const) {
    wire.seen = []
    wire.answers(reply)
    const error = await failure(graph.call(write))
    expect(error).toMatchObject({ kind: 'unknownEffect', status: undefined })
    expect(error.clientRequestId).toBe(wire.seen[0]?.headers['client-request-id'])
    expect(wire.seen).toHaveLength(1)
  }
})

test('an answer that is not what Graph promises is unreadable, never empty', async () => {
  const expected = z.object({ value: z.array(z.object({ id: z.string() })) })
  for (const reply of [
    { status: 200 },
    { status: 200, body: {} },
    { status: 200, body: [] },
    { status: 200, body: 'x' },
    { status: 200, body: { value: [{ id: 7 }] } },
    { status: 204 },
    { status: 302 },
  ]) {
    wire.answers(reply)
    expect(await failure(graph.call({ ...read, expect: expected }))).toMatchObject({ kind: 'unreadable' })
  }
  wire.answers({ status: 201 })
  const made = failure(graph.call({ ...write, method: 'POST', expect: z.object({ id: z.string() }) }))
  expect(await made).toMatchObject({ kind: 'unknownEffect', status: 201 })
})

test('a call that is called off: a read ends with the reason, a write in flight has an unknown effect', async () => {
  wire.answers(ok)
  await graph.call(read)
  wire.answers('silence')
  for (const [call, kind] of [
    [read, undefined],
    [write, 'unknownEffect'],
  ] as const) {
    const stop = new AbortController()
    const asked = graph.call({ ...call, signal: stop.signal })
    const outcome = asked.catch((error: unknown) => error)
    wire.seen = []
    while (wire.seen.length === 0) await new Promise(setImmediate)
    stop.abort(new Error('called off'))
    const error = await outcome
    if (kind) expect(error).toMatchObject({ kind })
    else expect(error).toMatchObject({ message: 'called off' })
  }
})

test('the token goes to named hosts only: not to a base outside of customHosts, not along a link elsewhere', async () => {
  const unnamed = graphAt(new Set())
  const error = await failure(unnamed.call(read))
  expect(error.kind).toBe('unauthenticated')
  expect(error.message).toMatch(/127\.0\.0\.1:\d+ is none of Microsoft's hosts and not named in customHosts/)
  expect(wire.seen).toEqual([])
  const elsewhere = await startWire()
  for (const link of [
    `${elsewhere.base}/v1.0/users?$skiptoken=x`,
    'https://graph.microsoft.com/v1.0/users?$skiptoken=x',
  ]) {
    expect(await failure(graph.call({ ...read, nextLink: link }))).toMatchObject({ kind: 'unreadable' })
  }
  wire.answers({ status: 302, headers: { location: `${elsewhere.base}/v1.0/users` } })
  await failure(graph.call(read))
  expect(elsewhere.seen).toEqual([])
  await elsewhere.close()
})

test('a server whose certificate nobody vouched for gets no request', async () => {
  const stranger = await startWire({ trusted: false })
  const credential = { tenantId: 'tenant-1', clientId: 'app-1', clientSecret: 's', authorityHost: wire.base }
  const astray = createGraph({
    clock,
    baseUrl: stranger.base,
    credential,
    customHosts: new Set(['127.0.0.1']),
  })
  const error = await failure(astray.call(write))
  expect(error).toMatchObject({ kind: 'unavailable' })
  expect(error.message).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY/)
  expect(stranger.seen).toEqual([])
  await stranger.close()
})

test('a write that found no server was not sent: it is repeated, then unavailable', async () => {
  const gone = await startWire()
  await gone.close()
  const credential = { tenantId: 'tenant-1', clientId: 'app-1', clientSecret: 's', authorityHost: wire.base }
  const astray = createGraph({ clock, baseUrl: gone.base, credential, customHosts: new Set(['127.0.0.1']) })
  const error = await failure(astray.call(write))
  expect(error).toMatchObject({ kind: 'unavailable' })
  expect(error.message).toContain('ECONNREFUSED')
  expect(clock.now() - start).toBe(7_000)
})
