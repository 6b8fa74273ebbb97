import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type SimulatedClock, simulatedClock } from '../../src/clock/simulated-clock.ts'
import type { BatchCall } from '../../src/graph/batch.ts'
import { createGraph, type Graph } from '../../src/graph/client.ts'
import { GraphFailure } from '../../src/graph/errors.ts'
import { createLimiter, type Limiter } from '../../src/graph/limiter.ts'
import { graphError, type Reply, startWire, type Wire } from './wire.ts'

const start = Date.UTC(2027, 0, 4, 8)

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
  clock = simulatedClock({ start })
  limiter = createLimiter({ clock })
  graph = createGraph({
    clock,
    limiter,
    baseUrl: wire.base,
    credential: { tenantId: 'tenant-1', clientId: 'app-1', clientSecret: 's', authorityHost: wire.base },
    customHosts: new Set(['127.0.0.1']),
  })
})

const read = (n: number): BatchCall<unknown> => ({ method: 'GET', path: `/users/u-${n}` })
const write = (n: number): BatchCall<unknown> => ({
  method: 'PATCH',
  path: `/groups/g-${n}`,
  body: { displayName: `${n}` },
})
const some = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))

interface Inner {
  id: string
  status: number
  headers?: Record<string, string>
  body?: unknown
}
const batch = (...responses: Inner[]): Reply => ({ status: 200, body: { responses } })
const found = (id: number): Inner => ({ id: `${id}`, status: 200, body: { id: `u-${id}` } })
const done = (id: number): Inner => ({ id: `${id}`, status: 204 })
const refused = (id: number, status: number, retryAfter?: string, code = 'TooManyRequests'): Inner => ({
  id: `${id}`,
  status,
  headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter },
  body: { error: { code, message: 'm' } },
})

/** The calls of each request to $batch, as `METHOD url`. */
function sent(): string[][] {
  return wire.seen.map(({ body }) =>
    JSON.parse(body).requests.map(({ method, url }: { method: string; url: string }) => `${method} ${url}`),
  )
}

function kinds(results: readonly unknown[]): unknown[] {
  return results.map((one) => (one instanceof GraphFailure ? one.kind : (one as { status: number }).status))
}

