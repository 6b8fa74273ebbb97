import fc from 'fast-check'
import { expect, test } from 'vitest'
import { simulatedClock } from '../../src/clock/simulated-clock.ts'
import { createLimiter, type Lane, lanes } from '../../src/graph/limiter.ts'
import { buckets, type Cost, costsOf, type Limits, limitsFor, scaleLimits } from '../../src/graph/limits.ts'

const start = Date.UTC(2027, 0, 4, 8)
const ordinary = lanes.filter((lane) => lane !== 'disarm')
const limits = limitsFor('L')

interface Sent {
  time: number
  lane: Lane
  costs: Cost[]
  asked: number
}

/** Asks for each call at its moment and says when each was let through, in order. */
async function run(
  calls: { after: number; lane: Lane; costs: Cost[] }[],
  options: { share?: number; limits?: Limits },
) {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock, ...options })
  const sent: Sent[] = []
  const waits = calls.map(async ({ after, lane, costs }) => {
    await clock.sleep(after)
    const asked = clock.now()
    const permit = await limiter.take(lane, costs)
    sent.push({ time: permit.at, lane, costs, asked })
    limiter.release(permit)
  })
  await Promise.all(waits)
  clock.stop()
  return sent
}

function most(sent: Sent[], bucket: string, window: number): number {
  const units = sent.flatMap(({ time, costs }) =>
    costs.filter((cost) => cost.bucket === bucket).map((cost) => ({ time, units: cost.units })),
  )
  return Math.max(
    0,
    ...units.map(({ time }) =>
      units
        .filter((other) => other.time > time - window && other.time <= time)
        .reduce((sum, other) => sum + other.units, 0),
    ),
  )
}

const small: Limits = {
  identityReads: { ceiling: 40, window: 10_000, backOff: 2_000, slowest: 0.1 },
  identityWrites: { ceiling: 12, window: 15_000, backOff: 5_000, slowest: 0.1 },
  reports: { ceiling: 5, window: 10_000, backOff: 5_000, slowest: 0.1 },
  conditionalAccess: { ceiling: 1, window: 1_000, backOff: 1_000, slowest: 0.1 },
  outlook: { ceiling: 20, window: 10_000, backOff: 5_000, slowest: 0.1 },
  signInActivity: { ceiling: 2, window: 20_000, backOff: 5_000, slowest: 0.1 },
}

const anyCosts = fc.constantFrom<Cost[]>(
  [{ bucket: 'identityReads', units: 1 }],
  [{ bucket: 'identityReads', units: 4 }],
  [
    { bucket: 'identityWrites', units: 1 },
    { bucket: 'identityReads', units: 1 },
  ],
  [{ bucket: 'reports', units: 1 }],
  [{ bucket: 'conditionalAccess', units: 1 }],
)
const anyCall = fc.record({
  after: fc.integer({ min: 0, max: 60_000 }),
  lane: fc.constantFrom(...ordinary),
  costs: anyCosts,
})

test('in no window, wherever it begins, is more sent than our share of the ceiling; and everybody is served', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyCall, { maxLength: 120 }),
      fc.double({ min: 0.3, max: 1, noNaN: true }),
      async (calls, share) => {
        const sent = await run(calls, { share, limits: small })
        expect(sent).toHaveLength(calls.length)
        for (const bucket of buckets) {
          const allowed = small[bucket].ceiling * share
          const window = allowed >= 1 ? small[bucket].window : small[bucket].window / allowed
          expect(most(sent, bucket, window)).toBeLessThanOrEqual(Math.max(1, Math.floor(allowed)))
        }
      },
    ),
    { numRuns: 100 },
  )
})

test('with a switch-off among them, no window has more than the whole ceiling', async () => {
  const withDisarm = fc.record({
    after: fc.integer({ min: 0, max: 20_000 }),
    lane: fc.constantFrom<Lane>('disarm', 'restore', 'scan'),
    costs: fc.constant<Cost[]>([{ bucket: 'conditionalAccess', units: 1 }]),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(withDisarm, { maxLength: 60 }), async (calls) => {
      const sent = await run(calls, { limits: small })
      expect(sent).toHaveLength(calls.length)
      expect(most(sent, 'conditionalAccess', 1_000)).toBeLessThanOrEqual(1)
    }),
    { numRuns: 100 },
  )
})

