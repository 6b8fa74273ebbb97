import { expect, test } from 'vitest'
import { readPhone } from '../../src/people/phone-number.ts'
import { HOUR, MINUTE, type RentedTenant, rentTenant } from './rented-tenant.ts'

const TEST_USER = 'test.user@contoso.com'
const MOBILE = '3179e48a-750b-4051-897c-87b9720928f7'
const path = (who: string, method = '') =>
  `/v1.0/users/${who}/authentication/phoneMethods${method && `/${method}`}`

async function ask(rented: RentedTenant, method: string, url: string, body?: unknown) {
  await rented.pass(MINUTE)
  return rented.graph(url, { method, body })
}
const post = (rented: RentedTenant, who: string, phoneNumber: string, phoneType = 'mobile') =>
  ask(rented, 'POST', path(who), { phoneNumber, phoneType })

async function numbers(rented: RentedTenant, who: string): Promise<string[]> {
  await rented.pass(MINUTE)
  return (await rented.twin(path(who))).body.value.map((one: { phoneNumber: string }) => one.phoneNumber)
}

test('a number is registered, changed and taken away, and each is in the journal', async () => {
  const rented = await rentTenant()
  const created = await post(rented, TEST_USER, '+45 12345678')
  expect(created.status).toBe(201)
  expect(created.body).toMatchObject({ id: MOBILE, phoneNumber: '+45 12345678', phoneType: 'mobile' })
  // Another form of the country's code: it is shown with the blank.
  const changed = await ask(rented, 'PATCH', path(TEST_USER, MOBILE), { phoneNumber: '+45 87654321' })
  expect(changed.status).toBe(204)
  expect(await numbers(rented, TEST_USER)).toEqual(['+45 87654321'])
  expect((await ask(rented, 'DELETE', path(TEST_USER, MOBILE))).status).toBe(204)
  expect(await numbers(rented, TEST_USER)).toEqual([])
  expect((await ask(rented, 'DELETE', path(TEST_USER, MOBILE))).status).toBe(404)
  const target = `users/${rented.tenant.world.person(TEST_USER).id}/authentication/phoneMethods/${MOBILE}`
  expect(await rented.journal()).toMatchObject([
    { actor: 'app', target, before: null, after: { phoneNumber: '+45 12345678' } },
    { target, before: { phoneNumber: '+45 12345678' }, after: { phoneNumber: '+45 87654321' } },
    { target, before: { phoneNumber: '+45 87654321' }, after: null },
  ])
})

test('a second of a type, an alternate without a mobile, another form and another type are refused', async () => {
  const rented = await rentTenant()
  for (const number of ['12345678', '+45 12 34 56 78', '0045 12345678', '+45-12345678']) {
    expect((await post(rented, TEST_USER, number)).status).toBe(400)
  }
  expect((await post(rented, TEST_USER, '+45 12345678', 'alternateMobile')).status).toBe(400)
  expect((await post(rented, TEST_USER, '+45 12345678')).status).toBe(201)
  expect((await post(rented, TEST_USER, '+45 11111111')).status).toBe(400)
  const other = { phoneNumber: '+45 12345678', phoneType: 'office' }
  expect((await ask(rented, 'PATCH', path(TEST_USER, MOBILE), other)).status).toBe(400)
  expect((await post(rented, TEST_USER, '+45 22222222', 'alternateMobile')).status).toBe(201)
  expect((await post(rented, TEST_USER, '+1 4251234567x123', 'office')).status).toBe(201)
  // The mobile stays while there is an alternate.
  expect((await ask(rented, 'DELETE', path(TEST_USER, MOBILE))).status).toBe(400)
  expect(await numbers(rented, TEST_USER)).toEqual(['+45 12345678', '+45 22222222', '+1 4251234567x123'])
  rented.tenant.world.permissions.delete('UserAuthMethod-Phone.ReadWrite.All')
  rented.tenant.world.permissions.delete('UserAuthenticationMethod.Read.All')
  expect((await rented.graph(path(TEST_USER))).status).toBe(403)
})

