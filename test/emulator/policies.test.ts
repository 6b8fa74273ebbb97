import { expect, test } from 'vitest'
import { mfaPolicy, rentTenant } from './rented-tenant.ts'

const PATH = '/v1.0/identity/conditionalAccess/policies'

test('a policy is created, read back whole, changed and deleted', async () => {
  const { graph, tenant, pass, journal } = await rentTenant()
  const group = tenant.world.group('MFA required').id
  const body = mfaPolicy(group, 'enabledForReportingButNotEnforced')
  const created = await graph(PATH, { method: 'POST', body })
  expect(created.status).toBe(201)
  expect(created.body).toMatchObject(body)
  const { id } = created.body
  await pass(1000)
  expect((await graph(`${PATH}/${id}`, { method: 'PATCH', body: { state: 'enabled' } })).status).toBe(204)
  await pass(1000)
  expect((await graph(`${PATH}/${id}`, { method: 'PATCH', body: { state: 'enabled' } })).status).toBe(204)
  await pass(1000)
  expect((await graph(`${PATH}/${id}`)).body.state).toBe('enabled')
  await pass(1000)
  expect((await graph(`${PATH}/${id}`, { method: 'DELETE' })).status).toBe(204)
  await pass(1000)
  expect((await graph(`${PATH}/${id}`)).status).toBe(404)
  expect((await journal()).map((one) => [one.method, one.before?.state, one.after?.state])).toEqual([
    ['POST', undefined, 'enabledForReportingButNotEnforced'],
    ['PATCH', 'enabledForReportingButNotEnforced', 'enabled'],
    ['DELETE', 'enabled', undefined],
  ])
})

test('a policy that is not whole is refused', async () => {
  const { graph, tenant, pass } = await rentTenant()
  const whole = mfaPolicy(tenant.world.group('MFA required').id)
  const bad = [
    { ...whole, state: 'on' },
    { ...whole, grantControls: null },
    { ...whole, conditions: { ...whole.conditions, users: {} } },
    { ...whole, conditions: { ...whole.conditions, applications: {} } },
    mfaPolicy('11111111-2222-4333-8444-555555555555'),
    { ...whole, invented: true },
  ]
  for (const body of bad) {
    expect((await graph(PATH, { method: 'POST', body })).status).toBe(400)
    await pass(1000)
  }
})

test('security defaults stand in the way of enabling', async () => {
  const { graph, tenant } = await rentTenant()
  tenant.world.setSecurityDefaults(true)
  const read = await graph('/v1.0/policies/identitySecurityDefaultsEnforcementPolicy')
  expect(read.body.isEnabled).toBe(true)
  const body = mfaPolicy(tenant.world.group('MFA required').id)
  expect((await graph(PATH, { method: 'POST', body })).body.error.message).toMatch(
    /Security Defaults is enabled/,
  )
})

test('policies are limited to one request a second, refused without Retry-After', async () => {
  const { graph, pass } = await rentTenant()
  expect((await graph(PATH)).status).toBe(200)
  const refused = await graph(PATH)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null])
  await pass(1000)
  expect((await graph(PATH)).status).toBe(200)
})

test('reports and sign-ins share five requests in ten seconds, refused with Retry-After', async () => {
  const { graph, pass } = await rentTenant()
  const report = '/v1.0/reports/authenticationMethods/userRegistrationDetails'
  for (let n = 0; n < 5; n++)
    expect((await graph(n % 2 ? report : '/v1.0/auditLogs/signIns')).status).toBe(200)
  await pass(3000)
  const refused = await graph(report)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7'])
  await pass(7000)
  expect((await graph(report)).status).toBe(200)
})

test('the directory counts resource units and says when they run out', async () => {
  const { graph, tenant, pass } = await rentTenant({ people: 30 })
  const path = `/v1.0/groups/${tenant.world.group('IT department').id}/transitiveMembers`
  let last = await graph(path)
  expect(last.headers.get('x-ms-resource-unit')).toBe('5')
  for (let n = 0; n < 700; n++) last = await graph(path)
  expect(last.status).toBe(429)
  expect(last.headers.get('x-ms-throttle-information')).toBe('ResourceUnitLimitExceeded')
  expect(last.headers.get('retry-after')).toBe('10')
  await pass(10_000)
  expect((await graph(path)).status).toBe(200)
})