/** In which order calls that all wait for one bucket are served. */
async function servedOf(order: readonly Lane[]): Promise<{ lane: Lane; place: number }[]> {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock })
  const full = await limiter.take('scan', [{ bucket: 'conditionalAccess', units: 1 }])
  expect(full.at).toBe(start)
  const served: { lane: Lane; place: number }[] = []
  await Promise.all(
    order.map(async (lane, place) => {
      limiter.release(await limiter.take(lane, [{ bucket: 'conditionalAccess', units: 1 }]))
      served.push({ lane, place })
    }),
  )
  return served
}

function byLane(order: readonly Lane[]): { lane: Lane; place: number }[] {
  return order
    .map((lane, place) => ({ lane, place }))
    .sort((a, b) => lanes.indexOf(a.lane) - lanes.indexOf(b.lane) || a.place - b.place)
}

test('who waits in a higher lane goes before all who wait in a lower one; in one lane, first come first served', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...lanes), { minLength: 5, maxLength: 9 }), async (order) => {
      expect(await servedOf(order)).toEqual(byLane(order))
    }),
    { numRuns: 40 },
  )
})

test('however many wait, a switch-off goes before everything and a restore before all else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...lanes), { minLength: 20, maxLength: 40 }), async (order) => {
      const served = await servedOf(order)
      const urgent = byLane(order).filter(({ lane }) => lane === 'disarm' || lane === 'restore')
      expect(served.slice(0, urgent.length)).toEqual(urgent)
      for (const lane of lanes) {
        const places = served.filter((one) => one.lane === lane).map(({ place }) => place)
        expect(places).toEqual(places.toSorted((a, b) => a - b))
      }
    }),
    { numRuns: 20 },
  )
})

test('a reading is not passed by for ever: after eight calls of higher lanes it is let through', async () => {
  const order: Lane[] = ['scan', 'scan', ...Array.from({ length: 20 }, (): Lane => 'change')]
  const served = await servedOf(order)
  expect(served.flatMap(({ lane }, place) => (lane === 'scan' ? [place] : []))).toEqual([8, 17])
})

test('a restore that needs a write is not passed by scans that read, once it waits for what they use up', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock, limits: small, share: 1 })
  await limiter.take('scan', [{ bucket: 'identityReads', units: 40 }])
  const order: string[] = []
  const scans = Array.from({ length: 10 }, async () => {
    await limiter.take('scan', [{ bucket: 'identityReads', units: 4 }])
    order.push('scan')
  })
  const restore = limiter
    .take('restore', costsOf('PATCH', '/groups/g', false))
    .then(() => order.push('restore'))
  await Promise.all([...scans, restore])
  expect(order[0]).toBe('restore')
})

test('a full bucket holds up nobody who needs another one', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock })
  const reports = costsOf('GET', '/auditLogs/signIns', false)
  await Promise.all(Array.from({ length: 4 }, () => limiter.take('restore', reports)))
  const fifth = limiter.take('restore', reports)
  const other = await limiter.take('scan', costsOf('GET', '/users', true))
  expect(other.at).toBe(start)
  expect((await fifth).at).toBe(start + 10_000)
})

test('a switch-off waits at most a second behind a thousand others', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock })
  const policy = costsOf('PATCH', '/identity/conditionalAccess/policies/p', false)
  const others = Array.from({ length: 1_000 }, () => limiter.take('restore', policy).catch(() => {}))
  await clock.sleep(2_000)
  const asked = clock.now()
  expect((await limiter.take('disarm', policy)).at - asked).toBeLessThanOrEqual(1_000)
  clock.stop()
  expect(others).toHaveLength(1_000)
})

test('no more calls are in flight than agreed, and the next place goes to the highest lane; a switch-off needs none', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock, concurrency: 2 })
  const read = costsOf('GET', '/users', true)
  const first = await limiter.take('scan', read)
  await limiter.take('scan', read)
  const order: string[] = []
  const scan = limiter.take('scan', read).then(() => order.push('scan'))
  const restore = limiter.take('restore', read).then((permit) => {
    order.push('restore')
    return permit
  })
  await limiter.take('disarm', costsOf('PATCH', '/identity/conditionalAccess/policies/p', false))
  expect(limiter.state().identityReads.waiting).toMatchObject({ scan: 1, restore: 1 })
  expect(order).toEqual([])
  limiter.release(first)
  limiter.release(first)
  limiter.release(await restore)
  await scan
  expect(order).toEqual(['restore', 'scan'])
})

