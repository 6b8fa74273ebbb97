import { expect, test } from 'vitest'
import { links, type RentedTenant, rentTenant } from './rented-tenant.ts'

type Step = { id: unknown; method?: string; url?: string; [more: string]: unknown }

async function send(rented: RentedTenant, requests: Step[], version = 'v1.0') {
  const filled = requests.map((one) => ({ method: 'GET', url: '/users?$top=1', ...one }))
  const answer = await rented.graph(`/${version}/$batch`, { method: 'POST', body: { requests: filled } })
  // biome-ignore lint/suspicious/noExplicitAny: bodies of Graph as they come
  const byId: Record<string, any> = Object.fromEntries(
    (answer.body.responses ?? []).map((one: Step) => [one.id, one]),
  )
  return { ...answer, byId }
}

test('up to twenty requests are answered, in any order, the same for the same seed', async () => {
  const order = async () => {
    const rented = await rentTenant()
    const steps = Array.from({ length: 20 }, (_, n) => ({ id: `q${n}` }))
    const { status, body } = await send(rented, steps)
    expect(status).toBe(200)
    return body.responses.map((one: Step) => one.id)
  }
  const first = await order()
  expect(new Set(first).size).toBe(20)
  expect(first).not.toEqual(Array.from({ length: 20 }, (_, n) => `q${n}`))
  expect(await order()).toEqual(first)
})

test('each has its own status, headers and body; per-user MFA goes through beta only', async () => {
  const rented = await rentTenant()
  const json = { 'Content-Type': 'application/json' }
  const group = rented.tenant.world.group('MFA required').id
  const user = rented.tenant.world.person('test.user@contoso.com').id
  const requirements = '/users/test.user@contoso.com/authentication/requirements'
  const steps = [
    { id: '1', url: "/users?$filter=userPrincipalName eq 'test.user%40contoso.com'&$select=id" },
    { id: '2', url: 'users/nobody@contoso.com' },
    { id: '3', method: 'patch', url: `/groups/${group}`, headers: json, body: links([user]) },
    { id: '4', method: 'PATCH', url: requirements, headers: json, body: { perUserMfaState: 'enforced' } },
    { id: '5', url: '/nonsense' },
    { id: '6', url: '/users?$count=true&$top=5', headers: { ConsistencyLevel: 'eventual' } },
  ]
  const { byId } = await send(rented, steps, 'beta')
  expect(byId['1'].body.value).toEqual([{ id: user }])
  expect(byId['1'].headers['x-ms-resource-unit']).toBe('1')
  expect([byId['2'].status, byId['2'].body.error.code]).toEqual([404, 'Request_ResourceNotFound'])
  expect(byId['3']).toMatchObject({ status: 204 })
  expect('body' in byId['3']).toBe(false)
  expect(byId['4'].status).toBe(204)
  expect(byId['5'].status).toBe(400)
  expect(byId['6'].body['@odata.count']).toBe(60)
  expect((await rented.journal()).map((one) => one.path)).toEqual([
    `/beta/groups/${group}`,
    `/beta${requirements}`,
  ])
  expect((await send(rented, [{ id: '1', url: requirements }])).byId['1'].status).toBe(400)
})

test('what depends on a failure fails, and the rest does not', async () => {
  const rented = await rentTenant()
  const { byId } = await send(rented, [
    { id: 'c', dependsOn: ['b'] },
    { id: 'b', dependsOn: ['A'] },
    { id: 'a', url: '/users/nobody' },
    { id: 'd' },
    { id: 'e', dependsOn: ['d'] },
  ])
  expect(['a', 'b', 'c', 'd', 'e'].map((id) => byId[id].status)).toEqual([404, 424, 424, 200, 200])
})

test('a malformed batch is refused whole', async () => {
  const rented = await rentTenant()
  const bad: Step[][] = [
    [],
    Array.from({ length: 21 }, (_, n) => ({ id: String(n) })),
    [{ id: 1 }],
    [{ id: 'a' }, { id: 'A' }],
    [{ id: '1', url: '/$batch', method: 'POST' }],
    [{ id: '1', url: 'https://graph.microsoft.com/v1.0/users' }],
    [{ id: '1', dependsOn: ['2'] }],
    [
      { id: '1', dependsOn: ['2'] },
      { id: '2', dependsOn: ['1'] },
    ],
    [{ id: '1', method: 'POST', url: '/groups', body: {} }],
  ]
  for (const steps of bad) expect((await send(rented, steps)).status).toBe(400)
  expect((await rented.graph('/v1.0/$batch', { method: 'POST', body: [] })).status).toBe(400)
  const twin = await fetch(`${rented.tenant.graph}/v1.0/$batch`, { method: 'POST' })
  expect(twin.status).toBe(405)
})

test('each request counts in its bucket; what is throttled is told in one of three ways', async () => {
  const rented = await rentTenant()
  const { world } = rented.tenant
  const steps = Array.from({ length: 7 }, (_, n) => ({
    id: String(n),
    url: '/users/test.user@contoso.com/authentication/requirements',
  }))
  const statuses = async () => {
    const { status, byId, headers } = await send(rented, steps, 'beta')
    await rented.pass(10_000)
    return { status, retryAfter: headers.get('retry-after'), inner: steps.map(({ id }) => byId[id]) }
  }
  const first = await statuses()
  expect(first.inner.map((one) => one.status)).toEqual([200, 200, 200, 200, 200, 429, 429])
  expect(first.inner[6].headers['Retry-After']).toBe('10')
  expect(first.inner[6].body.error.code).toBe('TooManyRequests')
  world.setBatchThrottling('inner424')
  const second = await statuses()
  expect([second.status, second.inner[6].status, second.inner[6].headers['Retry-After']]).toEqual([
    200,
    424,
    '10',
  ])
  world.setBatchThrottling('outer424')
  expect(await statuses()).toMatchObject({ status: 424, retryAfter: '10', inner: steps.map(() => undefined) })
})

test('a fault meets one request of a batch; an answer may be missing', async () => {
  const rented = await rentTenant()
  const { tenant, journal } = rented
  const group = tenant.world.group('MFA required').id
  const [a, b, c] = tenant.world.people.filter((one) => one.kind === 'member').map((one) => one.id)
  const headers = { 'content-type': 'application/json' }
  const add = (id: string, user: unknown) => ({
    id,
    method: 'PATCH',
    url: `/groups/${group}`,
    headers,
    body: links([user as string]),
  })
  const fault = { method: 'PATCH', path: '/groups/', times: 1 }
  tenant.addFault({ ...fault, do: { kind: 'status', status: 403, code: 'Authorization_RequestDenied' } })
  tenant.addFault({ ...fault, do: { kind: 'resetBefore' } })
  tenant.addFault({ ...fault, do: { kind: 'resetAfter' } })
  const { byId } = await send(rented, [add('1', a), add('2', b), add('3', c), { id: '4' }])
  expect(Object.keys(byId).sort()).toEqual(['1', '4'])
  expect(byId['1'].status).toBe(403)
  expect((await journal()).map((one) => one.target)).toEqual([`groups/${group}/members/${c}`])
})
