import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { simulatedClock } from '../../src/clock/simulated-clock.ts'
import { createGraph } from '../../src/graph/client.ts'
import { createDirectory, type Directory } from '../../src/graph/directory/directory.ts'
import { graphError, type Reply, startWire, type Wire } from './wire.ts'

const start = Date.UTC(2027, 0, 4, 8)
const ask = { lane: 'scan' } as const
const id = '11111111-1111-4111-8111-111111111111'

let wire: Wire
let directory: Directory

beforeAll(async () => {
  wire = await startWire()
})
afterAll(() => wire.close())

beforeEach(() => {
  wire.seen = []
  const credential = { tenantId: 'tenant-1', clientId: 'app-1', clientSecret: 's', authorityHost: wire.base }
  const clock = simulatedClock({ start })
  const customHosts = new Set(['127.0.0.1'])
  directory = createDirectory(createGraph({ clock, baseUrl: wire.base, credential, customHosts }))
})

function page(from: number, to: number, next?: string): Reply {
  const value = Array.from({ length: to - from }, (_, i) => ({
    id: `u-${from + i}`,
    userPrincipalName: `u${from + i}@contoso.com`,
    displayName: null,
    accountEnabled: true,
    userType: 'Member',
    department: 'Sales',
    mail: null,
  }))
  return {
    status: 200,
    body: { value, ...(next && { '@odata.nextLink': `${wire.base}/v1.0/users?${next}` }) },
  }
}

const link = (token: string) => `$select=id,mail&$top=999&$skiptoken=${token}`

test('people come from all pages, each next page asked for exactly as Graph named it', async () => {
  wire.answers(page(0, 999, link('a+b%3D=')), page(999, 1_998, link("m~('x')")), page(1_998, 2_345))
  const users = await directory.listUsers(ask)
  expect(users).toHaveLength(2_345)
  expect(new Set(users.map((user) => user.id)).size).toBe(2_345)
  expect(wire.seen[0]?.url).toMatch(/^\/v1\.0\/users\?\$select=id%2CuserPrincipalName%2C.*&\$top=999$/)
  expect(wire.seen.slice(1).map((seen) => decodeURIComponent(seen.url.split('skiptoken=')[1] ?? ''))).toEqual(
    ['a+b==', "m~('x')"],
  )
  expect(wire.seen[1]?.url).toContain('$skiptoken=a+b%3D=')
})

test('managers come with the people only where they are asked for, by object id', async () => {
  const [one, other] = ['a', 'b'].map((who) => ({ id: who, userPrincipalName: `${who}@contoso.com` }))
  wire.answers({ status: 200, body: { value: [{ ...one, manager: { id: 'b' } }, other] } })
  const users = await directory.listUsers(ask, { withManagers: true })
  expect(users.map(({ id: who, manager }) => [who, manager?.id])).toEqual([
    ['a', 'b'],
    ['b', undefined],
  ])
  expect(wire.seen[0]?.url).toContain('&$expand=manager(%24select%3Did)&')
})

test('the state of some people is read fifteen a call, and of nobody by no call', async () => {
  wire.answers(page(0, 15), page(15, 16))
  const found = await directory.readUserStates(
    Array.from({ length: 16 }, (_, index) => `u-${index}`),
    ask,
  )
  expect(found).toHaveLength(16)
  expect(wire.seen.map((seen) => decodeURIComponent(seen.url).split('$filter=')[1])).toEqual([
    expect.stringMatching(/^id in \('u-0'(,'u-\d+'){14}\)$/),
    "id in ('u-15')",
  ])
  expect(await directory.readUserStates([], ask)).toEqual([])
})

test('a page that fails fails the whole list', async () => {
  const failing: [Reply, string][] = [
    [graphError(404, 'Request_ResourceNotFound'), 'notFound'],
    [graphError(500, ''), 'unavailable'],
    [{ status: 200 }, 'unreadable'],
    [{ status: 200, body: {} }, 'unreadable'],
  ]
  for (const [reply, kind] of failing) {
    wire.answers(page(0, 999, link('x')), reply)
    await expect(directory.listUsers(ask)).rejects.toMatchObject({ kind })
  }
})

test('a page that names itself as the next one is no endless list', async () => {
  wire.answers(page(0, 1, link('x')), page(1, 2, link('x')))
  await expect(directory.listUsers(ask)).rejects.toMatchObject({ kind: 'unreadable' })
})