test('Retry-After closes the bucket until then, and the state says so', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock })
  const write = costsOf('PATCH', '/groups/g', false)
  const permit = await limiter.take('change', write)
  limiter.throttled(permit, 30_000)
  expect(limiter.state().identityWrites.closedUntil).toBe(start + 30_000)
  const next = limiter.take('restore', write)
  expect(limiter.state().identityWrites.waiting.restore).toBe(1)
  expect((await next).at).toBe(start + 30_000)
  expect(limiter.state().identityWrites.closedUntil).toBeNull()
})

test('a 429 that names no time: the wait doubles, is one for calls in flight together, and ends with a success', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock })
  const policy = costsOf('GET', '/identity/conditionalAccess/policies', false)
  const waits: number[] = []
  for (let round = 0; round < 4; round++) {
    const permit = await limiter.take('verify', policy)
    limiter.throttled(permit)
    limiter.throttled(permit)
    waits.push((limiter.state().conditionalAccess.closedUntil ?? 0) - clock.now())
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000])
  limiter.answered(await limiter.take('verify', policy))
  limiter.throttled(await limiter.take('verify', policy))
  expect((limiter.state().conditionalAccess.closedUntil ?? 0) - clock.now()).toBe(1_000)
})

test('what others made us guess does not hold up the switch-off; what Microsoft told does', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock })
  const policy = costsOf('PATCH', '/identity/conditionalAccess/policies/p', false)
  for (let round = 0; round < 6; round++) limiter.throttled(await limiter.take('verify', policy))
  expect((limiter.state().conditionalAccess.closedUntil ?? 0) - clock.now()).toBe(32_000)
  const urgent = await limiter.take('disarm', policy)
  expect(urgent.at).toBeLessThanOrEqual(clock.now() + 1_000)
  limiter.throttled(urgent, 7_000)
  expect((await limiter.take('disarm', policy)).at).toBe(urgent.at + 7_000)
})

test('a refused bucket goes slower afterwards and recovers window by window', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock })
  const read = costsOf('GET', '/users', true)
  expect(limiter.state().identityReads.ceiling).toBe(limits.identityReads.ceiling * 0.8)
  limiter.throttled(await limiter.take('scan', read), 1_000)
  expect(limiter.state().identityReads.ceiling).toBe(4_480)
  for (let round = 0; round < 5; round++) {
    await clock.sleep(10_000)
    limiter.answered(await limiter.take('scan', read))
  }
  expect(limiter.state().identityReads.ceiling).toBe(6_400)
})

test('who gives up leaves the queue and lets the next one go', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock, limits: small, share: 1 })
  await limiter.take('scan', [{ bucket: 'identityReads', units: 39 }])
  const stop = new AbortController()
  const big = limiter.take('restore', [{ bucket: 'identityReads', units: 4 }], stop.signal)
  const little = limiter.take('scan', [{ bucket: 'identityReads', units: 1 }])
  stop.abort(new Error('no longer wanted'))
  await expect(big).rejects.toThrow('no longer wanted')
  expect((await little).at).toBe(start)
  await expect(limiter.take('scan', [{ bucket: 'identityReads', units: 1 }], stop.signal)).rejects.toThrow()
})

test('the limits are those Microsoft documents', () => {
  expect(limitsFor('S').identityReads.ceiling).toBe(3_500)
  expect(costsOf('GET', '/groups/g/transitiveMembers', true)).toEqual([{ bucket: 'identityReads', units: 4 }])
  expect(costsOf('GET', '/users/u', true)).toEqual([{ bucket: 'identityReads', units: 1 }])
  expect(costsOf('POST', '/users/u/authentication/phoneMethods', false)).toEqual([
    { bucket: 'reports', units: 1 },
  ])
  expect(costsOf('DELETE', '/groups/g/members/u/$ref', false)[0]).toEqual({
    bucket: 'identityWrites',
    units: 1,
  })
})

test('in a rehearsal the windows are as short as its days, to a tenth, and hold as many calls as in reality', async () => {
  expect(scaleLimits(limits, 1)).toEqual(limits)
  expect(scaleLimits(limits, 0.5).reports).toEqual({ ...limits.reports, window: 5_000, backOff: 2_500 })
  expect(scaleLimits(limits, 0.0001).reports).toEqual({ ...limits.reports, window: 1_000, backOff: 500 })
  const calls = Array.from({ length: 12 }, () => ({
    after: 0,
    lane: 'scan' as const,
    costs: [{ bucket: 'reports' as const, units: 1 }],
  }))
  const sent = await run(calls, { limits: scaleLimits(limits, 0.0001) })
  expect(sent.map(({ time }) => time - start)).toEqual(
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2].map((s) => s * 1_000),
  )
})
