import { expect, test } from 'vitest'
import { served } from './served.ts'

test('the limits: what is used, allowed and refused of each, who waits, and Graph’s clock', async () => {
  const { call, draft, tenant, server } = await served()
  const limits = async () => (await call('GET', '/api/v1/limits')).body
  const before = await limits()
  expect(before.clock).toEqual({ skewMs: null, measuredAt: null })
  expect(before.buckets.map(({ bucket }: { bucket: string }) => bucket)).toEqual([
    'identityReads',
    'identityWrites',
    'reports',
    'conditionalAccess',
    'signInActivity',
    'outlook',
  ])
  expect(before.buckets[2]).toEqual({
    bucket: 'reports',
    used: 0,
    allowed: 4,
    windowMs: 10_000,
    ceiling: 5,
    ceilingWindowMs: 10_000,
    share: 0.8,
    closedUntil: null,
    waiting: { disarm: 0, restore: 0, change: 0, verify: 0, scan: 0 },
    sent: 0,
    throttled: 0,
  })
  tenant.addFault({ path: 'conditionalAccess', times: 1, do: { kind: 'status', status: 429 } })
  const { id, etag } = await draft()
  const started = await call('POST', `/api/v1/rollouts/${id}/start`, {
    as: 'changeManager',
    body: { reason: 'begin' },
    headers: { 'if-match': etag },
  })
  expect(started.status).toBe(202)
  const after = await limits()
  expect(after.buckets[3]).toMatchObject({ bucket: 'conditionalAccess', throttled: 1 })
  expect(after.buckets[3].sent).toBeGreaterThan(1)
  expect(after.clock).toMatchObject({ skewMs: 0, measuredAt: expect.stringMatching(/^2026-03-02T/) })
  expect((await fetch(`${server.url}/api/v1/limits`)).status).toBe(401)
})
