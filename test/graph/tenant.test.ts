import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type SimulatedClock, simulatedClock } from '../../src/clock/simulated-clock.ts'
import { startTenant, type Tenant } from '../../src/emulator/tenant.ts'
import { createGraph } from '../../src/graph/client.ts'
import { createDirectory, type Directory } from '../../src/graph/directory/directory.ts'
import type { SignIn } from '../../src/graph/directory/reports.ts'
import { isFailure } from '../../src/graph/errors.ts'
import { createLimiter, type Limiter } from '../../src/graph/limiter.ts'
import { trust } from '../trust.ts'

const start = Date.UTC(2027, 0, 4, 8)
const scan = { lane: 'scan' } as const
const change = { lane: 'change' } as const
const settled = 2 * 60_000

let clock: SimulatedClock
let tenant: Tenant
let directory: Directory
let refused = 0

beforeAll(async () => {
  clock = simulatedClock({ start })
  tenant = await startTenant({ clock, people: 2_345, seed: 7 })
  trust(tenant.ca)
})
afterAll(async () => {
  await tenant.close()
  clock.stop()
})

beforeEach(() => {
  tenant.clearFaults()
  refused = 0
  directory = createDirectory(
    createGraph({
      clock,
      limiter: counting(createLimiter({ clock })),
      baseUrl: tenant.tenant,
      customHosts: new Set([new URL(tenant.tenant).hostname]),
      credential: { ...tenant, authorityHost: tenant.authority },
    }),
  )
})

function counting(limiter: Limiter): Limiter {
  return {
    ...limiter,
    throttled(permit, retryAfter) {
      refused++
      limiter.throttled(permit, retryAfter)
    },
  }
}

const groupId = (name: string) => tenant.world.group(name).id
const empty = () => groupId('MFA required')
const someone = (from: number, to: number) => tenant.world.people.slice(from, to).map((person) => person.id)

test('everybody in a tenant of 2,345 is listed once, over three pages', async () => {
  const users = await directory.listUsers(scan)
  expect(new Set(users.map((user) => user.id))).toEqual(
    new Set(tenant.world.people.map((person) => person.id)),
  )
  expect(users).toHaveLength(tenant.world.people.length)
  expect(users.length).toBeGreaterThan(2_000)
})

test('a third page that fails leaves no list of two', async () => {
  tenant.addFault({ path: 'users\\?', after: 2, do: { kind: 'empty' } })
  await expect(directory.listUsers(scan)).rejects.toMatchObject({ kind: 'unreadable' })
  tenant.clearFaults()
  tenant.addFault({ path: 'users\\?', after: 2, times: 2, do: { kind: 'resetBefore' } })
  expect(await directory.listUsers(scan)).toHaveLength(tenant.world.people.length)
})

test('a person is read by id and by name; a guest has # in it; nobody is notFound', async () => {
  const guest = tenant.world.people.find((person) => person.userPrincipalName.includes('#'))
  expect(guest).toBeDefined()
  const read = await directory.readUser(guest?.userPrincipalName ?? '', scan)
  expect(read).toEqual(await directory.readUser(guest?.id ?? '', scan))
  expect(read.userType).toBe('Guest')
  const nobody = directory.readUser('nobody@contoso.com', scan)
  await expect(nobody).rejects.toMatchObject({
    kind: 'notFound',
    status: 404,
    code: 'Request_ResourceNotFound',
  })
})

