import { expect, test } from 'vitest'
import { served } from './served.ts'

test('a call without a token is refused, and says how to get one', async () => {
  const { call } = await served()
  const answer = await call('GET', '/api/v1/rollouts', { as: null })
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="wavegate"')
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(answer.body).toMatchObject({ code: 'tokenMissing', status: 401, instance: '/api/v1/rollouts' })
  expect(answer.body.hint).toContain('wavegate token create')
})

test.each([
  'Bearer wrong',
  'Bearer wg_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  'bearer x y',
  'Basic abc',
])('a token that is not known here is refused: %s', async (authorization) => {
  const { call } = await served()
  const answer = await call('GET', '/api/v1/rollouts', { as: null, headers: { authorization } })
  expect(answer.status).toBe(401)
  expect(['tokenUnknown', 'tokenMissing']).toContain(answer.body.code)
})

test('a revoked token ends at once', async () => {
  const { call } = await served()
  const made = await call('POST', '/api/v1/tokens', {
    as: 'administrator',
    body: { person: 'ann', role: 'viewer' },
  })
  expect(made.status).toBe(201)
  const authorization = `Bearer ${made.body.token}`
  expect((await call('GET', '/api/v1/rollouts', { as: null, headers: { authorization } })).status).toBe(200)
  expect((await call('DELETE', made.headers.get('location') ?? '', { as: 'administrator' })).status).toBe(204)
  const after = await call('GET', '/api/v1/rollouts', { as: null, headers: { authorization } })
  expect(after).toMatchObject({ status: 401, body: { code: 'tokenUnknown' } })
  expect((await call('GET', '/api/v1/tokens', { as: 'administrator' })).body.tokens).toContainEqual({
    ...made.body.view,
    revokedAt: expect.any(String),
  })
  expect((await call('DELETE', '/api/v1/tokens/tk_none', { as: 'administrator' })).body.code).toBe(
    'tokenNotFound',
  )
})

test('only an administrator makes, lists and revokes tokens', async () => {
  const { call } = await served()
  for (const as of ['viewer', 'helpDesk', 'changeManager', 'approver', 'onCall'] as const) {
    const body = { person: 'ann', role: 'viewer' }
    expect((await call('POST', '/api/v1/tokens', { as, body })).body.code).toBe('roleTooWeak')
    expect((await call('GET', '/api/v1/tokens', { as })).body.code).toBe('roleTooWeak')
    expect((await call('DELETE', '/api/v1/tokens/tk_any', { as })).body.code).toBe('roleTooWeak')
  }
})

test('a verb asks for its role, and says which', async () => {
  const { call, draft } = await served()
  const { id, etag } = await draft()
  const answer = await call('POST', `/api/v1/rollouts/${id}/start`, {
    as: 'viewer',
    body: { reason: 'go' },
    headers: { 'if-match': etag },
  })
  expect(answer).toMatchObject({ status: 403, body: { code: 'roleTooWeak', roles: 'change manager' } })
})

test('health, readiness and the description of the API need no token', async () => {
  const { call } = await served()
  for (const path of ['/healthz', '/readyz', '/openapi.json']) {
    expect((await call('GET', path, { as: null })).status).toBe(200)
  }
})
