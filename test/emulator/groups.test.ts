import { expect, test } from 'vitest'
import { links, MINUTE, type RentedTenant, rentTenant } from './rented-tenant.ts'

function members(rented: RentedTenant, count: number): string[] {
  return rented.tenant.world.people
    .filter((person) => person.kind === 'member')
    .slice(0, count)
    .map((one) => one.id)
}

test('a PATCH adds up to twenty, or none', async () => {
  const rented = await rentTenant()
  const { graph, tenant, journal } = rented
  const path = `/v1.0/groups/${tenant.world.group('MFA required').id}`
  const ids = members(rented, 25)
  expect((await graph(path, { method: 'PATCH', body: links(ids.slice(0, 20)) })).status).toBe(204)
  const repeated = await graph(path, { method: 'PATCH', body: links(ids.slice(19, 23)) })
  expect(repeated.status).toBe(400)
  expect(repeated.body.error.message).toMatch(/added object references already exist .* 'members'/)
  const unknown = [...ids.slice(20, 22), '11111111-2222-4333-8444-555555555555']
  expect((await graph(path, { method: 'PATCH', body: links(unknown) })).status).toBe(404)
  expect((await graph(path, { method: 'PATCH', body: links([...ids, ...ids].slice(0, 21)) })).status).toBe(
    400,
  )
  expect(tenant.world.members('MFA required')).toEqual(ids.slice(0, 20))
  expect(await journal()).toHaveLength(20)
})

test('one person is added and removed by reference', async () => {
  const rented = await rentTenant()
  const { graph, tenant, journal } = rented
  const group = tenant.world.group('MFA required').id
  const [id] = members(rented, 1) as [string]
  const body = { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` }
  expect((await graph(`/v1.0/groups/${group}/members/$ref`, { method: 'POST', body })).status).toBe(204)
  expect((await graph(`/v1.0/groups/${group}/members/$ref`, { method: 'POST', body })).status).toBe(400)
  const gone = `/v1.0/groups/${group}/members/${id}/$ref`
  expect((await graph(gone, { method: 'DELETE' })).status).toBe(204)
  expect((await graph(gone, { method: 'DELETE' })).status).toBe(404)
  const target = `groups/${group}/members/${id}`
  expect(await journal()).toMatchObject([
    { seq: 1, actor: 'app', method: 'POST', target, before: { member: false }, after: { member: true } },
    { seq: 2, actor: 'app', method: 'DELETE', target, before: { member: true }, after: { member: false } },
  ])
})

test('without $ref a removal would delete the person, which the app may not', async () => {
  const rented = await rentTenant()
  const group = rented.tenant.world.group('All staff').id
  const [id] = members(rented, 1)
  const answer = await rented.graph(`/v1.0/groups/${group}/members/${id}`, { method: 'DELETE' })
  expect(answer.body.error.code).toBe('Authorization_RequestDenied')
})

test('a membership shows in reads within a minute, and not always at once', async () => {
  const rented = await rentTenant()
  const { graph, tenant, pass } = rented
  const path = `/v1.0/groups/${tenant.world.group('MFA required').id}`
  await graph(path, { method: 'PATCH', body: links(members(rented, 20)) })
  const count = async () => (await graph(`${path}/members`)).body.value.length
  expect(await count()).toBeLessThan(20)
  await pass(MINUTE)
  expect(await count()).toBe(20)
})

test('groups that cannot be written are refused', async () => {
  const rented = await rentTenant()
  const body = links(members(rented, 1))
  const status = async (name: string) => {
    const id = rented.tenant.world.group(name).id
    return (await rented.graph(`/v1.0/groups/${id}`, { method: 'PATCH', body })).status
  }
  expect(await status('All guests')).toBe(400)
  expect(await status('Finance (on-premises)')).toBe(400)
  expect(await status('Help desk operators')).toBe(403)
})

test('two groups may share a name, and a nested group says so', async () => {
  const { graph, tenant } = await rentTenant()
  const found = (await graph("/v1.0/groups?$filter=displayName eq 'Duplicated group'")).body.value
  expect(found).toHaveLength(2)
  const desk = tenant.world.group('IT service desk').id
  const parents = (await graph(`/v1.0/groups/${desk}/memberOf`)).body.value
  expect(parents.map((group: { displayName: string }) => group.displayName)).toEqual(['IT department'])
})

test('a cast to users needs the consistency header', async () => {
  const { graph, tenant } = await rentTenant()
  const path = `/v1.0/groups/${tenant.world.group('IT department').id}/members/microsoft.graph.user?$count=true`
  expect((await graph(path)).status).toBe(400)
  const users = (await graph(path, { headers: { ConsistencyLevel: 'eventual' } })).body.value
  expect(users.every((user: Record<string, string>) => user['@odata.type'] === '#microsoft.graph.user')).toBe(
    true,
  )
})

test('what another hand does is journaled under its own name', async () => {
  const { tenant, journal } = await rentTenant()
  tenant.world.addMember('MFA required', 'test.user@contoso.com')
  tenant.world.addMember('MFA required', 'test.user@contoso.com')
  tenant.world.deleteUser('test.user@contoso.com')
  const changes = await journal()
  const { id } = tenant.world.people.find((person) => person.displayName === 'Test User') as { id: string }
  const groups = ['MFA required', 'IT department', 'All staff', 'Duplicated group']
  const [required, ...others] = groups.map((name) => `groups/${tenant.world.group(name).id}/members/${id}`)
  expect(changes.every((change) => change.actor === 'other')).toBe(true)
  expect(changes.map((change) => change.target).sort()).toEqual(
    [required, required, ...others, `users/${id}`].sort(),
  )
  expect(changes[0]).toMatchObject({ target: required, after: { member: true } })
  expect(changes.at(-1)).toMatchObject({ target: `users/${id}`, after: null })
  expect(tenant.world.members('MFA required')).toEqual([])
  expect(await journal(changes.length)).toEqual([])
})