test('groups: by name, by id, unknown, ambiguous; nested ones name their parents', async () => {
  const one = await directory.resolveGroup('IT department', scan)
  expect(one).toMatchObject({
    found: 'one',
    group: { securityEnabled: true, groupTypes: [], membershipRule: null },
  })
  expect(await directory.resolveGroup(groupId('IT department'), scan)).toEqual(one)
  expect(await directory.resolveGroup('No such group', scan)).toEqual({ found: 'none' })
  expect(await directory.resolveGroup(crypto.randomUUID(), scan)).toEqual({ found: 'none' })
  expect(await directory.resolveGroup('Duplicated group', scan)).toMatchObject({
    found: 'many',
    groups: [{}, {}],
  })
  expect(await directory.resolveGroup('All guests', scan)).toMatchObject({
    group: { groupTypes: ['DynamicMembership'], membershipRule: expect.stringContaining('Guest') },
  })
  expect(await directory.resolveGroup('Finance (on-premises)', scan)).toMatchObject({
    group: { onPremisesSyncEnabled: true },
  })
  expect(await directory.resolveGroup('Help desk operators', scan)).toMatchObject({
    group: { isAssignableToRole: true },
  })
  const parents = await directory.parentGroups(groupId('IT service desk'), scan)
  expect(parents).toEqual([{ id: groupId('IT department'), displayName: 'IT department' }])
  expect(await directory.parentGroups(groupId('IT department'), scan)).toEqual([])
})

test('members are direct, or everybody within', async () => {
  const direct = await directory.listMembers(groupId('IT department'), scan)
  const desk = await directory.listMembers(groupId('IT service desk'), scan)
  expect(direct.filter((member) => member.type === 'group')).toEqual([
    { id: groupId('IT service desk'), type: 'group' },
  ])
  const within = await directory.listTransitiveUsers(groupId('IT department'), scan)
  const users = [...direct, ...desk].filter((member) => member.type === 'user').map((member) => member.id)
  expect(new Set(within)).toEqual(new Set(users))
  const staff = await directory.listMembers(groupId('All staff'), scan)
  expect(staff.map((member) => member.id).sort()).toEqual(tenant.world.members('All staff').sort())
})

test('forty leave in two requests; who is no member says so for themselves alone', async () => {
  const group = groupId('MFA required')
  const forty = someone(100, 140)
  await directory.addMembers(group, forty.slice(0, 20), change)
  await directory.addMembers(group, forty.slice(20), change)
  const stranger = someone(200, 201)[0] as string
  const left = await directory.removeMembers(group, [...forty, stranger], { lane: 'restore' })
  expect(left.get(stranger)).toMatchObject({ kind: 'notMember' })
  const ids = forty.map((id) => left.get(id)?.clientRequestId)
  expect(tenant.world.members('MFA required')).toEqual([])
  const removed = tenant.world.journal.entries.slice(-40).map(({ requestId }) => requestId)
  expect(removed.sort()).toEqual(ids.sort())
})

test('twenty join at once or nobody does; leaving twice says so; the ids are in the journal', async () => {
  const twenty = someone(0, 20)
  const receipt = await directory.addMembers(empty(), twenty, change)
  expect(tenant.world.members('MFA required').sort()).toEqual([...twenty].sort())
  expect(tenant.world.journal.entries.at(-1)).toMatchObject({ requestId: receipt.clientRequestId })
  await expect(directory.addMembers(empty(), someone(19, 25), change)).rejects.toMatchObject({
    kind: 'alreadyExists',
  })
  const unknown = directory.addMembers(empty(), [...someone(30, 35), crypto.randomUUID()], change)
  await expect(unknown).rejects.toMatchObject({ kind: 'notFound' })
  expect(tenant.world.members('MFA required')).toHaveLength(20)
  for (const id of twenty) await directory.removeMember(empty(), id, { lane: 'restore' })
  expect(tenant.world.members('MFA required')).toEqual([])
  const again = directory.removeMember(empty(), twenty[0] ?? '', { lane: 'restore' })
  await expect(again).rejects.toMatchObject({ kind: 'notMember' })
  await clock.sleep(settled)
  expect(await directory.listMembers(empty(), scan)).toEqual([])
})