test('calls go twenty to a request under their version, each with its own id, and come back in the order of the calls', async () => {
  wire.answers(
    batch(...some(20, found).reverse()),
    batch(...some(5, (n) => ({ ...found(n), body: { id: `u-${n + 20}` } }))),
  )
  const results = await graph.batch(
    some(25, (n) => ({ ...read(n), version: 'beta' as const, query: { $select: 'id' } })),
    'verify',
  )
  expect(results.map((one) => !(one instanceof GraphFailure) && one.body)).toEqual(
    some(25, (n) => ({ id: `u-${n}` })),
  )
  expect(wire.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(Array(2).fill('POST /beta/$batch'))
  expect(sent().map((calls) => calls.length)).toEqual([20, 5])
  expect(sent()[0]?.[0]).toBe('GET /users/u-0?$select=id')
  const ids = wire.seen.flatMap(({ body }) =>
    JSON.parse(body).requests.map(
      (one: { headers: Record<string, string> }) => one.headers['client-request-id'],
    ),
  )
  expect(new Set(ids).size).toBe(25)
  expect(results.map(({ clientRequestId }) => clientRequestId)).toEqual(ids)
  expect(limiter.state().identityReads.used).toBe(25)
})

test('a bucket of four in ten seconds lets a batch of twenty through four at a time', async () => {
  const path = (n: number) => `/users/u-${n}/authentication/requirements`
  wire.answers(batch(...some(4, found)))
  const results = await graph.batch(
    some(20, (n) => ({ method: 'GET', path: path(n), version: 'beta' as const })),
    'verify',
  )
  expect(kinds(results)).toEqual(Array(20).fill(200))
  expect(sent().map((calls) => calls.length)).toEqual([4, 4, 4, 4, 4])
  expect(clock.now() - start).toBe(40_000)
})

test('inner 429s: only those are sent again, in a new batch, after the longest wait any of them was told', async () => {
  for (const status of [429, 424]) {
    wire.seen = []
    const before = clock.now()
    wire.answers(
      batch(refused(2, status, '30'), done(1), refused(0, status, '7'), done(3)),
      batch(done(0), done(1)),
    )
    expect(kinds(await graph.batch(some(4, write), 'change'))).toEqual([204, 204, 204, 204])
    expect(sent()[1]).toEqual(['PATCH /groups/g-0', 'PATCH /groups/g-2'])
    expect(clock.now() - before).toBe(30_000)
  }
})

test('inner 429s that name no time back off by themselves, and after eight tries are throttled', async () => {
  wire.answers(batch(refused(0, 429), done(1)), batch(refused(0, 429)))
  const results = await graph.batch(some(2, write), 'change')
  expect(kinds(results)).toEqual(['throttled', 204])
  expect(wire.seen).toHaveLength(8)
  expect(clock.now() - start).toBeGreaterThan(5_000)
})

test('a whole batch answered 429 is sent again when Microsoft said: nothing of it happened', async () => {
  wire.answers(graphError(429, 'TooManyRequests', '', { 'retry-after': '12' }), batch(done(0), done(1)))
  expect(kinds(await graph.batch(some(2, write), 'change'))).toEqual([204, 204])
  expect(clock.now() - start).toBe(12_000)
})

test('a whole batch answered 424 says of no write whether it was done; its reads are sent again', async () => {
  wire.answers(graphError(424, 'FailedDependency', '', { 'retry-after': '9' }), batch(found(0)))
  const results = await graph.batch([write(0), read(0), write(1)], 'change')
  expect(kinds(results)).toEqual(['unknownEffect', 200, 'unknownEffect'])
  expect(sent()[1]).toEqual(['GET /users/u-0'])
  expect(clock.now() - start).toBe(9_000)
})

test('inner refusals are failures of their own call, with ids, and are not repeated', async () => {
  const inner = [
    refused(0, 401, undefined, 'InvalidAuthenticationToken'),
    refused(1, 403, undefined, 'Authorization_RequestDenied'),
    refused(2, 404, undefined, 'Request_ResourceNotFound'),
    refused(3, 409, undefined, 'conflict'),
    refused(4, 400, undefined, 'BadRequest'),
  ]
  wire.answers(batch(...inner.slice(1), done(5)))
  const results = await graph.batch([write(0), ...some(5, (n) => write(n + 1))], 'change')
  expect(kinds(results)).toEqual(['unknownEffect', 'forbidden', 'notFound', 'conflict', 'badRequest', 204])
  expect(results[1]).toMatchObject({ permission: 'GroupMember.ReadWrite.All', requestId: 'r-1' })
  expect(wire.seen).toHaveLength(1)
})

test('401, of the batch or within it: one fresh token, then unauthenticated', async () => {
  wire.answers(graphError(401, 'InvalidAuthenticationToken'), batch(done(0), done(1)))
  expect(kinds(await graph.batch(some(2, write), 'change'))).toEqual([204, 204])
  expect(wire.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2'])
  wire.answers(batch(refused(0, 401, undefined, 'InvalidAuthenticationToken')))
  wire.seen = []
  expect(kinds(await graph.batch([write(0)], 'change'))).toEqual(['unauthenticated'])
  expect(wire.seen).toHaveLength(2)
})

test('an answer that is missing, comes twice or cannot be read is no success', async () => {
  const calls = [read(0), write(1), read(2)]
  const outers: [Reply, unknown[]][] = [
    [batch(found(2)), ['unreadable', 'unknownEffect', 200]],
    [batch(found(0), found(0), done(1), done(1), found(2)), ['unreadable', 'unknownEffect', 200]],
    [{ status: 200, body: { responses: [{ id: '0' }, 7, found(2)] } }, ['unreadable', 'unknownEffect', 200]],
    [{ status: 200 }, ['unreadable', 'unknownEffect', 'unreadable']],
    [{ status: 200, body: {} }, ['unreadable', 'unknownEffect', 'unreadable']],
    [
      batch({ id: '0', status: 200 }, { id: '1', status: 302 }, found(2)),
      ['unreadable', 'unknownEffect', 200],
    ],
  ]
  for (const [reply, expected] of outers) {
    wire.answers(reply)
    expect(kinds(await graph.batch(calls, 'change'))).toEqual(expected)
  }
  expect(wire.seen).toHaveLength(outers.length)
})

test('5xx and a broken connection: reads are sent again, a write has an unknown effect', async () => {
  const troubles: Reply[] = [
    batch(refused(0, 503, '40'), refused(1, 500)),
    graphError(503, '', '', { 'retry-after': '40' }),
    'reset',
    'cut',
  ]
  for (const trouble of troubles) {
    wire.seen = []
    wire.answers(trouble, batch(found(0)))
    const results = await graph.batch([read(0), write(1)], 'change')
    expect(kinds(results)).toEqual([200, 'unknownEffect'])
    expect(sent()[1]).toEqual(['GET /users/u-0'])
  }
  expect(clock.now() - start).toBe(82_000)
  wire.answers(batch(refused(0, 500)))
  wire.seen = []
  expect(kinds(await graph.batch([read(0)], 'change'))).toEqual(['unavailable'])
  expect(wire.seen).toHaveLength(4)
})

test('a batch that is called off: reads end with the reason, a write in flight has an unknown effect, what was not sent says so', async () => {
  wire.answers(batch(found(0)))
  await graph.batch([read(0)], 'change')
  wire.answers('silence')
  const cancelled = async (calls: BatchCall<unknown>[]) => {
    const stop = new AbortController()
    const outcome = graph.batch(calls, 'change', stop.signal).catch((error: unknown) => error)
    wire.seen = []
    while (wire.seen.length === 0) await new Promise(setImmediate)
    stop.abort(new Error('called off'))
    return await outcome
  }
  expect(await cancelled([read(0)])).toMatchObject({ message: 'called off' })
  const path = '/users/u/authentication/requirements'
  const six = some(6, (): BatchCall<unknown> => ({ method: 'PATCH', path, version: 'beta', body: {} }))
  const results = (await cancelled(six)) as unknown[]
  expect(kinds(results)).toEqual([...Array(4).fill('unknownEffect'), 'unavailable', 'unavailable'])
  await expect(graph.batch(six, 'change', AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
})

test('no calls, no request', async () => {
  expect(await graph.batch([], 'scan')).toEqual([])
  expect(wire.seen).toEqual([])
})
