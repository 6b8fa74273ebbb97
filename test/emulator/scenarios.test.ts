import { expect, test } from 'vitest'
import { SCENARIOS, type Scenario } from '../../src/emulator/tenant.ts'
import { DAY, HOUR, links, type RentedTenant, rentTenant, START } from './rented-tenant.ts'

// biome-ignore lint/suspicious/noExplicitAny: rows of Graph as they come
type Row = any

const MIDNIGHT = START - 7 * HOUR
const iso = (time: number) => new Date(time).toISOString()

function rows(rented: RentedTenant, from: number, version = 'v1.0'): Promise<Row[]> {
  return rented.all(`/${version}/auditLogs/signIns?$filter=createdDateTime ge ${iso(from)}`)
}

const code = (row: Row): number => row.status.errorCode

test('each scenario lives through three weeks, the same for the same seed', async () => {
  const story = async (scenario: Scenario) => {
    const rented = await rentTenant({ people: 60, scenario })
    rented.tenant.world.setPremium(true)
    await rented.pass(21 * DAY)
    return (await rows(rented, START)).map(
      (row) => `${row.id} ${row.createdDateTime} ${code(row)} ${row.ipAddress}`,
    )
  }
  for (const scenario of SCENARIOS) {
    const first = await story(scenario)
    expect(first.length).toBeGreaterThan(200)
    expect(await story(scenario)).toEqual(first)
  }
})

test('no-p1: no plan, no reports', async () => {
  const { graph } = await rentTenant({ scenario: 'no-p1' })
  const refused = await graph('/v1.0/auditLogs/signIns')
  expect(refused.body.error.code).toBe('Authentication_RequestFromNonPremiumTenantOrB2CTenant')
  expect((await graph('/v1.0/identity/conditionalAccess/policies')).body.value).toEqual([])
  const users: Row[] = (await graph('/v1.0/users?$select=assignedPlans&$top=999')).body.value
  const plans = users.flatMap((user) => user.assignedPlans.map((one: Row) => one.service))
  expect(plans.length).toBeGreaterThan(0)
  expect(plans).not.toContain('AADPremiumService')
})

test('security-defaults: on from the start, and nobody is surprised', async () => {
  const rented = await rentTenant({ scenario: 'security-defaults', people: 200 })
  const path = '/v1.0/policies/identitySecurityDefaultsEnforcementPolicy'
  expect((await rented.graph(path)).body.isEnabled).toBe(true)
  const log = await rows(rented, 0, 'beta')
  expect(log.filter((row) => [50072, 50079].includes(code(row)))).toEqual([])
  expect(log.some((row) => code(row) === 530035)).toBe(true)
  expect(await rented.journal()).toEqual([])
})

test('password-spray: strangers are stopped where MFA is asked for, and their rows are told by their addresses', async () => {
  const rented = await rentTenant({ scenario: 'password-spray', people: 800 })
  const { world } = rented.tenant
  const members = world.people.filter((one) => one.kind === 'member')
  const covered = new Set(members.filter((one) => one.index % 2).map((one) => one.id))
  for (const id of covered) world.setPerUserMfa(id, 'enforced')
  const before = await rows(rented, 0)
  await rented.pass(6 * DAY)
  const log = await rows(rented, START)
  const homes = new Set(['DE', 'GB', 'PL', 'US', 'IN'])
  const strange = log.filter((row) => !homes.has(row.location.countryOrRegion))
  expect(before.every((row) => homes.has(row.location.countryOrRegion))).toBe(true)
  const used = new Set(before.map((row) => `${row.userId} ${row.ipAddress}`))
  expect(strange.some((row) => used.has(`${row.userId} ${row.ipAddress}`))).toBe(false)
  const wrong = strange.filter((row) => code(row) === 50126).length
  expect(wrong).toBeGreaterThan(strange.length * 0.8)
  const asked = strange.filter((row) => covered.has(row.userId))
  const codes = new Set(asked.map(code))
  for (const expected of [50126, 50074, 500121]) expect(codes).toContain(expected)
  expect(codes).not.toContain(0)
  const declined = asked.filter((row) =>
    row.status.additionalDetails?.endsWith('user declined the authentication'),
  )
  expect(declined.length).toBeGreaterThan(0)
  expect(strange.some((row) => code(row) === 0 && !covered.has(row.userId))).toBe(true)
})