test('a connection broken before and after a change looks the same: unknown, and sent once', async () => {
  const [before = '', after = '', failed = ''] = someone(40, 43)
  tenant.addFault({ method: 'PATCH', times: 1, do: { kind: 'resetBefore' } })
  await expect(directory.addMembers(empty(), [before], change)).rejects.toMatchObject({
    kind: 'unknownEffect',
  })
  expect(tenant.world.members('MFA required')).toEqual([])
  tenant.addFault({ method: 'PATCH', times: 1, do: { kind: 'resetAfter' } })
  await expect(directory.addMembers(empty(), [after], change)).rejects.toMatchObject({
    kind: 'unknownEffect',
  })
  expect(tenant.world.members('MFA required')).toEqual([after])
  tenant.addFault({ method: 'DELETE', times: 1, do: { kind: 'status', status: 500 } })
  await expect(directory.removeMember(empty(), failed, change)).rejects.toMatchObject({
    kind: 'unknownEffect',
    status: 500,
  })
  await directory.removeMember(empty(), after, change)
})

test('401 once: a fresh token and on; a permission taken away is named; no licence is no lack of permission', async () => {
  tenant.addFault({ times: 1, do: { kind: 'status', status: 401, code: 'InvalidAuthenticationToken' } })
  await directory.readSecurityDefaults(scan)
  tenant.world.permissions.delete('GroupMember.ReadWrite.All')
  await expect(directory.addMembers(empty(), someone(0, 1), change)).rejects.toMatchObject({
    kind: 'forbidden',
    code: 'Authorization_RequestDenied',
    permission: 'GroupMember.ReadWrite.All',
  })
  tenant.world.permissions.add('GroupMember.ReadWrite.All')
  tenant.world.setPremium(false)
  await expect(directory.listRegistrations(scan)).rejects.toMatchObject({ kind: 'licence' })
  await expect(directory.listSignIns({ from: start, to: start }, scan).next()).rejects.toMatchObject({
    kind: 'licence',
  })
  expect((await directory.readLicences(scan)).p1).toBe(false)
  tenant.world.setPremium(true)
  expect(await directory.readLicences(scan)).toMatchObject({ p1: true, seats: expect.any(Number) })
})

test('a wrong secret is unauthenticated', async () => {
  const credential = { ...tenant, clientSecret: 'wrong', authorityHost: tenant.authority }
  const graph = createGraph({
    clock,
    baseUrl: tenant.tenant,
    customHosts: new Set(['localhost']),
    credential,
  })
  const failed = createDirectory(graph).readSecurityDefaults(scan)
  await expect(failed).rejects.toMatchObject({
    kind: 'unauthenticated',
    code: expect.stringMatching(/^AADSTS\d+$/),
  })
})

test('429 with and without Retry-After is waited out, and the change is made once', async () => {
  const [person = ''] = someone(50, 51)
  const status = { kind: 'status', status: 429, code: 'TooManyRequests' } as const
  tenant.addFault({ method: 'PATCH', times: 2, do: { ...status, headers: { 'Retry-After': '11' } } })
  const asked = clock.now()
  await directory.addMembers(empty(), [person], change)
  expect(clock.now() - asked).toBe(22_000)
  tenant.addFault({ method: 'DELETE', times: 3, do: status })
  await directory.removeMember(empty(), person, change)
  expect(clock.now() - asked).toBeGreaterThan(22_000 + 5_000)
  expect(refused).toBe(5)
  expect(tenant.world.members('MFA required')).toEqual([])
})

test('1,000 group writes without a single 429, and more of them than the tenant would take at once', async () => {
  await clock.sleep(150_000)
  const people = someone(0, 1_300)
  const asked = clock.now()
  await Promise.all(people.map((id) => directory.addMembers(empty(), [id], change)))
  expect(clock.now()).toBe(asked)
  await Promise.all(people.map((id) => directory.removeMember(empty(), id, { lane: 'restore' })))
  expect(clock.now() - asked).toBe(150_000)
  expect(refused).toBe(0)
  expect(tenant.world.members('MFA required')).toEqual([])
})

