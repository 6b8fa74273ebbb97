import { expect, test } from 'vitest'
import { DAY, links, MINUTE, type RentedTenant, rentTenant } from './rented-tenant.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of Graph as they come
type Body = any

/** Follows a round to its end. */
async function round(rented: RentedTenant, path: string, headers: Record<string, string> = {}) {
  const found: Body[] = []
  let [next, delta, pages] = [path as string | undefined, '', 0]
  while (next) {
    const { status, body } = await rented.graph(next, { headers })
    expect(status).toBe(200)
    found.push(...body.value)
    pages++
    next = body['@odata.nextLink']
    delta = body['@odata.deltaLink'] ?? delta
  }
  return { found, delta, pages }
}

test('users: everybody first, then only who changed, was deleted, came back or is new', async () => {
  const rented = await rentTenant({ people: 230 })
  const { world } = rented.tenant
  const first = await round(rented, '/v1.0/users/delta?$select=displayName,accountEnabled', {
    Prefer: 'odata.maxpagesize=50',
  })
  expect(first.pages).toBe(5)
  expect(new Set(first.found.map((user) => user.id)).size).toBe(230)
  expect(Object.keys(first.found[0]).sort()).toEqual(['accountEnabled', 'displayName', 'id'])
  expect((await round(rented, first.delta)).found).toEqual([])
  const [a, b, c] = world.people.slice(20).map((person) => person.id) as [string, string, string]
  world.patchUser(a, { accountEnabled: false })
  world.deleteUser(b)
  world.deleteUser(c)
  world.purgeUser(c)
  world.setPerUserMfa('test.user@contoso.com', 'enforced')
  const hired = world.hire({ userPrincipalName: 'new@contoso.com', displayName: 'New Person' })
  const second = await round(rented, first.delta)
  expect(second.found).toEqual([
    { id: a, displayName: world.person(a).displayName, accountEnabled: false },
    { id: b, '@removed': { reason: 'changed' } },
    { id: c, '@removed': { reason: 'deleted' } },
    { id: hired, displayName: 'New Person', accountEnabled: true },
  ])
  world.restoreUser(b)
  const third = await round(rented, second.delta)
  expect(third.found.map((user) => [user.id, user['@removed']])).toEqual([[b, undefined]])
})

test('groups: members come and go, as soon as reads show it', async () => {
  const rented = await rentTenant({ people: 400 })
  const { world } = rented.tenant
  const group = world.group('MFA required').id
  const first = await round(rented, '/v1.0/groups/delta?$select=displayName,members')
  const staff = first.found.filter((one) => one.id === world.group('All staff').id)
  expect(staff.length).toBeGreaterThan(2)
  expect(staff.flatMap((part) => part['members@delta']).length).toBe(world.members('All staff').length)
  const ids = world.people
    .filter((one) => one.kind === 'member')
    .slice(0, 20)
    .map((one) => one.id)
  await rented.graph(`/v1.0/groups/${group}`, { method: 'PATCH', body: links(ids) })
  const members = (found: Body[]) => found.flatMap((one) => one['members@delta'] ?? [])
  const early = await round(rented, first.delta)
  await rented.pass(MINUTE)
  const late = await round(rented, early.delta)
  expect(members(early.found).length).toBeLessThan(20)
  // What came at the moment of a token is told twice.
  const told = [...members(early.found), ...members(late.found)].map((one) => one.id)
  expect([...new Set(told)].sort()).toEqual([...ids].sort())
  world.removeMember('MFA required', ids[0] as string)
  await rented.pass(MINUTE)
  const gone = await round(rented, late.delta)
  expect(gone.found).toEqual([
    {
      id: group,
      displayName: 'MFA required',
      'members@delta': [
        { '@odata.type': '#microsoft.graph.user', id: ids[0], '@removed': { reason: 'deleted' } },
      ],
    },
  ])
  world.setGroup('MFA required', { description: 'other words' })
  const made = world.createGroup({ displayName: 'Short-lived' })
  world.deleteGroup('Short-lived')
  const last = await round(rented, gone.delta)
  expect(last.found.map((one) => [one.id, one['@removed']?.reason])).toEqual([
    [group, undefined],
    [made, 'changed'],
  ])
})

test('some objects only, without a baseline, and what delta does not know', async () => {
  const rented = await rentTenant()
  const { graph, tenant } = rented
  const a = tenant.world.person('test.user@contoso.com').id
  const b = tenant.world.person('bg1@contoso.onmicrosoft.com').id
  const two = await round(rented, `/v1.0/users/delta?$filter=id eq '${a}' or id eq '${b}'`)
  expect(two.found.map((user) => user.id).sort()).toEqual([a, b].sort())
  const latest = await round(rented, '/v1.0/users/delta?$deltatoken=latest&$select=displayName')
  expect(latest.found).toEqual([])
  tenant.world.patchUser(a, { displayName: 'Renamed' })
  expect((await round(rented, latest.delta)).found).toEqual([{ id: a, displayName: 'Renamed' }])
  for (const query of ['$top=5', '$expand=manager', "$filter=displayName eq 'x'", '$deltatoken=zzz']) {
    expect((await graph(`/v1.0/users/delta?${query}`)).status).toBe(400)
  }
})

test('a token of more than seven days is gone, and says where to begin again', async () => {
  const rented = await rentTenant()
  const { delta } = await round(rented, '/v1.0/groups/delta?$select=displayName,members')
  await rented.pass(6 * DAY)
  expect((await rented.graph(delta)).status).toBe(200)
  await rented.pass(2 * DAY)
  const expired = await rented.graph(delta)
  expect(expired.status).toBe(410)
  const again = expired.headers.get('location') as string
  expect((await round(rented, again)).found.length).toBeGreaterThan(8)
})
