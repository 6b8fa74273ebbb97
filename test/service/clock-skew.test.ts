import { expect, test } from 'vitest'
import { type Served, served } from '../api/served.ts'

const MINUTE = 60_000

async function start({ call, draft }: Served) {
  const { id, etag } = await draft()
  const headers = { 'if-match': etag }
  const body = { reason: 'begin' }
  const answer = await call('POST', `/api/v1/rollouts/${id}/start`, { as: 'changeManager', body, headers })
  return { id, ...answer }
}

test('a machine whose clock is more than five minutes from Microsoft’s starts nothing, and says by how much', async () => {
  for (const [ahead, words] of [
    [7 * MINUTE, '7 minutes behind'],
    [-9 * MINUTE, '9 minutes ahead of'],
  ] as const) {
    const one = await served({ tenantAhead: ahead })
    const { id, status, body } = await start(one)
    expect([status, body.code]).toEqual([409, 'clockSkewed'])
    expect(body.detail).toContain(words)
    expect(body.hint).toContain('NTP')
    expect(one.tenant.world.journal.entries).toEqual([])
    expect((await one.call('GET', `/api/v1/rollouts/${id}`)).body.state).toBe('draft')
  }
})

test('four minutes are shown, and do no harm', async () => {
  const one = await served({ tenantAhead: 4 * MINUTE })
  expect((await start(one)).status).toBe(202)
  const { skewMs } = (await one.call('GET', '/api/v1/limits')).body.clock
  expect(Math.abs(skewMs - 4 * MINUTE)).toBeLessThanOrEqual(1_000)
})
