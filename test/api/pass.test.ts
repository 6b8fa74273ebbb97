import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Person } from '../../src/emulator/people/person.ts'
import { wavegate } from '../cli/run.ts'
import { type CallOptions, type Served, served } from './served.ts'

const body = { reason: 'lost the phone; seen in person' }
const METHODS = 'temporaryAccessPassMethods'

function askFor(house: Served, person: Pick<Person, 'id'>, options: CallOptions = {}) {
  return house.call('POST', `/api/v1/people/${person.id}/pass`, { as: 'helpDesk', body, ...options })
}

function ordinary({ tenant }: Served, count: number): Person[] {
  const isPlain = (one: Person) => one.kind === 'member' && one.roles.length === 0 && one.accountEnabled
  return tenant.world.people.filter((one) => isPlain(one) && !one.unreported).slice(0, count)
}

const passesOf = ({ tenant }: Served) =>
  tenant.world.journal.entries.filter((entry) => entry.target.includes(METHODS))

function kept(house: Served): string {
  return ['', '-wal'].map((end) => readFileSync(house.config.db + end, 'latin1')).join('')
}

test('a pass is shown once: the same call again shows none, and no file, event or log has it', async () => {
  const lines: string[] = []
  const house = await served({ hears: (line) => lines.push(line) })
  const [person] = ordinary(house, 1) as [Person]
  const headers = { 'idempotency-key': 'for-ann' }
  const dry = await askFor(house, person, { body: { ...body, dryRun: true } })
  expect(dry).toMatchObject({ status: 200, body: { changed: false, dryRun: true, pass: null } })
  expect(dry.body.says).toMatch(/^Would: make a pass for .*60 minutes and one sign-in/)
  expect(passesOf(house)).toEqual([])

  const first = await askFor(house, person, { headers })
  expect(first).toMatchObject({
    status: 200,
    body: {
      changed: true,
      waitsFor: null,
      person: { personId: person.id, upn: person.userPrincipalName },
      pass: {
        lifetimeInMinutes: 60,
        isUsableOnce: true,
        startsAt: expect.stringMatching(/^2026-03-02T07:0/),
      },
    },
  })
  expect(first.headers.get('cache-control')).toBe('no-store')
  const { temporaryAccessPass: value } = first.body.pass
  expect(value).toMatch(/^\S{8}$/)
  expect(passesOf(house)).toHaveLength(1)

  const again = await askFor(house, person, { headers })
  expect(again).toMatchObject({ status: 409, body: { code: 'passAlreadyShown' } })
  expect(passesOf(house)).toHaveLength(1)

  const other = await askFor(house, person)
  expect(other.body.says).toContain('the one that stands is good no more')
  expect(passesOf(house)).toHaveLength(2)

  const { events } = (await house.call('GET', '/api/v1/events?limit=1000')).body
  expect(events.filter((one: { type: string }) => one.type.includes('pass'))).toMatchObject(
    [1, 2].flatMap(() => [
      { type: 'verb.pass', actor: 'helpDesk@contoso.com', person: person.id, reason: body.reason },
      { type: 'pass.made', person: person.id },
    ]),
  )
  expect(lines.length).toBeGreaterThan(5)
  const everywhere = [lines.join(), kept(house), JSON.stringify(events), JSON.stringify(passesOf(house))]
  expect(everywhere.join()).toContain(first.body.pass.id)
  for (const secret of [value, other.body.pass.temporaryAccessPass])
    for (const place of everywhere) expect(place).not.toContain(secret)
})

test('nobody protected is given one, nor oneself, a guest or a disabled account, and roles are asked', async () => {
  const house = await served()
  await house.draft()
  const { world } = house.tenant
  const [own, off] = ordinary(house, 2) as [Person, Person]
  world.patchUser(own.id, { userPrincipalName: 'HelpDesk@contoso.com' })
  world.patchUser(off.id, { accountEnabled: false })
  const guest = world.people.find(({ kind }) => kind === 'guest') as Person
  const barred = [
    world.person('bg1@contoso.onmicrosoft.com'),
    world.people.find(({ kind }) => kind === 'service') as Person,
    own,
    off,
    guest,
  ]
  for (const person of barred)
    expect(await askFor(house, person), person.userPrincipalName).toMatchObject({
      status: 409,
      body: { code: 'passBarred' },
    })
  const weak = { status: 403, body: { code: 'roleTooWeak' } }
  const [, , third] = ordinary(house, 3) as [Person, Person, Person]
  for (const as of ['viewer', 'changeManager', 'approver'] as const)
    expect(await askFor(house, third, { as }), as).toMatchObject(weak)
  expect(await askFor(house, { id: 'nobody@contoso.com' })).toMatchObject({
    status: 404,
    body: { code: 'personUnknown' },
  })
  expect(passesOf(house)).toEqual([])
})

