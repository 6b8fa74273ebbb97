import { expect, test } from 'vitest'
import { rentTenant } from './rented-tenant.ts'

test('the twin reads without a token and without limits, and writes nothing', async () => {
  const { twin, tenant } = await rentTenant()
  for (let n = 0; n < 8; n++) expect((await twin('/v1.0/auditLogs/signIns?$top=1')).status).toBe(200)
  expect((await twin('/v1.0/users/test.user@contoso.com')).body.displayName).toBe('Test User')
  const group = tenant.world.group('MFA required').id
  for (const [method, path] of [
    ['PATCH', `/v1.0/groups/${group}`],
    ['POST', '/v1.0/identity/conditionalAccess/policies'],
    ['DELETE', '/v1.0/nothing'],
    ['POST', '/_tenant/journal'],
  ] as const) {
    const refused = await twin(path, method)
    expect([refused.status, refused.body.error.code]).toEqual([405, 'Request_BadRequest'])
  }
  expect((await twin('/_tenant/journal')).body).toEqual({ changes: [] })
})

test('a list’s next page is on the server that was asked', async () => {
  const { twin, tenant } = await rentTenant()
  const next = (await twin('/v1.0/users?$top=5')).body['@odata.nextLink']
  expect(next.startsWith(`${tenant.graph}/v1.0/users?`)).toBe(true)
})

test('unknown paths answer in Graph’s envelope', async () => {
  const { graph } = await rentTenant()
  const unknown = await graph('/v1.0/nonsense')
  expect([unknown.status, unknown.body.error.code]).toEqual([400, 'BadRequest'])
  expect((await graph('/v1.0/groups/x/members')).status).toBe(404)
  expect((await graph('/v1.0/users?$skiptoken=zzz')).status).toBe(400)
})