test('a guest is read by the name with # in it', async () => {
  wire.answers(page(0, 1))
  await directory.readUser('ann_fabrikam.com#EXT#@contoso.com', ask).catch(() => {})
  expect(wire.seen[0]?.url).toMatch(/^\/v1\.0\/users\/ann_fabrikam\.com%23EXT%23%40contoso\.com\?/)
  await expect(directory.readUser('', ask)).rejects.toThrow(RangeError)
  expect(wire.seen).toHaveLength(1)
})

const group = { id, displayName: "Sales' group", description: null, groupTypes: [], securityEnabled: true }

test('a group is one, none or many; its name is quoted', async () => {
  wire.answers({ status: 200, body: { value: [group] } })
  expect(await directory.resolveGroup("Sales' group", ask)).toMatchObject({ found: 'one', group: { id } })
  expect(decodeURIComponent(wire.seen[0]?.url ?? '')).toContain("$filter=displayName eq 'Sales'' group'")
  wire.answers({ status: 200, body: { value: [] } })
  expect(await directory.resolveGroup('x', ask)).toEqual({ found: 'none' })
  wire.answers({ status: 200, body: { value: [group, { ...group, id: 'other' }] } })
  expect(await directory.resolveGroup('x', ask)).toMatchObject({
    found: 'many',
    groups: [{ id }, { id: 'other' }],
  })
  wire.answers(graphError(404, 'Request_ResourceNotFound'))
  expect(await directory.resolveGroup(id, ask)).toEqual({ found: 'none' })
  wire.answers({ status: 200, body: {} })
  await expect(directory.resolveGroup(id, ask)).rejects.toMatchObject({ kind: 'unreadable' })
})

test('members are users, groups and others; whoever has no type makes the list unreadable', async () => {
  const of = (type: string, member: string) => ({ '@odata.type': `#microsoft.graph.${type}`, id: member })
  wire.answers({ status: 200, body: { value: [of('user', 'u'), of('group', 'g'), of('device', 'd')] } })
  expect(await directory.listMembers(id, ask)).toEqual([
    { id: 'u', type: 'user' },
    { id: 'g', type: 'group' },
    { id: 'd', type: 'other' },
  ])
  expect(await directory.listTransitiveUsers(id, ask)).toEqual(['u'])
  expect(wire.seen[1]?.url).toBe(`/v1.0/groups/${id}/transitiveMembers?$select=id&$top=999`)
  wire.answers({ status: 200, body: { value: [{ id: 'u' }] } })
  await expect(directory.listMembers(id, ask)).rejects.toMatchObject({ kind: 'unreadable' })
})

test('up to twenty people join in one call, and the receipt has the ids of the call', async () => {
  wire.answers({ status: 204, headers: { 'request-id': 'r-7' } })
  const receipt = await directory.addMembers(id, ['a', 'b'], { lane: 'change' })
  expect(wire.seen[0]).toMatchObject({ method: 'PATCH', url: `/v1.0/groups/${id}` })
  expect(JSON.parse(wire.seen[0]?.body ?? '')).toEqual({
    'members@odata.bind': [`${wire.base}/v1.0/directoryObjects/a`, `${wire.base}/v1.0/directoryObjects/b`],
  })
  expect(receipt).toMatchObject({
    requestId: 'r-7',
    clientRequestId: wire.seen[0]?.headers['client-request-id'],
  })
  await expect(directory.addMembers(id, [], { lane: 'change' })).rejects.toThrow(RangeError)
  await expect(directory.addMembers(id, Array(21).fill('a'), { lane: 'change' })).rejects.toThrow(RangeError)
  expect(wire.seen).toHaveLength(1)
})

test('leaving a group never deletes the person: the path ends in $ref whatever the ids are', async () => {
  wire.answers({ status: 204 })
  for (const person of ['a', '#', '?x', 'a/b']) await directory.removeMember(id, person, { lane: 'restore' })
  expect(wire.seen.map((seen) => [seen.method, seen.url])).toEqual(
    ['a', '%23', '%3Fx', 'a%2Fb'].map((person) => ['DELETE', `/v1.0/groups/${id}/members/${person}/$ref`]),
  )
  for (const nobody of ['', '.', '..']) {
    await expect(directory.removeMember(id, nobody, { lane: 'restore' })).rejects.toThrow(RangeError)
  }
  expect(wire.seen).toHaveLength(4)
})

