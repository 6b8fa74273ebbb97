import { expect, test } from 'vitest'
import { tokenCode } from '../../src/prepare/token-code.ts'
import { HOUR, MINUTE, type RentedTenant, rentTenant } from './rented-tenant.ts'

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const OTHER = 'ABCDEFGHIJKLMNOPABCDEFGHIJKLMNOP'
const INVENTORY = '/beta/directory/authenticationMethodDevices/hardwareOathDevices'
const TEST_USER = 'test.user@contoso.com'
const methods = (more = '', who = TEST_USER) => `/beta/users/${who}/authentication/hardwareOathMethods${more}`

async function ask(rented: RentedTenant, method: string, url: string, body?: unknown) {
  await rented.pass(MINUTE)
  return rented.graph(url, { method, body })
}

const token = (serialNumber: string, more: object = {}) => ({
  ...{ serialNumber, manufacturer: 'Contoso', model: 'One', secretKey: SECRET },
  ...{ timeIntervalInSeconds: 30, hashFunction: 'hmacsha1', ...more },
})

const codeNow = ({ clock }: RentedTenant, seconds = 30, back = 0, secret = SECRET) =>
  tokenCode({ secret, seconds, hash: 'hmacsha1' }, clock.now() - back)

async function only(rented: RentedTenant, serial: string) {
  await rented.pass(MINUTE)
  const list = await rented.twin(`${INVENTORY}?$filter=serialNumber eq '${serial}'`)
  expect(list.body.value).toHaveLength(1)
  return list.body.value[0]
}

test('a token goes into the inventory, to a person, is activated and taken back; its secret shows nowhere', async () => {
  const rented = await rentTenant()
  const { world } = rented.tenant
  const created = await ask(rented, 'POST', INVENTORY, token('T1'))
  expect(created).toMatchObject({ status: 201, body: { serialNumber: 'T1', status: 'available' } })
  const { id } = created.body
  // Every property that the reference page of the type has.
  expect(Object.keys(await only(rented, 'T1')).toSorted()).toEqual([
    ...['assignedTo', 'displayName', 'hashFunction', 'id', 'manufacturer', 'model', 'secretKey'],
    ...['serialNumber', 'status', 'timeIntervalInSeconds'],
  ])
  expect((await ask(rented, 'POST', methods(), { device: { id } })).status).toBe(201)
  expect(await only(rented, 'T1')).toMatchObject({
    status: 'assigned',
    assignedTo: { id: world.person(TEST_USER).id },
  })
  const wrong = await ask(rented, 'POST', methods(`/${id}/activate`), { verificationCode: '000000' })
  expect(wrong.status).toBe(400)
  expect((await only(rented, 'T1')).status).toBe('failedActivation')
  const right = await ask(rented, 'POST', methods(`/${id}/activate`), { verificationCode: codeNow(rented) })
  expect(right.status).toBe(400)
  await rented.pass(MINUTE)
  const verificationCode = codeNow(rented)
  expect(
    (await rented.graph(methods(`/${id}/activate`), { method: 'POST', body: { verificationCode } })).status,
  ).toBe(204)
  expect(await only(rented, 'T1')).toMatchObject({ status: 'activated', secretKey: null })
  expect((await rented.twin(methods())).body.value).toMatchObject([{ id, device: { serialNumber: 'T1' } }])
  expect(await ask(rented, 'DELETE', `${INVENTORY}/${id}`)).toMatchObject({ status: 400 })
  expect((await ask(rented, 'DELETE', methods(`/${id}`))).status).toBe(204)
  expect(await only(rented, 'T1')).toMatchObject({ status: 'available', assignedTo: null })
  expect((await ask(rented, 'DELETE', `${INVENTORY}/${id}`)).status).toBe(204)
  await rented.pass(MINUTE)
  expect((await rented.twin(INVENTORY)).body.value).toEqual([])
  const journal = await rented.journal()
  expect(journal.map((one: { after: { status: string } | null }) => one.after?.status ?? null)).toEqual([
    'available',
    'assigned',
    'failedActivation',
    'activated',
    null,
    null,
  ])
  expect(JSON.stringify(journal)).not.toContain(SECRET)
})

