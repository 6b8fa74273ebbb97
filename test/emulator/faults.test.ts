import { expect, test } from 'vitest'
import { links, rentTenant } from './rented-tenant.ts'

test('a reset before leaves the tenant as it was, a reset after does not', async () => {
  const { tenant, graph, journal } = await rentTenant()
  const path = `/v1.0/groups/${tenant.world.group('MFA required').id}`
  const one = tenant.world.person('test.user@contoso.com')
  const two = tenant.world.person('bg1@contoso.onmicrosoft.com')
  tenant.addFault({ method: 'PATCH', path: '/groups/', times: 1, do: { kind: 'resetBefore' } })
  await expect(graph(path, { method: 'PATCH', body: links([one.id]) })).rejects.toThrow()
  expect(await journal()).toHaveLength(0)
  tenant.addFault({ method: 'PATCH', path: '/groups/', times: 1, do: { kind: 'resetAfter' } })
  await expect(graph(path, { method: 'PATCH', body: links([two.id]) })).rejects.toThrow()
  expect(await journal()).toHaveLength(1)
  expect((await graph(path, { method: 'PATCH', body: links([one.id]) })).status).toBe(204)
})

test('a status, a count of passes, an empty answer, a slow one', async () => {
  const { tenant, graph, twin } = await rentTenant()
  const answer = {
    kind: 'status',
    status: 503,
    code: 'ServiceUnavailable',
    headers: { 'Retry-After': '3' },
  } as const
  tenant.addFault({ path: '/users', after: 1, times: 2, do: answer })
  expect((await graph('/v1.0/users')).status).toBe(200)
  const failed = await graph('/v1.0/users')
  expect([failed.status, failed.headers.get('retry-after'), failed.body.error.code]).toEqual([
    503,
    '3',
    'ServiceUnavailable',
  ])
  expect((await twin('/v1.0/users')).status).toBe(200)
  expect((await graph('/v1.0/users')).status).toBe(503)
  expect((await graph('/v1.0/users')).status).toBe(200)
  tenant.addFault({ path: '/users', times: 1, do: { kind: 'empty' } })
  expect(await graph('/v1.0/users')).toMatchObject({ status: 200, body: null })
  const before = performance.now()
  tenant.addFault({ path: '/users', do: { kind: 'delay', ms: 120 } })
  expect((await graph('/v1.0/users')).status).toBe(200)
  expect(performance.now() - before).toBeGreaterThan(100)
  tenant.addFault({ path: '/groups', do: { kind: 'status', status: 500 } })
  tenant.clearFaults()
  expect((await graph('/v1.0/groups')).status).toBe(200)
})

test('the token endpoint can fail too', async () => {
  const { tenant, credential } = await rentTenant()
  tenant.addFault({
    path: '/oauth2/v2.0/token',
    do: { kind: 'status', status: 400, body: { error: 'invalid_client' } },
  })
  await expect(credential.getToken('https://graph.microsoft.com/.default')).rejects.toThrow(/invalid_client/)
})
