import { expect, test } from 'vitest'
import { DAY, HOUR, mfaPolicy, type RentedTenant, rentTenant, START } from './rented-tenant.ts'

// biome-ignore lint/suspicious/noExplicitAny: rows of Graph as they come
type Row = any

const POLICIES = '/v1.0/identity/conditionalAccess/policies'
const PHISHING_RESISTANT = '00000000-0000-0000-0000-000000000004'

/** Lets a policy of another hand live for three days; answers with what the log says of it afterwards. */
async function live(
  rented: RentedTenant,
  more: { state?: string; conditions?: object; [more: string]: unknown },
) {
  const body = mfaPolicy(rented.tenant.world.group('All staff').id, more.state)
  const conditions = { ...body.conditions, ...more.conditions }
  const id = rented.tenant.world.createPolicy({ ...body, ...more, conditions } as never)
  await rented.pass(3 * DAY)
  const since = new Date(START + 2 * HOUR).toISOString()
  const rows: Row[] = await rented.all(`/v1.0/auditLogs/signIns?$filter=createdDateTime ge ${since}`)
  const staff = rows.filter((row) => row.userId && rented.tenant.world.person(row.userId).kind === 'member')
  return staff.map((row) => {
    const line = row.appliedConditionalAccessPolicies.find((one: Row) => one.id === id)
    return { row, line, result: line?.result as string, code: row.status.errorCode as number }
  })
}

test('nobody is asked at a trusted place, and everybody elsewhere', async () => {
  const rented = await rentTenant({ people: 200 })
  const log = await live(rented, {
    conditions: { locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] } },
  })
  const decided = log.filter((one) => one.line && one.code === 0)
  const trusted = decided.filter((one) => one.row.ipAddress.startsWith('203.0.113.'))
  const elsewhere = decided.filter((one) => !one.row.ipAddress.startsWith('203.0.113.'))
  expect(new Set(trusted.map((one) => one.result))).toEqual(new Set(['notApplied']))
  expect(new Set(elsewhere.map((one) => one.result))).toEqual(new Set(['success']))
})

test('places are named by id, by address and by country', async () => {
  const rented = await rentTenant({ people: 200 })
  const found = (await rented.graph('/v1.0/identity/conditionalAccess/namedLocations')).body.value
  const [hq, branches, countries] = found
  expect(found.map((one: Row) => one.displayName)).toEqual(['HQ', 'Branch offices', 'Where we work'])
  expect(hq).toMatchObject({ '@odata.type': '#microsoft.graph.ipNamedLocation', isTrusted: true })
  const log = await live(rented, {
    conditions: { locations: { includeLocations: [branches.id], excludeLocations: [hq.id] } },
  })
  const applied = log.filter((one) => one.result === 'success' || one.result === 'failure')
  expect(applied.length).toBeGreaterThan(10)
  expect(applied.every((one) => /^(198\.51\.100|192\.0\.2)\./.test(one.row.ipAddress))).toBe(true)
  const others = await rentTenant({ people: 100 })
  const abroad = await live(others, {
    conditions: { locations: { includeLocations: ['All'], excludeLocations: [countries.id] } },
  })
  expect(new Set(abroad.map((one) => one.result))).toEqual(new Set([undefined, 'notApplied']))
})

test('a location is created, changed, protected while in use, and deleted', async () => {
  const rented = await rentTenant()
  const path = '/v1.0/identity/conditionalAccess/namedLocations'
  const send = async (method: string, where: string, body?: object) => {
    await rented.pass(1000)
    return rented.graph(where, { method, body })
  }
  const typed = { '@odata.type': '#microsoft.graph.ipNamedLocation' }
  const range = { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '198.18.0.0/16' }
  const created = await send('POST', path, {
    ...typed,
    displayName: 'Homes',
    isTrusted: true,
    ipRanges: [range],
  })
  expect(created.status).toBe(201)
  const { id } = created.body
  expect((await send('PATCH', `${path}/${id}`, { ...typed, isTrusted: false })).status).toBe(204)
  expect((await send('PATCH', `${path}/${id}`, { isTrusted: false })).status).toBe(400)
  expect((await send('GET', `${path}/${id}`)).body).toMatchObject({ displayName: 'Homes', isTrusted: false })
  expect((await send('POST', path, { ...typed, displayName: 'Bad', ipRanges: [] })).status).toBe(400)
  const policy = mfaPolicy(rented.tenant.world.group('MFA required').id)
  const conditions = {
    ...policy.conditions,
    locations: { includeLocations: ['All'], excludeLocations: [id] },
  }
  const using = (await send('POST', POLICIES, { ...policy, conditions })).body.id
  expect((await send('DELETE', `${path}/${id}`)).status).toBe(400)
  await send('DELETE', `${POLICIES}/${using}`)
  expect((await send('DELETE', `${path}/${id}`)).status).toBe(204)
  expect((await send('GET', `${path}/${id}`)).status).toBe(404)
  conditions.locations.excludeLocations = ['11111111-2222-4333-8444-555555555555']
  expect((await send('POST', POLICIES, { ...policy, conditions })).status).toBe(400)
})