test('outage: Graph fails for hours, a change may have been made all the same, and the log is late', async () => {
  const rented = await rentTenant({ scenario: 'outage', people: 200 })
  const { tenant } = rented
  const group = tenant.world.group('MFA required').id
  const members = tenant.world.people.filter((one) => one.kind === 'member')
  await rented.pass(MIDNIGHT + 2 * DAY + 10 * HOUR - START)
  const seen = new Map<number, number>()
  let lied = 0
  for (const { id } of members.slice(0, 60)) {
    const before = (await rented.journal()).length
    const { status } = await rented.graph(`/v1.0/groups/${group}`, { method: 'PATCH', body: links([id]) })
    seen.set(status, (seen.get(status) ?? 0) + 1)
    if (status === 504 && (await rented.journal()).length > before) lied++
  }
  expect([...seen.keys()].sort()).toEqual([204, 503, 504])
  expect(lied).toBeGreaterThan(0)
  await rented.pass(4 * HOUR)
  expect((await rented.graph('/v1.0/users?$top=1')).status).toBe(200)
  const that = MIDNIGHT + 2 * DAY
  expect(await rows(rented, that + 6 * HOUR)).toEqual([])
  await rented.pass(10 * HOUR)
  expect((await rows(rented, that + 6 * HOUR)).length).toBeGreaterThan(50)
})

test('legacy-clients: old programs work until they are asked for a second factor', async () => {
  const rented = await rentTenant({ scenario: 'legacy-clients', people: 300 })
  const { world } = rented.tenant
  const modern = ['Browser', 'Mobile Apps and Desktop clients']
  const services = new Set(world.people.filter((one) => one.kind === 'service').map((one) => one.id))
  const old = (log: Row[]) =>
    log.filter((row) => !modern.includes(row.clientAppUsed) && !services.has(row.userId))
  const before = old(await rows(rented, 0))
  expect(new Set(before.map(code))).toEqual(new Set([0]))
  expect(new Set(before.map((row) => row.clientAppUsed)).size).toBeGreaterThan(2)
  const users = [...new Set(before.map((row) => row.userId as string))]
  expect(users.some((id) => world.person(id).displayName.startsWith('Printer'))).toBe(true)
  for (const id of users) world.setPerUserMfa(id, 'enforced')
  await rented.pass(2 * DAY)
  expect(new Set(old(await rows(rented, START + HOUR)).map(code))).toEqual(new Set([50076]))
})

test('half-done: half are in the group, under an enabled policy that nobody marked', async () => {
  const { tenant, all } = await rentTenant({ scenario: 'half-done', people: 400 })
  const { world } = tenant
  const inside = world.members('MFA required')
  const members = world.people.filter((one) => one.kind === 'member')
  expect(inside.length).toBeGreaterThan(members.length * 0.3)
  expect(inside.length).toBeLessThan(members.length * 0.6)
  expect(inside).not.toContain(world.person('test.user@contoso.com').id)
  const policy = world.policies.find((one) => one.displayName === 'Require MFA (wavegate)')
  expect(policy).toMatchObject({
    state: 'enabled',
    description: expect.not.stringContaining('[wavegate:'),
    conditions: { users: { includeGroups: [world.group('MFA required').id] } },
  })
  const others = members.filter((one) => !inside.includes(one.id) && one.perUserMfa === 'enforced')
  expect(others.length).toBeGreaterThan(20)
  const log: Row[] = await all('/v1.0/auditLogs/signIns')
  const proven = log.filter((row) =>
    row.appliedConditionalAccessPolicies.some(
      (one: Row) => one.id === policy?.id && one.result === 'success',
    ),
  )
  expect(proven.length).toBeGreaterThan(100)
})

test('other-policy: another hand blocks a department, for a while', async () => {
  const rented = await rentTenant({ scenario: 'other-policy', people: 400 })
  await rented.pass(11 * DAY)
  const [on, off] = await rented.journal()
  expect(on).toMatchObject({
    actor: 'other',
    at: iso(MIDNIGHT + 3 * DAY + 9 * HOUR),
    after: { state: 'enabled' },
  })
  expect(off).toMatchObject({
    actor: 'other',
    at: iso(MIDNIGHT + 7 * DAY + 9 * HOUR),
    after: { state: 'disabled' },
  })
  const blocked = (await rows(rented, START)).filter((row) => code(row) === 53003)
  expect(blocked.length).toBeGreaterThan(5)
  for (const row of blocked) {
    expect(rented.tenant.world.person(row.userId).department).toBe('Logistics')
    const failed = row.appliedConditionalAccessPolicies.filter((one: Row) => one.result === 'failure')
    expect(failed.map((one: Row) => one.id)).toEqual([on.after.id])
  }
  expect(blocked.every((row) => row.createdDateTime < iso(MIDNIGHT + 7 * DAY + 11 * HOUR))).toBe(true)
})
