import { expect, test } from 'vitest'
import { latest } from '../../src/emulator/lagged.ts'
import { published } from './metadata.ts'
import { DAY, MINUTE, type RentedTenant, rentTenant } from './rented-tenant.ts'

const POLICY = '/policies/authenticationMethodsPolicy'
const app = 'microsoftAuthenticator'
const target = (id: string, targetedAuthenticationMethod = app) => ({
  ...{ id, targetType: 'group', targetedAuthenticationMethod },
})

async function patch(rented: RentedTenant, campaign: object, version = 'v1.0') {
  await rented.pass(MINUTE)
  const body = { registrationEnforcement: { authenticationMethodsRegistrationCampaign: campaign } }
  return rented.graph(`/${version}${POLICY}`, { method: 'PATCH', body })
}
async function campaign(rented: RentedTenant, version = 'v1.0') {
  const { body } = await rented.twin(`/${version}${POLICY}`)
  return body.registrationEnforcement.authenticationMethodsRegistrationCampaign
}

test('the campaign is set as Graph takes it, shown by both versions, and journaled', async () => {
  const rented = await rentTenant()
  const everybody = { ...target('all_users') }
  expect(await campaign(rented)).toEqual({
    ...{ state: 'default', snoozeDurationInDays: 1, includeTargets: [everybody], excludeTargets: [] },
  })
  const { id } = rented.tenant.world.group('MFA required')
  const set = { state: 'enabled', snoozeDurationInDays: 3, includeTargets: [target(id)] }
  expect((await patch(rented, set)).status).toBe(200)
  expect(await campaign(rented)).toEqual({ ...set, excludeTargets: [] })
  // What one version does not know stays.
  expect((await patch(rented, { enforceRegistrationAfterAllowedSnoozes: false }, 'beta')).status).toBe(200)
  expect(await campaign(rented, 'beta')).toMatchObject({
    ...{ ...set, enforceRegistrationAfterAllowedSnoozes: false },
  })
  for (const wrong of [
    { snoozeDurationInDays: 15 },
    { includeTargets: [target('nobody')] },
    { includeTargets: [target(id), target('all_users', 'Fido2')] },
    { includeTargets: [target(id, 'sms')] },
    { enforceRegistrationAfterAllowedSnoozes: true },
  ])
    expect((await patch(rented, wrong)).status).toBe(400)
  expect(await rented.journal()).toMatchObject([
    { actor: 'app', before: { state: 'default' }, after: { state: 'enabled', includeTargets: [{ id }] } },
    { actor: 'app' },
  ])
  rented.tenant.world.permissions.delete('Policy.ReadWrite.AuthenticationMethod')
  expect((await patch(rented, set)).status).toBe(403)
  for (const version of ['v1.0', 'beta'] as const) {
    const shown = await campaign(rented, version)
    const metadata = published(version)
    if (metadata) expect(metadata.strange(shown, 'authenticationMethodsRegistrationCampaign')).toEqual([])
  }
})

test('people who complete MFA register what they are asked for within some days; the excluded and others do not', async () => {
  const rented = await rentTenant({ people: 120 })
  const { world } = rented.tenant
  const people = world.people.filter(
    (one) => one.kind === 'member' && one.accountEnabled && one.roles.length === 0 && !one.habit.away,
  )
  const diligent = people.filter((one) => !one.habit.legacyClient).slice(0, 30)
  const [asked, excluded, others] = [diligent.slice(0, 10), diligent.slice(10, 20), diligent.slice(20)]
  const pilot = world.createGroup({ displayName: 'Campaign' })
  const spared = world.createGroup({ displayName: 'Spared' })
  for (const { id } of diligent) {
    world.setMethods(id, ['mobilePhone'])
    world.setPerUserMfa(id, 'enforced')
  }
  for (const { id } of [...asked, ...excluded]) world.addMember(pilot, id)
  for (const { id } of excluded) world.addMember(spared, id)
  const targets = { includeTargets: [target(pilot)], excludeTargets: [{ id: spared, targetType: 'group' }] }
  await patch(rented, { state: 'enabled', snoozeDurationInDays: 1, ...targets })
  await rented.pass(21 * DAY)
  // Asked, the tenant lets its people live until now.
  await campaign(rented)
  const having = (some: typeof people) =>
    some.filter((one) => latest(one.methods).includes('microsoftAuthenticatorPush')).length
  expect(having(asked)).toBeGreaterThan(5)
  expect([having(excluded), having(others)]).toEqual([0, 0])
  // The report, which readiness is judged by, says so hours later.
  await rented.pass(DAY)
  const report = await rented.all('/v1.0/reports/authenticationMethods/userRegistrationDetails')
  const ids = new Set(asked.map(({ id }) => id))
  const rows = report.filter((row) => ids.has(row.id))
  const capable = rows.filter((row) => row.methodsRegistered.includes('microsoftAuthenticatorPush'))
  expect(capable.length).toBeGreaterThan(5)
})
