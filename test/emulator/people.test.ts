import { expect, test } from 'vitest'
import { DAY, MINUTE, rentTenant, START } from './rented-tenant.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of Graph as they come
type Body = any

const BIN = '/v1.0/directory/deletedItems'

test('people have managers, alone and in lists, without circles', async () => {
  const { graph, all, tenant } = await rentTenant({ people: 300 })
  const users: Body[] = await all('/v1.0/users?$select=id,department&$expand=manager($select=id)&$top=999')
  const managers = new Map(users.map((user) => [user.id, user.manager?.id]))
  const members = tenant.world.people.filter((one) => one.kind === 'member')
  expect(members.filter((one) => !managers.get(one.id))).toHaveLength(1)
  for (const { id } of members) {
    let [steps, at] = [0, id as string | undefined]
    while (at && steps++ < 10) at = managers.get(at)
    expect(steps).toBeLessThan(10)
  }
  const one = users.find((user) => user.manager)
  expect(Object.keys(one.manager).sort()).toEqual(['@odata.type', 'id'])
  const manager = (await graph(`/v1.0/users/${one.id}/manager?$select=id,displayName`)).body
  expect(manager.id).toBe(one.manager.id)
  const top = members.find((person) => !managers.get(person.id))?.id
  expect((await graph(`/v1.0/users/${top}/manager`)).status).toBe(404)
  expect((await graph(`/v1.0/users/${top}?$expand=directReports`)).status).toBe(400)
})

test('what a plan may select by is there', async () => {
  const { all, tenant } = await rentTenant({ people: 300 })
  const fields =
    'employeeType,officeLocation,usageLocation,onPremisesSyncEnabled,assignedPlans,createdDateTime'
  const path = `/v1.0/users?$select=${fields}&$filter=userType eq 'Member'&$top=999`
  const read = async () => (await all(path)) as Body[]
  const users = await read()
  expect(new Set(users.map((user) => user.employeeType))).toEqual(new Set(['Employee', 'Contractor', null]))
  expect(new Set(users.map((user) => user.onPremisesSyncEnabled))).toEqual(new Set([true, null]))
  expect(users.every((user) => user.officeLocation && /^[A-Z]{2}$/.test(user.usageLocation))).toBe(true)
  const plans = (list: Body[]) =>
    new Set(list.flatMap((user) => user.assignedPlans.map((one: Body) => one.servicePlanId)))
  expect(plans(users)).toContain('41781fb2-bc02-4b7c-bd55-b576c07bb09d')
  expect(plans(users)).not.toContain('eec0eb4f-6444-4f95-aba0-50c24d67f998')
  tenant.world.setPremiumP2(true)
  expect(plans(await read())).toContain('eec0eb4f-6444-4f95-aba0-50c24d67f998')
  const skus = await all('/v1.0/subscribedSkus')
  expect(skus.map((one) => one.skuPartNumber)).toEqual(['AAD_PREMIUM', 'AAD_PREMIUM_P2', 'ENTERPRISEPACK'])
})

test('roles are held by people, by a group, and for some hours', async () => {
  const { all, tenant, pass } = await rentTenant({ people: 400 })
  const { world } = tenant
  const roles = await all('/v1.0/directoryRoles')
  const assigned = await all('/v1.0/roleManagement/directory/roleAssignments')
  const desk = world.group('Help desk operators').id
  expect(assigned.map((one) => one.principalId)).toContain(desk)
  const helpDesk = roles.find((one) => one.displayName === 'Helpdesk Administrator')
  const members = await all(`/v1.0/directoryRoles/${helpDesk.id}/members`)
  expect(members.find((one) => one.id === desk)['@odata.type']).toBe('#microsoft.graph.group')
  tenant.world.setPremiumP2(true)
  const eligible = await all('/v1.0/roleManagement/directory/roleEligibilityScheduleInstances')
  expect(eligible.length).toBeGreaterThan(0)
  for (const { principalId } of eligible) expect(world.person(principalId).roles).toEqual([])
  const [person] = world.people.filter((one) => one.department === 'Finance' && !one.habit.away)
  world.addMember('Help desk operators', person?.id as string)
  const policy = {
    displayName: 'Roles',
    state: 'enabled',
    conditions: {
      clientAppTypes: ['all'],
      applications: { includeApplications: ['All'] },
      users: { includeRoles: [helpDesk.roleTemplateId] },
    },
    grantControls: { operator: 'OR', builtInControls: ['block'] },
  } as const
  world.createPolicy(policy as never)
  const filter = `principalId eq '${desk}' and roleDefinitionId eq '${helpDesk.roleTemplateId}'`
  expect(await all(`/v1.0/roleManagement/directory/roleAssignments?$filter=${filter}`)).toHaveLength(1)
  await pass(4 * DAY)
  const since = new Date(START + DAY).toISOString()
  const log = await all(
    `/v1.0/auditLogs/signIns?$filter=createdDateTime ge ${since} and userId eq '${person?.id}'`,
  )
  expect(new Set(log.map((row) => row.status.errorCode))).toEqual(new Set([53003]))
})

