import fc from 'fast-check'
import { expect, test } from 'vitest'
import { simulatedClock } from '../../src/clock/simulated-clock.ts'
import { createLimiter, type Lane, type Limiter, lanes } from '../../src/graph/limiter.ts'
import { type Bucket, type Cost, limitsFor } from '../../src/graph/limits.ts'
import { slidingWindow } from '../../src/graph/sliding-window.ts'

const start = Date.UTC(2027, 0, 4, 8)
const limits = limitsFor('S')
const cost = (bucket: Bucket): Cost[] => [{ bucket, units: 1 }]
const policy = cost('conditionalAccess')

interface Grant {
  at: number
  calls: number
}

/** Works off so many calls in batches of these sizes, each answered after a while, as long as there is work. */
async function workOff(bucket: Bucket, sizes: number[], latency: number, share?: number): Promise<Grant[]> {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock, ...(share === undefined ? {} : { share }) })
  const grants: Grant[] = []
  await Promise.all(
    sizes.map(async (size) => {
      for (let left = size; left > 0; ) {
        const permit = await limiter.takeSome('change', Array(left).fill(cost(bucket)))
        grants.push({ at: permit.at, calls: permit.calls })
        left -= permit.calls
        await clock.sleep(latency)
        limiter.release(permit)
      }
    }),
  )
  clock.stop()
  return grants
}

function mostIn(grants: Grant[], window: number): number {
  const within = ({ at }: Grant) =>
    grants
      .filter((other) => other.at > at - window && other.at <= at)
      .reduce((sum, { calls }) => sum + calls, 0)
  return Math.max(0, ...grants.map(within))
}

test('while there is work, nineteen twentieths of what we allow ourselves is used, batches or not, and never more than it', async () => {
  const cases: [Bucket, number][] = [
    ['reports', 60],
    ['conditionalAccess', 60],
    ['identityWrites', 7_500],
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...cases),
      fc.constantFrom(1, 3, 20),
      fc.integer({ min: 0, max: 400 }),
      fc.constantFrom(undefined, 0.4, 1),
      async ([bucket, calls], size, latency, share) => {
        const { ceiling, window } = limits[bucket]
        const allowed = ceiling * (share ?? 0.8)
        const ours = allowed >= 1 ? { most: allowed, window } : { most: 1, window: window / allowed }
        const grants = await workOff(bucket, Array(Math.ceil(calls / size)).fill(size), latency, share)
        expect(mostIn(grants, ours.window)).toBeLessThanOrEqual(ours.most)
        const last = Math.max(...grants.map(({ at }) => at))
        // While there was still something waiting: all windows but the last.
        const whole = Math.floor((last - start) / ours.window)
        const used = grants
          .filter(({ at }) => at < start + whole * ours.window)
          .reduce((sum, one) => sum + one.calls, 0)
        expect(used / (whole * ours.most)).toBeGreaterThanOrEqual(0.95)
      },
    ),
    { numRuns: 25 },
  )
})

test('a batch waits for a place, not for twenty: what fits now goes now', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock })
  await limiter.take('scan', cost('reports'))
  const permit = await limiter.takeSome('change', Array(20).fill(cost('reports')))
  expect(permit).toMatchObject({ at: start, calls: 3 })
  const waiting = limiter.takeSome('change', Array(17).fill(cost('reports')))
  expect(limiter.state().reports.waiting.change).toBe(17)
  expect(await waiting).toMatchObject({ at: start + 10_000, calls: 4 })
})

/** Lanes ask for one bucket at random moments; says in what order they asked and were let through. */
async function traffic(
  limiter: Limiter,
  clock: ReturnType<typeof simulatedClock>,
  asks: { after: number; lane: Lane }[],
  costs: Cost[],
) {
  let step = 0
  return await Promise.all(
    asks.map(async ({ after, lane }) => {
      await clock.sleep(after)
      const asked = { at: clock.now(), step: ++step }
      const permit = await limiter.take(lane, costs)
      const granted = { at: permit.at, step: ++step }
      limiter.release(permit)
      return { lane, asked, granted }
    }),
  )
}

const anyAsks = (longest: number, most: number) =>
  fc.array(fc.record({ after: fc.integer({ min: 0, max: longest }), lane: fc.constantFrom(...lanes) }), {
    maxLength: most,
  })