test('what somebody is asked by first cannot be taken away', async () => {
  const rented = await rentTenant()
  await post(rented, TEST_USER, '+45 12345678')
  rented.tenant.world.setDefaultPhone(TEST_USER, true)
  const refused = await ask(rented, 'DELETE', path(TEST_USER, MOBILE))
  expect([refused.status, refused.body.error.message]).toEqual([
    400,
    'The default authentication method cannot be deleted.',
  ])
  rented.tenant.world.setDefaultPhone(TEST_USER, false)
  expect((await ask(rented, 'DELETE', path(TEST_USER, MOBILE))).status).toBe(204)
})

test('a number that somebody else signs in with answers 409, and is registered all the same', async () => {
  const rented = await rentTenant()
  const other = rented.tenant.world.people.find((one) => one.kind === 'member' && one.index > 5)?.id as string
  rented.tenant.world.setPhone(other, 'mobile', '+45 12345678')
  const answer = await post(rented, TEST_USER, '+4512345678')
  expect([answer.status, answer.body.error.code]).toEqual([409, 'phoneNumberNotUnique'])
  expect(await numbers(rented, TEST_USER)).toEqual(['+45 12345678'])
  // Where text messages are for MFA alone, people may share a number.
  rented.tenant.world.setPhonePolicy({ smsIsUsableForSignIn: false })
  const again = await ask(rented, 'PATCH', path(TEST_USER, MOBILE), { phoneNumber: '+45 12345679' })
  expect(again.status).toBe(204)
  const back = await ask(rented, 'PATCH', path(TEST_USER, MOBILE), { phoneNumber: '+45 12345678' })
  expect(back.status).toBe(204)
})

test('the report knows of a number hours later, and counts it where the policy allows phones', async () => {
  const rented = await rentTenant()
  const who = rented.tenant.world.people.find(
    (one) => one.kind === 'member' && one.habit.away && (one.methods.lines[0]?.value.length ?? 0) === 0,
  )?.id
  const id = who ?? rented.tenant.world.hire({ userPrincipalName: 'new@contoso.com', displayName: 'New' })
  const row = async () =>
    (await rented.twin(`/v1.0/reports/authenticationMethods/userRegistrationDetails/${id}`)).body
  await post(rented, id, '+45 12345678')
  expect(await row()).toMatchObject({ isMfaCapable: false, methodsRegistered: [] })
  await rented.pass(5 * HOUR)
  expect(await row()).toMatchObject({ isMfaCapable: true, methodsRegistered: ['mobilePhone'] })
  rented.tenant.world.setPhonePolicy({ sms: false })
  expect(await row()).toMatchObject({ isMfaCapable: false, isMfaRegistered: true })
  const policy = (await rented.twin('/v1.0/policies/authenticationMethodsPolicy')).body
  const [sms] = policy.authenticationMethodConfigurations
  expect(sms).toMatchObject({ id: 'Sms', state: 'disabled', includeTargets: [{ id: 'all_users' }] })
})

test('numbers in the directory are as HR keeps them: most can be read, some are broken, some are the reception’s', async () => {
  const { tenant } = await rentTenant({ people: 600 })
  const read = tenant.world.people.flatMap((person) => {
    if (person.mobilePhone === null) return []
    const reading = readPhone(person.mobilePhone, { type: 'mobile', region: person.office.country })
    return [{ person, reading }]
  })
  const share = (count: number) => count / read.length
  const own = read.filter(
    ({ person, reading }) => 'number' in reading && reading.number === person.ownMobile,
  ).length
  expect(share(own)).toBeGreaterThan(0.85)
  expect(share(own)).toBeLessThan(0.96)
  const kinds = new Set(read.map(({ reading }) => reading.is))
  expect(kinds).toEqual(new Set(['ok', 'repaired', 'empty', 'unusable']))
  const inNoRange = read.filter(
    ({ reading }) => 'warns' in reading && reading.warns.some(({ is }) => is === 'notInPlan'),
  )
  // Its last digits are missing, and the country has short numbers too.
  expect(inNoRange.every(({ person }) => person.ownMobile.startsWith(person.mobilePhone ?? '?'))).toBe(true)
})
