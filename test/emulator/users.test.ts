import { expect, test } from 'vitest'
import { rentTenant } from './rented-tenant.ts'

test('pages together hold everybody once', async () => {
  const { all } = await rentTenant({ people: 230 })
  const ids = (await all('/v1.0/users?$select=id&$top=100')).map((user) => user.id)
  expect(ids).toHaveLength(230)
  expect(new Set(ids).size).toBe(230)
})

test('without $select only the basic fields come', async () => {
  const { graph } = await rentTenant()
  const user = (await graph('/v1.0/users/test.user@contoso.com')).body
  expect(user.accountEnabled).toBeUndefined()
  expect(user.displayName).toBe('Test User')
  const chosen = (await graph('/v1.0/users/test.user@contoso.com?$select=id,accountEnabled,userType')).body
  expect(chosen).toMatchObject({ accountEnabled: true, userType: 'Member' })
  expect(chosen.displayName).toBeUndefined()
})

test('filters choose people', async () => {
  const { graph, tenant } = await rentTenant()
  const guests = tenant.world.people.filter((person) => person.kind === 'guest')
  const count = async (filter: string) =>
    (await graph(`/v1.0/users?$top=999&$filter=${encodeURIComponent(filter)}`)).body.value.length
  expect(await count("userType eq 'Guest'")).toBe(guests.length)
  expect(
    await count("userPrincipalName in ('TEST.user@contoso.com','bg1@contoso.onmicrosoft.com','no@x.y')"),
  ).toBe(2)
  expect(await count("startsWith(userPrincipalName,'bg') and accountEnabled eq true")).toBe(2)
  expect(await count("(id eq '0') or (displayName eq 'Test User' and accountEnabled eq true)")).toBe(1)
  expect((await graph("/v1.0/users?$filter=displayName ne 'x'")).body.error.code).toBe(
    'Request_UnsupportedQuery',
  )
  expect((await graph('/v1.0/users?$filter=displayName')).status).toBe(400)
})

test('$count needs the consistency header', async () => {
  const { graph } = await rentTenant()
  const headers = { ConsistencyLevel: 'eventual' }
  expect((await graph('/v1.0/users?$count=true&$top=5', { headers })).body['@odata.count']).toBe(60)
  expect((await graph('/v1.0/users?$count=true&$top=5')).body['@odata.count']).toBeUndefined()
})

test('the # in a guest’s name must be encoded', async () => {
  const { graph, tenant } = await rentTenant()
  const guest = tenant.world.people.find((person) => person.kind === 'guest')
  const name = guest?.userPrincipalName as string
  expect((await graph(`/v1.0/users/${name}`)).status).toBe(404)
  expect((await graph(`/v1.0/users/${encodeURIComponent(name)}`)).body.id).toBe(guest?.id)
})

test('a tenant of three, thirty or twelve hundred has its fixed people and groups', async () => {
  for (const people of [3, 30, 1200]) {
    const { graph, tenant } = await rentTenant({ people })
    expect(tenant.world.people).toHaveLength(people)
    for (const name of [
      'test.user@contoso.com',
      'bg1@contoso.onmicrosoft.com',
      'bg2@contoso.onmicrosoft.com',
    ]) {
      expect((await graph(`/v1.0/users/${name}`)).status).toBe(200)
    }
    const it = (await graph("/v1.0/groups?$filter=displayName eq 'IT department'")).body.value[0].id
    const members = (await graph(`/v1.0/groups/${it}/transitiveMembers?$top=999`)).body.value
    const ids = new Set(members.map((member: { id: string }) => member.id))
    expect(ids.has(tenant.world.person('test.user@contoso.com').id)).toBe(true)
    expect(tenant.world.people.some((person) => ids.has(person.id) && person.roles.length > 0)).toBe(false)
    if (people === 1200) {
      expect(ids.size).toBeGreaterThan(20)
      const direct = (await graph(`/v1.0/groups/${it}/members?$top=999`)).body.value
      expect(direct.length).toBeLessThan(members.length)
      expect(tenant.world.people.filter((person) => person.kind === 'guest')).toHaveLength(61)
      expect(tenant.world.people.filter((person) => person.kind === 'shared')).toHaveLength(22)
      expect(tenant.world.people.filter((person) => person.kind === 'service')).toHaveLength(11)
    }
  }
})

test('the same seed makes the same people, another seed others', async () => {
  const names = async (seed: number) =>
    (await rentTenant({ seed })).tenant.world.people.map(
      (person) => `${person.id} ${person.userPrincipalName}`,
    )
  expect(await names(7)).toEqual(await names(7))
  expect(await names(7)).not.toEqual(await names(8))
})
