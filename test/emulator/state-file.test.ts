import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { DAY, HOUR, links, mfaPolicy, type RentedTenant, rentTenant } from './rented-tenant.ts'

function stateFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'tenant.state')
}

async function story({ all, twin, tenant }: RentedTenant) {
  const { tenantId, clientId, clientSecret, ca } = tenant
  const group = tenant.world.group('MFA required').id
  return {
    identity: { tenantId, clientId, clientSecret, ca },
    users: await all('/v1.0/users?$top=999'),
    members: (await twin(`/v1.0/groups/${group}/members?$top=999`)).body.value,
    policies: (await twin('/v1.0/identity/conditionalAccess/policies')).body.value,
    report: (await twin('/v1.0/reports/authenticationMethods/userRegistrationDetails')).body.value,
    rows: (await twin('/v1.0/auditLogs/signIns')).body.value,
    journal: (await twin('/_tenant/journal')).body.changes,
  }
}

test('a tenant that was started again is the same tenant', async () => {
  const options = { stateFile: stateFile(), people: 100, seed: 3 }
  const first = await rentTenant(options)
  const { world } = first.tenant
  const group = world.group('MFA required').id
  const policy = { method: 'POST', body: mfaPolicy(group) }
  await first.graph('/v1.0/identity/conditionalAccess/policies', policy)
  const ids = world.people.filter((person) => person.kind === 'member').map((person) => person.id)
  for (const part of [ids.slice(0, 20), ids.slice(20, 40)]) {
    await first.graph(`/v1.0/groups/${group}`, { method: 'PATCH', body: links(part) })
    await first.pass(7 * HOUR)
  }
  await first.pass(2 * DAY)
  world.removeMember('MFA required', ids[3] as string)
  world.deleteUser(ids[30] as string)
  await first.pass(DAY)
  const told = await story(first)
  expect(told.journal.some((one: { actor: string }) => one.actor === 'person')).toBe(true)
  const { token } = await first.credential.getToken('https://graph.microsoft.com/.default')
  await first.tenant.close()

  // A crash may cut the last line short.
  appendFileSync(options.stateFile, '{"at":17')
  const second = await rentTenant({ stateFile: options.stateFile, start: first.clock.now() })
  expect(await story(second)).toEqual(told)
  const old = await second.graph('/v1.0/users', { headers: { authorization: `Bearer ${token}` } })
  expect(old.status).toBe(200)
  await second.graph(`/v1.0/groups/${group}`, { method: 'PATCH', body: links([ids[41] as string]) })
  const more = await story(second)
  await second.tenant.close()
  const third = await rentTenant({ stateFile: options.stateFile, start: second.clock.now() })
  expect(await story(third)).toEqual(more)
})

test('what happens by itself, and whom another hand hired, is the same after a restart too', async () => {
  const options = { stateFile: stateFile(), people: 100, scenario: 'other-policy' as const }
  const first = await rentTenant(options)
  const { world } = first.tenant
  world.setPerUserMfa('test.user@contoso.com', 'enabled')
  await first.pass(DAY)
  const old = world.people.find((person) => person.kind === 'member' && person.index > 20)?.id as string
  world.deleteUser(old)
  world.rehire(old)
  await first.pass(4 * DAY)
  world.restoreUser(old)
  world.setSecurityDefaults(true)
  world.createLocation({
    '@odata.type': '#microsoft.graph.countryNamedLocation',
    displayName: 'Denmark',
    countriesAndRegions: ['DK'],
  })
  await first.pass(4 * DAY)
  const told = await story(first)
  const actors = new Set(told.journal.map((one: { actor: string }) => one.actor))
  expect(actors).toContain('microsoft')
  await first.tenant.close()
  const { scenario: _forgotten, ...again } = options
  const second = await rentTenant({ ...again, start: first.clock.now() })
  expect(await story(second)).toEqual(told)
})
