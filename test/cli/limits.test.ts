import { expect, test } from 'vitest'
import { served } from '../api/served.ts'
import { wavegate } from './run.ts'

test('limits: a line each with what is used, allowed and refused, and Graph’s clock; as JSON what the API answers', async () => {
  const all = await served()
  const as = { WAVEGATE_URL: all.server.url, WAVEGATE_TOKEN: all.tokens.viewer }
  const fresh = await wavegate(as, ['limits'])
  expect(fresh).toMatchObject({ code: 0, err: '' })
  expect(fresh.out).toMatch(/^LIMIT +USED +ALLOWED +CEILING +CLOSED UNTIL +WAITING +CALLS +429$/m)
  expect(fresh.out).toMatch(/^reports +0 +4 in 10 s \(share 0\.8\) +5 in 10 s +– +– +0 +0$/m)
  expect(fresh.out).toMatch(/^conditionalAccess +0 +1 in 1\.25 s \(share 0\.8\) +1 in 1 s +/m)
  expect(fresh.out).toContain('Graph’s clock: not heard yet.')

  all.tenant.addFault({
    path: 'conditionalAccess',
    times: 1,
    do: { kind: 'status', status: 429, headers: { 'Retry-After': '3' } },
  })
  const { id, etag } = await all.draft()
  await all.call('POST', `/api/v1/rollouts/${id}/start`, {
    as: 'changeManager',
    body: { reason: 'begin' },
    headers: { 'if-match': etag },
  })
  const later = await wavegate(as, ['limits'])
  expect(later.out).toMatch(/^conditionalAccess .* \d+ +1$/m)
  expect(later.out).toMatch(/Graph’s clock: the same as ours, as of 2026-03-02 \d\d:\d\d UTC\./)
  const json = JSON.parse((await wavegate(as, ['limits', '--json'])).out)
  expect(json.buckets[3]).toMatchObject({ bucket: 'conditionalAccess', throttled: 1 })
  expect(json.clock.skewMs).toBe(0)
})
