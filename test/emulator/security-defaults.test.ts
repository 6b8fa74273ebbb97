import { expect, test } from 'vitest'
import { DAY, HOUR, rentTenant, START } from './rented-tenant.ts'

const PATH = '/v1.0/policies/identitySecurityDefaultsEnforcementPolicy'

test('the app reads them, and needs a permission of its own to set them', async () => {
  const { graph, tenant, journal } = await rentTenant()
  const patch = (isEnabled: unknown) => graph(PATH, { method: 'PATCH', body: { isEnabled } })
  expect((await graph(PATH)).body.isEnabled).toBe(false)
  expect((await patch(true)).status).toBe(403)
  tenant.world.permissions.add('Policy.ReadWrite.SecurityDefaults')
  expect((await patch('yes')).status).toBe(400)
  // Two policies are enabled from the start.
  expect((await patch(true)).body.error.code).toBe('BadRequest')
  for (const { id } of tenant.world.policies) tenant.world.setPolicy(id as string, { state: 'disabled' })
  expect((await patch(true)).status).toBe(204)
  expect((await graph(PATH)).body.isEnabled).toBe(true)
  expect((await patch(false)).status).toBe(204)
  expect((await journal()).slice(-2)).toMatchObject([
    { target: 'policies/identitySecurityDefaultsEnforcementPolicy', after: { isEnabled: true } },
    { before: { isEnabled: true }, after: { isEnabled: false } },
  ])
})

test('under them everybody is asked, a phone does not serve, and old programs are kept out', async () => {
  const rented = await rentTenant({ people: 200 })
  const { world } = rented.tenant
  world.setSecurityDefaults(true)
  const phoneOnly = world.people.filter((one) => one.methods.lines[0]?.value.join() === 'mobilePhone')
  await rented.pass(3 * DAY)
  const since = new Date(START + 2 * HOUR).toISOString()
  const log = await rented.all(`/beta/auditLogs/signIns?$filter=createdDateTime ge ${since}`)
  const modern = log.filter((row) => row.clientAppUsed !== 'Authenticated SMTP' && row.status.errorCode === 0)
  expect(modern.length).toBeGreaterThan(50)
  for (const row of modern) {
    expect(
      row.authenticationRequirementPolicies.map(
        (one: { requirementProvider: string }) => one.requirementProvider,
      ),
    ).toContain('securityDefaults')
  }
  const old = log.filter((row) => row.clientAppUsed === 'Authenticated SMTP')
  expect(new Set(old.map((row) => row.status.errorCode))).toEqual(new Set([530035]))
  const registered = (await rented.journal()).filter((one) => one.actor === 'person')
  const again = registered.filter((one) => phoneOnly.some(({ id }) => one.target.includes(id)))
  expect(again.length).toBeGreaterThan(5)
  expect(again[0].after.methods).toEqual([
    'mobilePhone',
    'microsoftAuthenticatorPush',
    'softwareOneTimePasscode',
  ])
})
