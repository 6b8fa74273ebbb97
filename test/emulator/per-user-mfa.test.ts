import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, type RentedTenant, rentTenant, START } from './rented-tenant.ts'

const TEST_USER = 'test.user@contoso.com'
const path = (who: string) => `/beta/users/${who}/authentication/requirements`

async function set(rented: RentedTenant, who: string, perUserMfaState: unknown) {
  await rented.pass(2000)
  return rented.graph(path(who), { method: 'PATCH', body: { perUserMfaState } })
}

async function shown(rented: RentedTenant, who: string): Promise<string> {
  return (await rented.twin(path(who))).body.perUserMfaState
}

test('per-user MFA is read and written in beta only', async () => {
  const rented = await rentTenant()
  expect(await shown(rented, TEST_USER)).toBe('disabled')
  expect((await rented.graph(path(TEST_USER).replace('beta', 'v1.0'))).status).toBe(400)
  expect((await set(rented, TEST_USER, 'enforced')).status).toBe(204)
  await rented.pass(MINUTE)
  expect(await shown(rented, TEST_USER)).toBe('enforced')
  const { id } = rented.tenant.world.person(TEST_USER)
  expect(await rented.journal()).toMatchObject([
    {
      actor: 'app',
      method: 'PATCH',
      target: `users/${id}/authentication/requirements`,
      before: { perUserMfaState: 'disabled' },
      after: { perUserMfaState: 'enforced' },
    },
  ])
  expect((await set(rented, TEST_USER, 'enforced')).status).toBe(204)
  expect(await rented.journal()).toHaveLength(1)
})

test('what is no state, nobody, and a permission that was taken away are refused', async () => {
  const rented = await rentTenant()
  expect((await set(rented, TEST_USER, 'on')).status).toBe(400)
  expect((await set(rented, TEST_USER, undefined)).status).toBe(400)
  expect((await set(rented, 'nobody@contoso.com', 'enabled')).body.error.code).toBe(
    'Request_ResourceNotFound',
  )
  rented.tenant.world.permissions.delete('Policy.ReadWrite.AuthenticationMethod')
  expect((await set(rented, TEST_USER, 'enabled')).status).toBe(403)
  expect(await rented.journal()).toEqual([])
})

test('enabled becomes enforced by itself where there is a method, later, and stays where there is none', async () => {
  const rented = await rentTenant({ people: 200 })
  const { world } = rented.tenant
  const bare = world.people.find(
    (person) => person.kind === 'member' && person.habit.away && person.methods.lines[0]?.value.length === 0,
  )?.id as string
  await set(rented, TEST_USER, 'enabled')
  await set(rented, bare, 'enabled')
  expect(world.person(TEST_USER).perUserMfa).toBe('enabled')
  await rented.pass(6 * MINUTE)
  expect(await shown(rented, TEST_USER)).toBe('enforced')
  expect(await shown(rented, bare)).toBe('enabled')
  expect((await rented.journal()).at(-1)).toMatchObject({
    actor: 'microsoft',
    before: { perUserMfaState: 'enabled' },
    after: { perUserMfaState: 'enforced' },
  })
  world.setMethods(bare, ['mobilePhone'])
  await rented.pass(6 * MINUTE)
  expect(await shown(rented, bare)).toBe('enforced')
})

test('a write shows in reads within a minute, and not always at once', async () => {
  const rented = await rentTenant({ people: 100 })
  const members = rented.tenant.world.people.filter((person) => person.perUserMfa === 'disabled').slice(0, 20)
  for (const { id } of members) rented.tenant.world.setPerUserMfa(id, 'enforced')
  const late = async () => {
    const states = await Promise.all(members.map(({ id }) => shown(rented, id)))
    return states.filter((state) => state !== 'enforced').length
  }
  expect(await late()).toBeGreaterThan(0)
  await rented.pass(MINUTE)
  expect(await late()).toBe(0)
})

test('people are asked because of it, and no policy says so', async () => {
  const rented = await rentTenant({ people: 200 })
  const { world } = rented.tenant
  const members = world.people.filter((one) => one.kind === 'member' && one.roles.length === 0)
  for (const { id } of members) world.setPerUserMfa(id, 'enforced')
  await rented.pass(2 * DAY)
  const since = new Date(START + HOUR).toISOString()
  const log = await rented.all(`/v1.0/auditLogs/signIns?$filter=createdDateTime ge ${since}`)
  const theirs = log.filter((row) => members.some(({ id }) => id === row.userId))
  const codes = new Set(theirs.map((row) => row.status.errorCode))
  for (const code of [0, 50074, 50076, 50079]) expect(codes).toContain(code)
  const applied = theirs.flatMap((row) =>
    row.appliedConditionalAccessPolicies.map((one: { result: string }) => one.result),
  )
  expect(new Set(applied)).toEqual(new Set(['notApplied']))
  const met = theirs.filter((row) => row.status.errorCode === 0)
  expect(met.every((row) => row.status.additionalDetails?.startsWith('MFA '))).toBe(true)
})

test('an old program is kept out by enforced, and not by enabled', async () => {
  const rented = await rentTenant({ people: 100 })
  const { world } = rented.tenant
  const [first, second] = world.people.filter((one) => one.kind === 'service')
  if (!first) throw new Error('no service account')
  world.setPerUserMfa(first.id, 'enforced')
  if (second) world.setPerUserMfa(second.id, 'enabled')
  await rented.pass(3 * DAY)
  const since = new Date(START + HOUR).toISOString()
  const log = await rented.all(`/v1.0/auditLogs/signIns?$filter=createdDateTime ge ${since}`)
  const codes = (id?: string) =>
    new Set(log.filter((row) => row.userId === id).map((row) => row.status.errorCode))
  expect(codes(first.id)).toEqual(new Set([50076]))
  if (second) expect(codes(second.id)).toContain(0)
})

test('who sits at home has another address than the office, and the same one every time', async () => {
  const rented = await rentTenant({ people: 100 })
  const log = await rented.all('/v1.0/auditLogs/signIns')
  const addresses = new Map<string, Set<string>>()
  for (const row of log)
    addresses.set(row.userId, (addresses.get(row.userId) ?? new Set()).add(row.ipAddress))
  expect(Math.max(...[...addresses.values()].map((one) => one.size))).toBe(2)
  const home = log.filter((row) => row.ipAddress.startsWith('198.18.')).length
  expect(home).toBeGreaterThan(log.length * 0.1)
  expect(home).toBeLessThan(log.length * 0.6)
})
