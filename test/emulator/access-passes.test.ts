import { expect, test } from 'vitest'
import { latest } from '../../src/emulator/lagged.ts'
import { published } from './metadata.ts'
import { DAY, HOUR, MINUTE, mfaPolicy, rentTenant } from './rented-tenant.ts'

const v1 = published('v1.0')
const METHODS = '/authentication/temporaryAccessPassMethods'

test('a pass is said once, stands alone, and is good for its time', async () => {
  const rented = await rentTenant()
  const { id } = rented.tenant.world.person('test.user@contoso.com')
  const path = `/v1.0/users/${id}${METHODS}`
  expect((await rented.twin(path)).body.value).toEqual([])
  const made = await rented.graph(path, { method: 'POST', body: { lifetimeInMinutes: 90 } })
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({ lifetimeInMinutes: 90, isUsable: true, isUsableOnce: false })
  expect(made.body.temporaryAccessPass).toMatch(/^\S{8}$/)
  const type = 'temporaryAccessPassAuthenticationMethod'
  if (v1?.has(type)) expect(v1.strange(made.body, type)).toEqual([])
  await rented.pass(10_000)
  const next = await rented.graph(path, { method: 'POST', body: { isUsableOnce: true } })
  const listed = (await rented.twin(path)).body.value
  expect(listed).toMatchObject([{ id: next.body.id, temporaryAccessPass: null, isUsable: true }])
  await rented.pass(61 * MINUTE)
  expect((await rented.twin(`${path}/${next.body.id}`)).body).toMatchObject({
    isUsable: false,
    methodUsabilityReason: 'Expired',
  })
  expect((await rented.graph(`${path}/${next.body.id}`, { method: 'DELETE' })).status).toBe(204)
  expect((await rented.twin(path)).body.value).toEqual([])
  const journal = JSON.stringify(await rented.journal())
  expect(journal).toContain(next.body.id)
  for (const { body } of [made, next]) expect(journal).not.toContain(body.temporaryAccessPass)
})

test('outside the policy, for a guest and without the permission Graph makes none', async () => {
  const rented = await rentTenant()
  const { world } = rented.tenant
  const post = async (who: string, body: object) => {
    await rented.pass(10_000)
    return (await rented.graph(`/v1.0/users/${who}${METHODS}`, { method: 'POST', body })).status
  }
  const { id } = world.person('test.user@contoso.com')
  const guest = world.people.find(({ kind }) => kind === 'guest')?.id as string
  expect(await post(id, { lifetimeInMinutes: 59 })).toBe(400)
  expect(await post(id, { lifetimeInMinutes: 'long' })).toBe(400)
  expect(await post(guest, {})).toBe(400)
  expect(await post('nobody@contoso.com', {})).toBe(404)
  world.setPassPolicy({ isUsableOnce: true })
  expect(await post(id, { isUsableOnce: false })).toBe(400)
  world.setPassPolicy({ isEnabled: false })
  expect(await post(id, {})).toBe(400)
  world.permissions.delete('UserAuthMethod-TAP.ReadWrite.All')
  expect(await post(id, {})).toBe(403)
})

test('a pass is a bridge: who has no method, and leaves the wizard, registers one with it', async () => {
  const rented = await rentTenant({ people: 200 })
  const { world } = rented.tenant
  const isStuck = (one: (typeof world.people)[number]) =>
    one.kind === 'member' && !one.habit.away && one.habit.hesitant && latest(one.methods).length === 0
  const person = world.people.find(isStuck)
  if (!person) throw new Error('somebody hesitates in a tenant of this size')
  world.addMember('MFA required', person.id)
  const group = world.group('MFA required').id
  await rented.graph('/v1.0/identity/conditionalAccess/policies', {
    method: 'POST',
    body: { ...mfaPolicy(group), state: 'enabled' },
  })
  await rented.pass(DAY)
  const before = latest(person.methods).length
  const body = { lifetimeInMinutes: 480, isUsableOnce: true }
  await rented.graph(`/v1.0/users/${person.id}${METHODS}`, { method: 'POST', body })
  for (let hours = 0; hours < 3 * 24 && latest(person.methods).length === before; hours++) {
    await rented.pass(HOUR)
    if (hours % 8 === 7 && latest(person.methods).length === before)
      await rented.graph(`/v1.0/users/${person.id}${METHODS}`, { method: 'POST', body })
  }
  expect(latest(person.methods).length).toBeGreaterThan(before)
  const used = (await rented.journal()).filter((one) => one.after?.isUsed === true)
  expect(used).toMatchObject([{ actor: 'person' }])
})

test('sessions that are ended are noticed at the next touch, within minutes', async () => {
  const rented = await rentTenant({ people: 60 })
  const { world } = rented.tenant
  const people = world.people.filter((one) => one.kind === 'member' && !one.habit.away && one.accountEnabled)
  const first = people[0]?.id as string
  const path = `/v1.0/users/${first}?$select=id,signInSessionsValidFromDateTime`
  const since = (await rented.twin(path)).body.signInSessionsValidFromDateTime
  for (const { id } of people)
    expect(await rented.graph(`/v1.0/users/${id}/revokeSignInSessions`, { method: 'POST' })).toMatchObject({
      status: 200,
      body: { value: true },
    })
  expect((await rented.twin(path)).body.signInSessionsValidFromDateTime > since).toBe(true)
  await rented.pass(2 * DAY)
  const rows = await rented.all('/v1.0/auditLogs/signIns?$filter=status/errorCode eq 50173')
  const noticed = new Set(rows.map((row) => row.userId))
  expect(noticed.size).toBeGreaterThan(people.length / 3)
  expect(rows.length).toBe(noticed.size)
})