test('a code is right in its interval and the one after, by the tenant’s clock: a minute at 30 s, two at 60 s', async () => {
  const rented = await rentTenant()
  await rented.pass(5_000)
  for (const [seconds, back, status] of [
    [30, 30_000, 204],
    [30, 60_000, 400],
    [60, 60_000, 204],
    [60, 120_000, 400],
  ] as const) {
    const serial = `T${seconds}-${back}`
    const body = token(serial, { timeIntervalInSeconds: seconds })
    const { id } = (await rented.graph(INVENTORY, { method: 'POST', body })).body
    const verificationCode = codeNow(rented, seconds, back)
    const given = await rented.graph(methods('/assignAndActivate'), {
      method: 'POST',
      body: { device: { id }, verificationCode },
    })
    expect([serial, given.status]).toEqual([serial, status])
  }
})

test('many at once by PATCH or POST, the same number twice, a bad one keeps all out, and v1.0 knows none of it', async () => {
  const rented = await rentTenant()
  const many = (...value: object[]) => ({ '@context': '#$delta', value })
  const first = await ask(rented, 'PATCH', INVENTORY, many(token('A'), token('B', { '@contentId': '2' })))
  expect(first).toMatchObject({
    status: 201,
    body: { value: [{ serialNumber: 'A' }, { serialNumber: 'B' }] },
  })
  expect((await ask(rented, 'POST', INVENTORY, many(token('A', { secretKey: OTHER })))).status).toBe(201)
  const bad = await ask(rented, 'PATCH', INVENTORY, many(token('C'), token('D', { secretKey: 'no base32!' })))
  expect(bad.status).toBe(400)
  expect(JSON.stringify(bad.body)).not.toContain('no base32')
  await rented.pass(MINUTE)
  const serials = (await rented.all(INVENTORY)).map((one) => one.serialNumber)
  expect(serials.toSorted()).toEqual(['A', 'A', 'B'])
  const serial = { serialNumber: 'A', verificationCode: '000000' }
  const twice = await ask(rented, 'POST', methods('/assignAndActivateBySerialNumber'), serial)
  expect(twice.body.error.message).toContain('Several')
  expect((await rented.twin(INVENTORY.replace('beta', 'v1.0'))).status).toBeGreaterThanOrEqual(400)
})

test('who may use one is the policy’s to say, and the report knows of an active one hours later', async () => {
  const rented = await rentTenant()
  const { world } = rented.tenant
  const policy = '/beta/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/hardwareOath'
  expect((await rented.twin(policy)).body.state).toBe('disabled')
  expect((await rented.twin(policy.replace('beta', 'v1.0'))).status).toBe(404)
  world.setMethods(TEST_USER, [])
  const id = world.addToken({ ...token('T1'), displayName: null } as Parameters<typeof world.addToken>[0])
  world.setToken(id, { status: 'activated', assignedTo: world.person(TEST_USER).id })
  const row = async () => {
    const path = '/v1.0/reports/authenticationMethods/userRegistrationDetails'
    return (await rented.twin(`${path}/${world.person(TEST_USER).id}`)).body
  }
  expect((await row()).methodsRegistered).not.toContain('hardwareOneTimePasscode')
  await rented.pass(5 * HOUR)
  expect(await row()).toMatchObject({ methodsRegistered: ['hardwareOneTimePasscode'], isMfaCapable: false })
  world.setTokenPolicy({ isEnabled: true })
  expect(await row()).toMatchObject({ isMfaCapable: true })
  rented.tenant.world.permissions.delete('UserAuthMethod-HardwareOATH.ReadWrite.All')
  expect((await ask(rented, 'DELETE', methods(`/${id}`))).status).toBe(403)
})