test('a policy is made report-only, switched, read back and deleted; one call in 1.25 s, never a 429', async () => {
  const asked = clock.now()
  const { policy } = await directory.createPolicy(
    {
      displayName: 'Require MFA (wavegate)',
      state: 'enabledForReportingButNotEnforced',
      conditions: {
        clientAppTypes: ['all'],
        applications: { includeApplications: ['All'] },
        users: { includeGroups: [empty()] },
      },
      grantControls: { operator: 'OR', builtInControls: ['mfa'] },
    },
    change,
  )
  await clock.sleep(settled)
  expect(await directory.readPolicy(policy.id, scan)).toMatchObject({
    id: policy.id,
    state: 'enabledForReportingButNotEnforced',
  })
  await directory.setPolicyState(policy.id, 'enabled', change)
  await directory.setPolicyState(policy.id, 'disabled', { lane: 'disarm' })
  await directory.patchPolicy(policy.id, { displayName: 'Renamed' }, change)
  await clock.sleep(settled)
  const policies = await directory.listPolicies(scan)
  expect(policies.find((one) => one.id === policy.id)).toMatchObject({
    state: 'disabled',
    displayName: 'Renamed',
  })
  expect(policies.length).toBeGreaterThan(1)
  tenant.world.setSecurityDefaults(true)
  expect(await directory.readSecurityDefaults(scan)).toEqual({ isEnabled: true })
  await expect(directory.setPolicyState(policy.id, 'enabled', change)).rejects.toMatchObject({
    kind: 'badRequest',
  })
  tenant.world.setSecurityDefaults(false)
  await directory.deletePolicy(policy.id, change)
  await clock.sleep(settled)
  await expect(directory.readPolicy(policy.id, scan)).rejects.toMatchObject({ kind: 'notFound' })
  const before = clock.now()
  await Promise.all(Array.from({ length: 8 }, () => directory.readPolicy(policy.id, scan).catch(() => {})))
  expect(clock.now() - before).toBeGreaterThanOrEqual(7 * 1_250)
  expect(refused).toBe(0)
  expect(before).toBeGreaterThan(asked)
})

test('the registration report has a row for everybody, and says who is an administrator', async () => {
  const rows = await directory.listRegistrations(scan)
  const ids = new Set(rows.map((row) => row.id))
  expect(ids.size).toBe(rows.length)
  expect(rows.length).toBeGreaterThan(2_000)
  expect(rows.some((row) => row.isAdmin)).toBe(true)
  expect(rows.some((row) => row.isMfaCapable)).toBe(true)
  expect(refused).toBe(0)
})

test('sign-ins of a window: nothing outside of it, and every row has its verdict of each policy', async () => {
  const to = clock.now() - 3 * 3_600_000
  const from = to - 24 * 3_600_000
  const rows: SignIn[] = []
  for await (const page of directory.listSignIns({ from, to }, scan)) rows.push(...page)
  expect(rows.length).toBeGreaterThan(100)
  for (const row of rows) {
    expect(Date.parse(row.createdDateTime)).toBeGreaterThanOrEqual(from)
    expect(Date.parse(row.createdDateTime)).toBeLessThanOrEqual(to)
  }
  expect(rows.some((row) => row.appliedConditionalAccessPolicies?.some((policy) => policy.id))).toBe(true)
  expect(refused).toBe(0)
})

test('a slow answer is waited for; a call that was called off in the queue was never sent', async () => {
  tenant.addFault({ times: 1, do: { kind: 'delay', ms: 50 } })
  await directory.readSecurityDefaults(scan)
  const changes = tenant.world.journal.entries.length
  const stopped = directory.addMembers(empty(), someone(0, 1), {
    ...change,
    signal: AbortSignal.abort(new Error('off')),
  })
  await expect(stopped).rejects.toThrow('off')
  expect(tenant.world.journal.entries).toHaveLength(changes)
  expect(await stopped.catch((error) => isFailure(error, 'unknownEffect'))).toBe(false)
})