test('who was deleted lies in the bin under another name, and comes back with groups and days', async () => {
  const rented = await rentTenant({ people: 100 })
  const { graph, tenant, pass } = rented
  const { id, userPrincipalName } = tenant.world.person('test.user@contoso.com')
  tenant.world.deleteUser(id)
  await pass(2 * DAY)
  expect((await graph(`/v1.0/users/${id}`)).status).toBe(404)
  const [binned] = (await graph(`${BIN}/microsoft.graph.user`)).body.value
  expect(binned).toMatchObject({
    id,
    userPrincipalName: id.replaceAll('-', '') + userPrincipalName,
    deletedDateTime: new Date(START).toISOString(),
  })
  expect((await graph(`${BIN}/${id}/restore`, { method: 'POST' })).status).toBe(403)
  tenant.world.restoreUser(id)
  await pass(DAY)
  expect((await graph(`/v1.0/users/${id}`)).body.userPrincipalName).toBe(userPrincipalName)
  expect(tenant.world.members('All staff')).toContain(id)
  const since = new Date(START + 2 * DAY).toISOString()
  const log = await rented.all(
    `/v1.0/auditLogs/signIns?$filter=createdDateTime ge ${since} and userId eq '${id}'`,
  )
  expect(log.length).toBeGreaterThan(0)
  expect((await graph(`${BIN}/${id}`)).status).toBe(404)
})

test('a rehire has the name and nothing else; the old account stays in the bin, until it is purged', async () => {
  const rented = await rentTenant({ people: 100 })
  const { graph, tenant, pass } = rented
  const { world } = tenant
  const [old] = world.people.filter((one) => one.kind === 'member' && one.index > 10 && !one.habit.away)
  if (!old) throw new Error('nobody')
  world.deleteUser(old.id)
  const id = world.rehire(old.id)
  expect(id).not.toBe(old.id)
  await pass(3 * DAY)
  const user = (await graph(`/v1.0/users/${old.userPrincipalName}?$select=id,department,createdDateTime`))
    .body
  expect(user).toMatchObject({ id, department: old.department, createdDateTime: '2026-03-02T07:00:00Z' })
  expect((await graph(`/beta/users/${id}/authentication/requirements`)).body.perUserMfaState).toBe('disabled')
  const report = `/v1.0/reports/authenticationMethods/userRegistrationDetails/${id}`
  expect((await graph(report)).body).toMatchObject({ methodsRegistered: [], isMfaCapable: false })
  const log = await rented.all(`/v1.0/auditLogs/signIns?$filter=userId eq '${id}'`)
  expect(log.length).toBeGreaterThan(0)
  tenant.world.permissions.add('User.DeleteRestore.All')
  const restored = await graph(`${BIN}/${old.id}/restore`, { method: 'POST' })
  expect([restored.status, restored.body.error.code]).toEqual([400, 'Request_BadRequest'])
  expect((await graph(`${BIN}/${old.id}`, { method: 'DELETE' })).status).toBe(204)
  expect((await graph(`${BIN}/${old.id}`)).status).toBe(404)
  const other = world.people.find((one) => one.kind === 'member' && !one.deleted && one.index > 20)
    ?.id as string
  world.deleteUser(other)
  expect((await graph(`${BIN}/${other}/restore`, { method: 'POST' })).status).toBe(200)
  world.deleteUser(other)
  await pass(31 * DAY)
  expect((await graph(`${BIN}/${other}`)).status).toBe(404)
})

test('groups are made, changed, nested and deleted by another hand', async () => {
  const { graph, tenant, pass, journal } = await rentTenant()
  const { world } = tenant
  const id = world.createGroup({ displayName: 'Project X' })
  world.addMember('Project X', 'test.user@contoso.com')
  world.nestGroup('MFA required', 'Project X')
  await pass(MINUTE)
  const required = world.group('MFA required').id
  const inside = (await graph(`/v1.0/groups/${required}/transitiveMembers`)).body.value
  expect(inside.map((one: Body) => one.id)).toEqual([id, world.person('test.user@contoso.com').id])
  world.setGroup('MFA required', { membershipRule: '(user.department -eq "IT")' })
  expect((await graph(`/v1.0/groups/${required}`)).body.groupTypes).toEqual(['DynamicMembership'])
  world.deleteGroup('Project X')
  expect((await graph(`/v1.0/groups/${id}`)).status).toBe(404)
  expect(world.members('MFA required')).toEqual([])
  expect((await journal()).every((one) => one.actor === 'other')).toBe(true)
})
