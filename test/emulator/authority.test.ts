import { ClientSecretCredential } from '@azure/identity'
import { expect, test } from 'vitest'
import { rentTenant } from './rented-tenant.ts'

test('the real credential gets a token that Graph accepts', async () => {
  const { graph } = await rentTenant()
  expect((await graph('/v1.0/organization')).body.value[0].displayName).toBe('Contoso')
})

test('a wrong secret is refused as Microsoft refuses it', async () => {
  const { tenant } = await rentTenant()
  const wrong = new ClientSecretCredential(tenant.tenantId, tenant.clientId, 'not-it', {
    authorityHost: tenant.authority,
    disableInstanceDiscovery: true,
  })
  await expect(wrong.getToken('https://graph.microsoft.com/.default')).rejects.toThrow(/AADSTS7000215/)
})

test('no token, an unknown one and one that has ended are 401', async () => {
  const { tenant, graph } = await rentTenant()
  for (const authorization of ['', 'Bearer made.up.token']) {
    const response = await fetch(`${tenant.tenant}/v1.0/users`, { headers: { authorization } })
    expect(response.status).toBe(401)
    const { error } = (await response.json()) as { error: { code: string } }
    expect(error.code).toBe('InvalidAuthenticationToken')
  }
  tenant.world.setTokenLifetime(-1)
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: tenant.clientId,
    client_secret: tenant.clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  })
  const issued = await fetch(`${tenant.authority}/${tenant.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: form,
  })
  const { access_token } = (await issued.json()) as { access_token: string }
  const ended = await graph('/v1.0/users', { headers: { authorization: `Bearer ${access_token}` } })
  expect(ended.status).toBe(401)
})

test('a permission that was not granted is named by 403, a missing licence by its own code', async () => {
  const { tenant, graph } = await rentTenant()
  tenant.world.permissions.delete('Application.Read.All')
  const refused = await graph('/v1.0/identity/conditionalAccess/policies', { method: 'POST', body: {} })
  expect([refused.status, refused.body.error.code]).toEqual([403, 'Authorization_RequestDenied'])
  tenant.world.setPremium(false)
  const unlicensed = await graph('/v1.0/auditLogs/signIns')
  expect(unlicensed.body.error.code).toBe('Authentication_RequestFromNonPremiumTenantOrB2CTenant')
})

test('request ids come back, and time is the tenant’s', async () => {
  const { graph } = await rentTenant()
  const answer = await graph('/v1.0/users/nobody@contoso.com', { headers: { 'client-request-id': 'mine' } })
  expect(answer.status).toBe(404)
  expect(answer.headers.get('date')).toBe('Mon, 02 Mar 2026 07:00:00 GMT')
  expect(answer.headers.get('client-request-id')).toBe('mine')
  const { innerError, code } = answer.body.error
  expect(code).toBe('Request_ResourceNotFound')
  expect(innerError).toEqual({
    date: '2026-03-02T07:00:00',
    'request-id': answer.headers.get('request-id'),
    'client-request-id': 'mine',
  })
})