test('the built-in strengths are there; a policy that names one reads back whole', async () => {
  const { graph, tenant, pass } = await rentTenant()
  const strengths = (await graph('/v1.0/policies/authenticationStrengthPolicies')).body.value
  expect(strengths.map((one: Row) => one.displayName)).toEqual([
    'Multifactor authentication',
    'Passwordless MFA',
    'Phishing-resistant MFA',
  ])
  const policy = mfaPolicy(tenant.world.group('MFA required').id)
  const asking = (id: string) => ({
    method: 'POST',
    body: { ...policy, grantControls: { operator: 'OR', authenticationStrength: { id } } },
  })
  const created = await graph(POLICIES, asking(PHISHING_RESISTANT))
  expect(created.body.grantControls.authenticationStrength.displayName).toBe('Phishing-resistant MFA')
  await pass(1000)
  expect((await graph(POLICIES, asking('00000000-0000-0000-0000-000000000009'))).status).toBe(400)
})

test('a strength lets in only those whose methods satisfy it', async () => {
  const rented = await rentTenant({ people: 300 })
  const grantControls = { operator: 'OR', authenticationStrength: { id: PHISHING_RESISTANT } }
  const log = await live(rented, { grantControls })
  const strong = (row: Row) =>
    rented.tenant.world
      .person(row.userId)
      .methods.lines.at(-1)
      ?.value.some((method) => /^(passKey|windowsHello)/.test(method)) === true
  const asked = log.filter((one) => ['success', 'failure'].includes(one.result))
  const inside = asked.filter((one) => one.code === 0)
  expect(inside.length).toBeGreaterThan(3)
  expect(inside.every((one) => strong(one.row))).toBe(true)
  const weak = asked.filter((one) => !strong(one.row))
  expect(new Set(weak.map((one) => one.result))).toEqual(new Set(['failure']))
  expect(weak.some((one) => one.code === 500121)).toBe(true)
})

test('report-only tells success, interruption, failure and what does not apply', async () => {
  const state = 'enabledForReportingButNotEnforced'
  const results = async (more: object) => {
    const rented = await rentTenant({ people: 200 })
    const log = await live(rented, { state, ...more })
    return new Set(log.filter((one) => one.code === 0).map((one) => one.result))
  }
  const away = { locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] } }
  expect(await results({ conditions: away })).toEqual(
    new Set(['reportOnlySuccess', 'reportOnlyInterrupted', 'reportOnlyNotApplied']),
  )
  const strength = { operator: 'OR', authenticationStrength: { id: PHISHING_RESISTANT } }
  expect(await results({ grantControls: strength })).toContain('reportOnlyFailure')
  expect(await results({ grantControls: { operator: 'OR', builtInControls: ['block'] } })).toEqual(
    new Set(['reportOnlyFailure']),
  )
})

test('roles are included and excluded; a sign-in frequency is kept', async () => {
  const rented = await rentTenant({ people: 200 })
  const { world } = rented.tenant
  const holders = world.people.filter((one) => one.kind === 'member' && one.roles.length > 0)
  const roles = [...new Set(holders.flatMap((one) => one.roles))]
  const users = { includeGroups: [world.group('All staff').id], excludeRoles: roles }
  const signInFrequency = {
    isEnabled: true,
    type: 'days',
    value: 7,
    frequencyInterval: 'timeBased',
    authenticationType: 'primaryAndSecondaryAuthentication',
  }
  const log = await live(rented, { conditions: { users }, sessionControls: { signInFrequency } })
  const covered = log.filter((one) => one.result === 'success')
  expect(covered.length).toBeGreaterThan(10)
  expect(covered.some((one) => holders.some(({ id }) => id === one.row.userId))).toBe(false)
  expect(covered[0]?.line.enforcedSessionControls).toEqual(['SignInFrequency'])
  expect(world.policies.at(-1)?.sessionControls?.signInFrequency).toEqual(signInFrequency)
})

test('who is blocked by one policy fails that one', async () => {
  const rented = await rentTenant({ people: 100 })
  const log = await live(rented, { grantControls: { operator: 'OR', builtInControls: ['block'] } })
  const blocked = log.filter((one) => one.code === 53003)
  expect(blocked.length).toBeGreaterThan(10)
  expect(
    blocked.every((one) => one.result === 'failure' && one.row.conditionalAccessStatus === 'failure'),
  ).toBe(true)
})
