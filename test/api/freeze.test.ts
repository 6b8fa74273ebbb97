import { expect, test } from 'vitest'
import { served } from './served.ts'

const onCall = { as: 'onCall' as const }

test('a dry run says what would happen, and freezes nothing', async () => {
  const { call } = await served()
  const body = { reason: 'month-end', dryRun: true }
  expect((await call('POST', '/api/v1/freeze', { ...onCall, body })).body).toMatchObject({
    changed: false,
    dryRun: true,
    says: expect.stringMatching(/^Would: nothing new/),
    frozen: null,
  })
  expect((await call('POST', '/api/v1/thaw', { ...onCall, body })).body.says).toBe('It is so already.')
  expect((await call('GET', '/api/v1/freeze')).body.frozen).toBeNull()
  expect((await call('POST', '/api/v1/freeze', { body })).body.code).toBe('roleTooWeak')
})

test('the same key answers the same, also after somebody has thawed', async () => {
  const { call } = await served()
  const freeze = () =>
    call('POST', '/api/v1/freeze', {
      ...onCall,
      body: { reason: 'month-end' },
      headers: { 'idempotency-key': 'one' },
    })
  const first = await freeze()
  expect(first.body).toMatchObject({ changed: true, frozen: { reason: 'month-end' } })
  await call('POST', '/api/v1/thaw', { ...onCall, body: { reason: 'over' } })
  const second = await freeze()
  expect(second).toMatchObject({ status: 200, body: first.body })
  expect(second.headers.get('idempotency-replayed')).toBe('true')
  expect((await call('GET', '/api/v1/freeze')).body.frozen).toBeNull()
})