test('nobody is passed by a lower lane that came to the same bucket later, however much of it there is', async () => {
  await fc.assert(
    fc.asyncProperty(anyAsks(30_000, 60), async (asks) => {
      const clock = simulatedClock({ start })
      const done = await traffic(createLimiter({ clock }), clock, asks, cost('reports'))
      clock.stop()
      const rank = ({ lane }: { lane: Lane }) => lanes.indexOf(lane)
      for (const one of done) {
        const passed = done.filter(
          (other) =>
            rank(other) > rank(one) && other.asked.at > one.asked.at && other.granted.at < one.granted.at,
        )
        // The switch-off has the whole ceiling, so it may go when no other could; it passes, and is never passed.
        expect(passed).toEqual([])
      }
    }),
    { numRuns: 60 },
  )
})

test('the switch-off of a policy waits a second at most for each before it, whatever else is asked', async () => {
  await fc.assert(
    fc.asyncProperty(anyAsks(20_000, 60), async (asks) => {
      const clock = simulatedClock({ start })
      const done = await traffic(createLimiter({ clock }), clock, asks, policy)
      clock.stop()
      const urgent = done.filter(({ lane }) => lane === 'disarm')
      for (const { asked, granted } of urgent) {
        const before = urgent.filter(
          (other) => other.asked.step <= asked.step && other.granted.at > asked.at,
        ).length
        expect(granted.at - asked.at).toBeLessThanOrEqual(1_000 * Math.max(1, before))
      }
    }),
    { numRuns: 60 },
  )
})

test('an application beside us that stays: refusals stay under one in two hundred, and most of what is left is used', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock })
  // Microsoft's side, as strict as can be: any ten seconds, and what is refused counts. Two of five are another's.
  const counted = slidingWindow()
  const calls = 6_000
  let refused = 0
  await Promise.all(
    Array.from({ length: calls }, async () => {
      for (;;) {
        const permit = await limiter.take('verify', cost('reports'))
        const now = clock.now()
        const free = counted.used(now, 10_000) < 3
        counted.take(now, 1)
        if (free) limiter.answered(permit)
        else limiter.throttled(permit, 10_000)
        limiter.release(permit)
        if (free) return
        refused++
      }
    }),
  )
  const windows = (clock.now() - start) / 10_000
  clock.stop()
  expect(refused / calls).toBeLessThan(0.005)
  expect(calls / windows).toBeGreaterThan(0.85 * 3)
  expect(limiter.state().reports).toMatchObject({ sent: calls + refused, throttled: refused })
})

test('when the other application has gone, the whole share comes back', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock })
  for (let round = 0; round < 6; round++) {
    limiter.throttled(await limiter.take('verify', cost('reports')), 10_000)
  }
  expect(limiter.state().reports.share).toBeLessThan(0.2)
  for (let call = 0; call < 400; call++) {
    const permit = await limiter.take('verify', cost('reports'))
    limiter.answered(permit)
    limiter.release(permit)
  }
  expect(limiter.state().reports).toMatchObject({ share: 0.8, ceiling: 4, closedUntil: null })
})

test('what Microsoft says of its own count is taken over, and a crowded ceiling slows us down before it refuses', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock })
  const read = cost('identityReads')
  const full = limiter.state().identityReads.ceiling
  limiter.answered(await limiter.take('scan', read), { resourceUnits: 5 })
  expect(limiter.state().identityReads.used).toBe(5)
  await clock.sleep(10_000)
  limiter.answered(await limiter.take('scan', read), { resourceUnits: 1, limitPart: 0.85 })
  expect(limiter.state().identityReads).toMatchObject({ used: 1, ceiling: full })
  limiter.answered(await limiter.take('scan', read), { limitPart: 1.1 })
  limiter.answered(await limiter.take('scan', read), { limitPart: 1.1 })
  expect(limiter.state().identityReads).toMatchObject({ ceiling: full * 0.7, throttled: 0 })
  await clock.sleep(10_000)
  limiter.answered(await limiter.take('scan', read), { limitPart: 0.95 })
  expect(limiter.state().identityReads.ceiling).toBe(full * 0.7)
  for (let round = 0; round < 4; round++) {
    await clock.sleep(10_000)
    limiter.answered(await limiter.take('scan', read))
  }
  expect(limiter.state().identityReads.ceiling).toBe(full)
})

test('a switch-off that is refused without a time asks again at once, then after a quiet second', async () => {
  const clock = simulatedClock({ start })
  const limiter = createLimiter({ clock })
  const moments: number[] = []
  for (let round = 0; round < 8; round++) {
    const permit = await limiter.take('disarm', policy)
    moments.push(permit.at - start)
    limiter.throttled(permit)
  }
  expect(moments).toEqual([0, 50, 250, 500, 750, 1_000, 2_050, 2_100])
  // Nobody else asks in between.
  const other = limiter.take('restore', policy)
  limiter.answered(await limiter.take('disarm', policy))
  expect((await other).at - start).toBeGreaterThan(2_300)
})