test('a policy of another keeps all that we do not know of', async () => {
  const policy = {
    id: 'p-1',
    displayName: 'Block legacy',
    state: 'enabled',
    conditions: {
      users: { includeUsers: ['All'], excludeGuestsOrExternalUsers: { x: 1 } },
      signInRiskLevels: [],
    },
    grantControls: null,
    sessionControls: { signInFrequency: { value: 4 } },
  }
  wire.answers({ status: 200, body: policy })
  expect(await directory.readPolicy('p-1', ask)).toEqual(policy)
  wire.answers({ status: 204 })
  await directory.setPolicyState('p-1', 'enabledForReportingButNotEnforced', { lane: 'disarm' })
  expect(JSON.parse(wire.seen[1]?.body ?? '')).toEqual({ state: 'enabledForReportingButNotEnforced' })
})

test('a policy whose making was answered unreadably may exist', async () => {
  const body = { displayName: 'x', state: 'disabled' as const, conditions: {}, grantControls: null }
  wire.answers({ status: 201, body: {} })
  await expect(directory.createPolicy(body, { lane: 'change' })).rejects.toMatchObject({
    kind: 'unknownEffect',
  })
})

test('sign-ins come page by page for a window, and a failing page ends the loop with its error', async () => {
  const row = {
    id: 's-1',
    createdDateTime: '2027-01-04T07:00:00.1234567Z',
    userId: 'u-1',
    status: { errorCode: 50076, failureReason: 'x', additionalDetails: null },
    appliedConditionalAccessPolicies: [
      { id: 'p-1', displayName: 'MFA', result: 'failure', enforcedGrantControls: [] },
    ],
    deviceDetail: { browser: 'x' },
  }
  const next = { '@odata.nextLink': `${wire.base}/v1.0/auditLogs/signIns?$skiptoken=2` }
  wire.answers(
    { status: 200, body: { value: [row], ...next } },
    graphError(403, 'Authorization_RequestDenied'),
  )
  const rows: unknown[] = []
  const loop = async () => {
    for await (const some of directory.listSignIns({ from: start - 3_600_000, to: start }, ask))
      rows.push(...some)
  }
  await expect(loop()).rejects.toMatchObject({ kind: 'forbidden' })
  expect(rows).toEqual([
    expect.objectContaining({
      id: 's-1',
      status: { errorCode: 50076, failureReason: 'x', additionalDetails: null },
      appliedConditionalAccessPolicies: [
        { id: 'p-1', displayName: 'MFA', result: 'failure', enforcedGrantControls: [] },
      ],
    }),
  ])
  expect(rows[0]).not.toHaveProperty('deviceDetail')
  expect(decodeURIComponent(wire.seen[0]?.url ?? '')).toBe(
    '/v1.0/auditLogs/signIns?$filter=createdDateTime ge 2027-01-04T07:00:00.000Z and createdDateTime le 2027-01-04T08:00:00.000Z&$top=1000',
  )
})

test('P1 comes with P2 and with bundles; suspended subscriptions do not count', async () => {
  const sku = (plan: string, enabled: number, capabilityStatus = 'Enabled') => ({
    capabilityStatus,
    prepaidUnits: { enabled },
    servicePlans: [{ servicePlanId: 'x' }, { servicePlanId: plan }],
  })
  const p1 = '41781fb2-bc02-4b7c-bd55-b576c07bb09d'
  const p2 = 'eec0eb4f-6444-4f95-aba0-50c24d67f998'
  wire.answers({ status: 200, body: { value: [sku(p1, 100), sku(p2, 5, 'Suspended')] } })
  expect(await directory.readLicences(ask)).toEqual({ p1: true, p2: false, seats: 100, p2Seats: 0 })
  wire.answers({ status: 200, body: { value: [sku(p2, 5), sku('y', 9)] } })
  expect(await directory.readLicences(ask)).toEqual({ p1: true, p2: true, seats: 5, p2Seats: 5 })
  wire.answers({ status: 200, body: { value: [] } })
  expect(await directory.readLicences(ask)).toEqual({ p1: false, p2: false, seats: 0, p2Seats: 0 })
})

test('security defaults and registrations that do not say are unreadable, not off', async () => {
  wire.answers({ status: 200, body: {} })
  await expect(directory.readSecurityDefaults(ask)).rejects.toMatchObject({ kind: 'unreadable' })
  wire.answers({ status: 200, body: { value: [{ id: 'u', userPrincipalName: 'u@contoso.com' }] } })
  await expect(directory.listRegistrations(ask)).rejects.toMatchObject({ kind: 'unreadable' })
})
