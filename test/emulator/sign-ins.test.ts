import { expect, test } from 'vitest'
import { DAY, HOUR, links, mfaPolicy, type RentedTenant, rentTenant, START } from './rented-tenant.ts'

// biome-ignore lint/suspicious/noExplicitAny: rows of Graph as they come
type Row = any

function rows(rented: RentedTenant, filter = ''): Promise<Row[]> {
  return rented.all(`/v1.0/auditLogs/signIns${filter && `?$filter=${encodeURIComponent(filter)}`}`)
}

/** Puts these people under an enabled policy; answers with its id. */
async function cover(rented: RentedTenant, ids: string[], state = 'enabled'): Promise<string> {
  const group = rented.tenant.world.group('MFA required').id
  const path = '/v1.0/identity/conditionalAccess/policies'
  const { id } = (await rented.graph(path, { method: 'POST', body: mfaPolicy(group, state) })).body
  for (let start = 0; start < ids.length; start += 20) {
    const body = links(ids.slice(start, start + 20))
    expect((await rented.graph(`/v1.0/groups/${group}`, { method: 'PATCH', body })).status).toBe(204)
  }
  return id
}

test('two weeks of history are there, newest first, fewer at weekends', async () => {
  const rented = await rentTenant({ people: 300 })
  const log = await rows(rented)
  const times = log.map((row) => Date.parse(row.createdDateTime))
  expect(times).toEqual([...times].sort((a, b) => b - a))
  expect(Math.max(...times)).toBeLessThanOrEqual(START)
  expect(Math.min(...times)).toBeGreaterThan(START - 15 * DAY)
  const onDay = (days: number) => times.filter((time) => Math.floor((START - time) / DAY) === days).length
  expect(onDay(1)).toBeLessThan(onDay(4) / 3)
  const wrongPassword = log.filter((row) => row.status.errorCode === 50126).length
  expect(wrongPassword).toBeGreaterThan(0)
  expect(wrongPassword).toBeLessThan(log.length / 10)
})

test('windows and a person can be asked for', async () => {
  const rented = await rentTenant()
  const id = rented.tenant.world.person('test.user@contoso.com').id
  const from = new Date(START - 3 * DAY).toISOString()
  const until = new Date(START - DAY).toISOString()
  const mine = await rows(
    rented,
    `createdDateTime ge ${from} and createdDateTime lt ${until} and userId eq '${id}'`,
  )
  expect(mine.length).toBeGreaterThan(4)
  for (const row of mine) {
    expect(row.userId).toBe(id)
    expect(row.createdDateTime >= from && row.createdDateTime < until).toBe(true)
  }
  expect((await rented.graph('/v1.0/auditLogs/signIns?$filter=isInteractive eq true')).status).toBe(400)
})

test('the same seed tells the same story however often it is asked for', async () => {
  const story = async (pauses: number[]) => {
    const rented = await rentTenant({ people: 120, seed: 5 })
    const ids = rented.tenant.world.people
      .filter((person) => person.kind === 'member')
      .map((person) => person.id)
    await cover(rented, ids)
    for (const pause of pauses) {
      await rented.pass(pause)
      await rented.twin('/v1.0/users?$top=1')
    }
    const changes = (await rented.journal()).map(({ at, target, after }) => ({ at, target, after }))
    const log = (await rows(rented)).map((row) => `${row.id} ${row.createdDateTime} ${row.status.errorCode}`)
    return { changes, log }
  }
  const seldom = await story([5 * DAY])
  const often = await story(Array.from({ length: 5 * 48 }, () => HOUR / 2))
  expect(often.log).toEqual(seldom.log)
  expect(often.changes).toEqual(seldom.changes)
})

test('the policy bites later, within two hours, and then shows in the rows of those it covers', async () => {
  const rented = await rentTenant({ people: 200 })
  const it = rented.tenant.world.people
    .filter((person) => person.department === 'IT')
    .map((person) => person.id)
  const id = await cover(rented, it)
  await rented.pass(3 * DAY)
  const log = await rows(rented, `createdDateTime ge ${new Date(START).toISOString()}`)
  const result = (row: Row) => row.appliedConditionalAccessPolicies.find((one: Row) => one.id === id)?.result
  const proven = log.filter((row) => row.status.errorCode === 0 && result(row) === 'success')
  expect(proven.every((row) => it.includes(row.userId))).toBe(true)
  expect(new Set(proven.map((row) => row.userId)).size).toBeGreaterThanOrEqual(it.length - 2)
  const settled = log.filter(
    (row) => Date.parse(row.createdDateTime) > START + 2 * HOUR && it.includes(row.userId),
  )
  const unasked = settled.filter((row) => row.status.errorCode === 0 && result(row) === 'notApplied')
  expect(unasked).toEqual([])
  const challenged = proven.find((row) =>
    row.appliedConditionalAccessPolicies.some((one: Row) => one.id === id),
  )
  expect(
    challenged.appliedConditionalAccessPolicies.find((one: Row) => one.id === id).enforcedGrantControls,
  ).toEqual(['mfa'])
})

test('between the change and its bite people still come in as before', async () => {
  const rented = await rentTenant({ people: 800 })
  const members = rented.tenant.world.people.filter((person) => person.kind === 'member').map((one) => one.id)
  const id = await cover(rented, members)
  await rented.pass(4 * HOUR)
  const from = new Date(START).toISOString()
  const until = new Date(START + 2 * HOUR).toISOString()
  const log = await rows(rented, `createdDateTime ge ${from} and createdDateTime lt ${until}`)
  const success = log.filter((row) => row.status.errorCode === 0 && members.includes(row.userId))
  const policy = (row: Row) => row.appliedConditionalAccessPolicies.find((one: Row) => one.id === id)?.result
  // At first not even the policy is known at sign-in, then it is and not everybody's membership.
  expect(new Set(success.map(policy))).toEqual(new Set([undefined, 'notApplied', 'success']))
})