test('somebody who was given a role an hour ago, of which the report does not know yet, is an administrator', async () => {
  const house = await served()
  const { tenant } = house
  const [person] = ordinary(house, 1) as [Person]
  const known = tenant.world.people.map(({ id, userPrincipalName, roles }) => {
    const isAdmin = roles.length > 0
    return {
      id,
      userPrincipalName,
      isAdmin,
      isMfaRegistered: true,
      isMfaCapable: true,
      methodsRegistered: [],
    }
  })
  const report = { kind: 'status', status: 200, body: { value: known } } as const
  tenant.addFault({ path: 'userRegistrationDetails', times: 9, do: report })
  tenant.world.patchUser(person.id, { roles: ['fe930be7-5e62-47db-91af-98c3a49a38b1'] })
  expect(await askFor(house, person)).toMatchObject({
    status: 202,
    body: { waitsFor: 'secondPerson', pass: null },
  })
  expect(passesOf(house)).toEqual([])
})

test('for a directory role one asks, a second person confirms, and only who asked is shown the pass', async () => {
  const house = await served()
  const admin = house.tenant.world.people.find(
    (one) => one.roles.length > 0 && one.kind === 'member',
  ) as Person
  const asked = await askFor(house, admin, { as: 'onCall' })
  expect(asked).toMatchObject({ status: 202, body: { changed: true, waitsFor: 'secondPerson', pass: null } })
  for (const as of ['onCall', 'helpDesk'] as const)
    expect(await askFor(house, admin, { as })).toMatchObject({
      status: 200,
      body: { changed: false, waitsFor: 'secondPerson', pass: null },
    })
  const bare = await askFor(house, admin, { as: 'approver' })
  expect(bare).toMatchObject({ status: 200, body: { changed: false, waitsFor: 'secondPerson', pass: null } })
  expect(bare.body.says).toContain('onCall@contoso.com asked for it')
  const naming = (confirms: string) => ({ body: { ...body, confirms } })
  const barred = { status: 409, body: { code: 'passBarred' } }
  expect(await askFor(house, admin, { as: 'approver', ...naming('helpDesk@contoso.com') })).toMatchObject(
    barred,
  )
  expect(await askFor(house, admin, { as: 'onCall', ...naming('onCall@contoso.com') })).toMatchObject(barred)
  expect(await askFor(house, admin, { as: 'helpDesk', ...naming('onCall@contoso.com') })).toMatchObject({
    status: 403,
    body: { code: 'roleTooWeak' },
  })
  const confirmed = await askFor(house, admin, { as: 'approver', ...naming('OnCall@contoso.com') })
  expect(confirmed).toMatchObject({ status: 202, body: { changed: true, waitsFor: 'whoAsked', pass: null } })
  expect(await askFor(house, admin, { as: 'helpDesk' })).toMatchObject({
    body: { changed: false, waitsFor: 'whoAsked', pass: null },
  })
  expect(passesOf(house)).toEqual([])

  const made = await askFor(house, admin, { as: 'onCall' })
  expect(made).toMatchObject({ status: 200, body: { changed: true, pass: { isUsableOnce: true } } })
  expect(passesOf(house)).toHaveLength(1)
  // The word served once.
  expect(await askFor(house, admin, { as: 'onCall' })).toMatchObject({
    body: { waitsFor: 'secondPerson', pass: null },
  })
  expect(passesOf(house)).toHaveLength(1)
})

test('the help desk makes ten a day, and on-call goes on', async () => {
  const house = await served()
  const people = ordinary(house, 11)
  for (const person of people.slice(0, 10)) expect((await askFor(house, person)).status).toBe(200)
  const last = people[10] as Person
  expect(await askFor(house, last)).toMatchObject({ status: 403, body: { code: 'roleTooWeak' } })
  expect((await askFor(house, last, { as: 'onCall' })).status).toBe(200)
  expect(passesOf(house)).toHaveLength(11)
})

