import { expect, onTestFinished, test } from 'vitest'
import { simulatedClock } from '../../src/clock/simulated-clock.ts'
import { startTenant } from '../../src/emulator/tenant.ts'
import { createGraph } from '../../src/graph/client.ts'
import { createDirectory } from '../../src/graph/directory/directory.ts'
import { createGraphClock } from '../../src/graph/graph-clock.ts'
import { trust } from '../trust.ts'

const start = Date.UTC(2027, 0, 4, 8)

test('the difference shown is the least that explains an answer: whole seconds and the way there and back are none', () => {
  const clock = createGraphClock()
  expect(clock.reading()).toBeNull()
  const cases = [
    // Graph says the second; the answer took 300 ms.
    [start, start + 100, start + 400, 0],
    [start, start + 900, start + 1_200, 0],
    [start + 1_000, start + 100, start + 1_100, 0],
    [start + 60_000, start, start + 300, 59_700],
    [start - 60_000, start, start + 300, -59_000],
  ] as const
  for (const [date, sentAt, answeredAt, skew] of cases) {
    clock.heard(date, sentAt, answeredAt)
    expect(clock.reading()).toEqual({ skew, at: answeredAt })
  }
})

test('every answer tells Graph’s time, a batch too; on one clock there is no difference', async () => {
  const clock = simulatedClock({ start })
  let ahead = 0
  const tenant = await startTenant({ clock: { ...clock, now: () => clock.now() + ahead }, people: 40 })
  trust(tenant.ca)
  onTestFinished(async () => {
    clock.stop()
    await tenant.close()
  })
  const graph = createGraph({
    clock,
    baseUrl: tenant.tenant,
    customHosts: new Set([new URL(tenant.tenant).hostname]),
    credential: { ...tenant, authorityHost: tenant.authority },
  })
  const directory = createDirectory(graph)
  await directory.listUsers({ lane: 'scan' })
  expect(graph.graphClock.reading()).toEqual({ skew: 0, at: start })
  ahead = 7 * 60_000
  await directory.readPerUserMfa([tenant.world.people[0]?.id as string], { lane: 'scan' })
  expect(graph.graphClock.reading()).toEqual({ skew: 7 * 60_000, at: clock.now() })
})
