import { expect, test } from 'vitest'
import { latest } from '../../src/emulator/lagged.ts'
import { served } from './served.ts'

const NUMBER = { number: '0151-23456789', region: 'DE', reason: 'a new phone' }

async function office() {
  const rented = await served()
  const { world } = rented.tenant
  const [person] = world.people.filter(
    (one) => one.kind === 'member' && one.roles.length === 0 && one.index > 10 && !one.unreported,
  )
  const [boss] = world.people.filter((one) => one.kind === 'member' && one.roles.length > 0)
  if (!person || !boss) throw new Error('nobody')
  world.setMethods(person.id, [])
  world.setMethods(boss.id, [])
  const phone = (
    who: string,
    body: object,
    as: 'onCall' | 'changeManager' | 'approver' | 'helpDesk' = 'onCall',
  ) => rented.call('POST', `/api/v1/people/${who}/phone`, { as, body })
  const mobileOf = (id: string) => latest(world.person(id).phones).mobile
  return { ...rented, world, person, boss, phone, mobileOf }
}

test('a number is registered in Graph’s own form, with a dry run before, and is never told whole', async () => {
  const { call, phone, person, mobileOf } = await office()
  const dry = await phone(person.userPrincipalName, { ...NUMBER, dryRun: true })
  expect(dry.body).toMatchObject({
    changed: false,
    dryRun: true,
    number: '+49 *** 789',
    says: expect.stringMatching(/^Would/),
  })
  expect(mobileOf(person.id)).toBeUndefined()
  const done = await phone(person.id, NUMBER)
  expect(done.status).toBe(200)
  expect(done.body).toMatchObject({ changed: true, type: 'mobile', upn: person.userPrincipalName })
  expect(done.body.warns).toEqual([expect.stringContaining('need asking for at Microsoft first')])
  expect(mobileOf(person.id)).toBe('+49 15123456789')
  const events = (await call('GET', '/api/v1/events?after=0')).body
  const text = JSON.stringify([dry.body, done.body, events])
  expect(text).toContain('phone.registered')
  expect(text).not.toContain('23456789')
  expect((await phone(person.id, { ...NUMBER, replace: true })).status).toBe(200)
})

test('another number stays unless it is to be replaced; what is no number, nobody and a weak role are refused', async () => {
  const { phone, world, person, mobileOf, clock } = await office()
  world.setPhone(person.id, 'mobile', '+45 20304050')
  await clock.patiently(() => clock.sleep(60_000))
  expect((await phone(person.id, NUMBER)).body).toMatchObject({
    code: 'phoneDifferent',
    detail: expect.stringContaining('+45 *** 050'),
  })
  expect((await phone(person.id, { ...NUMBER, number: '4.20777E+11' })).body.code).toBe('phoneUnusable')
  expect((await phone('nobody@contoso.com', NUMBER)).body.code).toBe('personNotInDirectory')
  expect((await phone(person.id, NUMBER, 'helpDesk')).body.code).toBe('roleTooWeak')
  expect((await phone(person.id, NUMBER, 'approver')).body.code).toBe('roleTooWeak')
  expect(mobileOf(person.id)).toBe('+45 20304050')
  expect((await phone(person.id, { ...NUMBER, replace: true })).body.says).toContain(
    'in place of +45 *** 050',
  )
  expect(mobileOf(person.id)).toBe('+49 15123456789')
})

test('whoever holds a directory role gets a number only once a second person has said the same', async () => {
  const { phone, boss, mobileOf } = await office()
  const first = await phone(boss.id, NUMBER, 'changeManager')
  expect(first.body).toMatchObject({ changed: false, says: expect.stringContaining('a second person') })
  expect((await phone(boss.id, NUMBER, 'changeManager')).body.changed).toBe(false)
  // Another number is another request.
  expect((await phone(boss.id, { ...NUMBER, number: '0151 23456780' }, 'onCall')).body.changed).toBe(false)
  expect(mobileOf(boss.id)).toBeUndefined()
  const other = { ...NUMBER, number: '+49 15123456780' }
  expect((await phone(boss.id, other, 'approver')).body.changed).toBe(true)
  expect(mobileOf(boss.id)).toBe('+49 15123456780')
})

test('a protected account, and oneself, get no number this way; nor does anybody while all is frozen', async () => {
  const { phone, world, person, draft, call, mobileOf } = await office()
  await draft()
  const emergency = world.person('bg1@contoso.onmicrosoft.com').id
  expect((await phone(emergency, NUMBER)).body).toMatchObject({ code: 'phoneRefused' })
  world.patchUser(person.id, { userPrincipalName: 'onCall@contoso.com' })
  expect((await phone(person.id, NUMBER)).body.detail).toContain('nobody does this for themself')
  await call('POST', '/api/v1/freeze', { as: 'onCall', body: { reason: 'month-end' } })
  expect((await phone(person.id, NUMBER, 'changeManager')).body.code).toBe('installationFrozen')
  expect([emergency, person.id].map(mobileOf)).toEqual([undefined, undefined])
})

test('nobody gets a number while it cannot be told whom a plan protects, nor oneself by another name', async () => {
  const { phone, world, person, draft, mobileOf } = await office()
  await draft()
  world.patchUser(person.id, { mail: 'onCall@contoso.com' })
  expect((await phone(person.id, NUMBER)).body.detail).toContain('nobody does this for themself')
  world.setGroup('Service accounts', { displayName: 'Robots' })
  const refused = await phone(person.id, NUMBER, 'changeManager')
  expect(refused.body).toMatchObject({
    code: 'phoneRefused',
    detail: expect.stringContaining('a protected group of a plan cannot be told'),
  })
  expect(mobileOf(person.id)).toBeUndefined()
})

test('the same key answers the same, and registers nothing twice', async () => {
  const { call, person, world } = await office()
  const send = () =>
    call('POST', `/api/v1/people/${person.id}/phone`, {
      as: 'onCall',
      body: NUMBER,
      headers: { 'idempotency-key': 'one' },
    })
  const first = await send()
  const count = world.journal.entries.length
  const second = await send()
  expect(second.body).toEqual(first.body)
  expect(second.headers.get('idempotency-replayed')).toBe('true')
  expect(world.journal.entries.length).toBe(count)
})