test('in a clean tenant nobody with a method stays outside, and most without one register', async () => {
  const rented = await rentTenant({ people: 400 })
  const members = rented.tenant.world.people.filter(
    (person) => person.kind === 'member' && !person.habit.away,
  )
  const without = members
    .filter((person) => person.methods.lines[0]?.value.length === 0)
    .map((person) => person.id)
  await cover(
    rented,
    members.map((person) => person.id),
  )
  await rented.pass(4 * DAY)
  const log = await rows(rented, `createdDateTime ge ${new Date(START + 2 * HOUR).toISOString()}`)
  const interrupted = (row: Row) => [50072, 50074, 50079, 500121].includes(row.status.errorCode)
  const last = new Map<string, Row>()
  for (const row of [...log].reverse()) last.set(row.userId, row)
  const outside = [...last.values()].filter(interrupted).map((row) => row.userId)
  expect(outside.filter((id) => !without.includes(id)).length).toBeLessThanOrEqual(1)
  const registered = (await rented.journal()).filter((one) => one.actor === 'person')
  expect(registered.length).toBeGreaterThan(without.length * 0.8)
  expect(registered.length).toBeLessThanOrEqual(without.length)
  expect(registered[0]).toMatchObject({ before: { methods: [] } })
})

test('bad numbers lock people out who looked ready, and leaving the group lets them in again', async () => {
  const rented = await rentTenant({ people: 400, scenario: 'bad-numbers' })
  const { world } = rented.tenant
  const members = world.people.filter(
    (person) => person.kind === 'member' && person.perUserMfa === 'disabled',
  )
  const bad = members.filter((person) => person.phoneBroken && !person.habit.away)
  expect(bad.length).toBeGreaterThan(15)
  expect(bad.length).toBeLessThan(60)
  expect(bad.every((person) => person.department !== 'IT' && person.roles.length === 0)).toBe(true)
  const report = await rented.all('/v1.0/reports/authenticationMethods/userRegistrationDetails')
  const line = report.find((one) => one.id === bad.find((person) => !person.unreported)?.id)
  expect(line).toMatchObject({ isMfaCapable: true, methodsRegistered: ['mobilePhone'] })

  await cover(
    rented,
    members.map((person) => person.id),
  )
  await rented.pass(2 * DAY)
  const log = await rows(rented, `createdDateTime ge ${new Date(START + 2 * HOUR).toISOString()}`)
  const ids = new Set(bad.map((person) => person.id))
  const failures = log.filter(
    (row) => row.status.additionalDetails === 'MFA denied; phone number has an invalid format',
  )
  expect(failures.every((row) => row.status.errorCode === 500121 && ids.has(row.userId))).toBe(true)
  expect(new Set(failures.map((row) => row.userId)).size).toBeGreaterThan(bad.length * 0.8)
  expect(log.filter((row) => ids.has(row.userId) && row.status.errorCode === 0)).toEqual([])

  for (const person of bad) world.removeMember('MFA required', person.id)
  const left = rented.clock.now() + 2 * HOUR
  await rented.pass(2 * DAY)
  const after = await rows(rented, `createdDateTime ge ${new Date(left).toISOString()}`)
  const theirs = after.filter((row) => ids.has(row.userId))
  expect(theirs.filter((row) => row.status.errorCode === 500121)).toEqual([])
  expect(theirs.filter((row) => row.status.errorCode === 0).length).toBeGreaterThan(0)
})

test('report-only tells who would have been asked, and asks nobody', async () => {
  const rented = await rentTenant({ people: 200 })
  const ids = rented.tenant.world.people
    .filter((one) => one.kind === 'member' && one.roles.length === 0)
    .map((one) => one.id)
  const id = await cover(rented, ids, 'enabledForReportingButNotEnforced')
  await rented.pass(2 * DAY)
  const log = await rows(rented, `createdDateTime ge ${new Date(START + 2 * HOUR).toISOString()}`)
  const results = new Set(
    log.map((row) => row.appliedConditionalAccessPolicies.find((one: Row) => one.id === id)?.result),
  )
  expect(results).toContain('reportOnlyInterrupted')
  expect(results).toContain('reportOnlySuccess')
  expect([...results].some((result) => result === 'success' || result === 'failure')).toBe(false)
})

test('rows come late, sometimes twice, and some are corrected', async () => {
  const rented = await rentTenant({ people: 400 })
  await rented.pass(4 * HOUR)
  const moment = rented.clock.now()
  const window = `createdDateTime ge ${new Date(moment - 3 * HOUR).toISOString()} and createdDateTime le ${new Date(moment).toISOString()}`
  const early = await rows(rented, window)
  await rented.pass(2 * HOUR)
  const late = await rows(rented, window)
  const lateIds = new Set(late.map((row) => row.id))
  expect(lateIds.size).toBeGreaterThan(new Set(early.map((row) => row.id)).size)
  expect(early.every((row) => lateIds.has(row.id))).toBe(true)
  const history = await rows(rented)
  expect(new Set(history.map((row) => row.id)).size).toBeLessThan(history.length)
  await rented.pass(5 * DAY)
  const first = new Map(early.map((row) => [row.id, row.appliedConditionalAccessPolicies.length]))
  const final = await rows(rented, window)
  expect(final.every((row) => row.appliedConditionalAccessPolicies.length >= (first.get(row.id) ?? 0))).toBe(
    true,
  )
})