test('the tenant’s policy bounds a pass: off, for whom, how long, how often', async () => {
  const house = await served()
  const { world } = house.tenant
  const [person] = ordinary(house, 1) as [Person]
  const off = { status: 409, body: { code: 'passPolicyOff' } }
  world.setPassPolicy({ isEnabled: false })
  expect(await askFor(house, person)).toMatchObject(off)
  const group = world.group('IT department').id
  world.addMember('IT department', person.id)
  await new Promise<void>((resolve) => house.clock.at(house.clock.now() + 120_000, resolve))
  world.setPassPolicy({ isEnabled: true, excludes: group })
  expect(await askFor(house, person)).toMatchObject(off)
  world.setPassPolicy({ excludes: null, includes: world.group('MFA required').id })
  expect(await askFor(house, person)).toMatchObject(off)
  world.setPassPolicy({ includes: group, isUsableOnce: true })
  expect(await askFor(house, person, { body: { ...body, manyUses: true } })).toMatchObject(off)
  for (const lifetime of ['59m', '9h', '1w', '0m', 'long'])
    expect(await askFor(house, person, { body: { ...body, lifetime } }), lifetime).toMatchObject({
      status: 422,
      body: { code: 'passLifetime', least: 60, most: 480 },
    })
  expect(passesOf(house)).toEqual([])
  world.setPassPolicy({ isUsableOnce: false })
  expect(await askFor(house, person, { body: { ...body, lifetime: '8h', manyUses: true } })).toMatchObject({
    body: { pass: { lifetimeInMinutes: 480, isUsableOnce: false } },
  })
})

test('a pass whose making nobody knows of is said to be so, and the next one takes its place', async () => {
  const house = await served()
  const [person] = ordinary(house, 1) as [Person]
  const headers = { 'idempotency-key': 'once' }
  house.tenant.addFault({ method: 'POST', path: METHODS, times: 1, do: { kind: 'resetAfter' } })
  expect(await askFor(house, person, { headers })).toMatchObject({
    status: 502,
    body: { code: 'passUnknown' },
  })
  const next = await askFor(house, person, { headers })
  expect(next.body).toMatchObject({ changed: true, pass: { isUsableOnce: true } })
  expect(next.body.says).toContain('the one that stands is good no more')
  house.tenant.addFault({ method: 'POST', path: METHODS, times: 1, do: { kind: 'status', status: 400 } })
  expect(await askFor(house, person)).toMatchObject({ status: 409, body: { code: 'passBarred' } })
  house.tenant.world.permissions.delete('UserAuthMethod-TAP.ReadWrite.All')
  expect(await askFor(house, person)).toMatchObject({
    status: 502,
    body: { code: 'graphForbidden', permission: 'UserAuthMethod-TAP.ReadWrite.All' },
  })
  expect(passesOf(house)).toHaveLength(2)
})

test('said of a member of a rollout, and on the command line after a word about identity', async () => {
  const house = await served()
  const { id } = await house.draft()
  const [person] = ordinary(house, 1) as [Person]
  const path = `/api/v1/rollouts/${id}/people/${person.id}/pass`
  const ask = (more: CallOptions = {}) => house.call('POST', path, { as: 'helpDesk', body, ...more })
  expect(await ask()).toMatchObject({ status: 404, body: { code: 'personNotFound' } })
  const { id: personId, userPrincipalName: upn, displayName } = person
  await house.server.wavegate.store.tx((writer) =>
    writer.insertMembers([{ rolloutId: id, waveId: `${id}.1`, personId, upn, displayName, position: 1 }]),
  )
  const headers = { 'idempotency-key': 'member' }
  const made = await ask({ headers })
  expect(made).toMatchObject({ status: 200, body: { verb: 'pass', changed: true, people: [{ personId }] } })
  const value = made.body.pass.temporaryAccessPass
  expect(value).toMatch(/^\S{8}$/)
  expect(await ask({ headers })).toMatchObject({ status: 409, body: { code: 'passAlreadyShown' } })
  expect(kept(house)).not.toContain(value)

  const env = { WAVEGATE_URL: house.server.url, WAVEGATE_TOKEN: house.tokens.helpDesk }
  const told = await wavegate(env, ['person', 'pass', upn, '--reason', 'lost the phone'])
  expect(told.err).toContain('Check first who asks for it')
  expect(told.out).toMatch(/pass {8}\S{8}\n {2}good for {4}one sign-in/)
  const ofRollout = ['rollout', 'pass', id, '--person', upn, '--reason', 'lost', '--lifetime', '1m']
  expect(await wavegate(env, ofRollout)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/passLifetime/),
  })
})
