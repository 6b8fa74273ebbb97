import { expect, test } from 'vitest'
import { latest } from '../../src/emulator/lagged.ts'
import type { PlanInput } from '../../src/plan/schema.ts'
import { joined, members, readyPeople } from './journal.ts'
import { gates, planText, TEST_USER } from './plan-of-waves.ts'
import { ANDERS, METTE, ONA, openRig, type Rig } from './rig.ts'

type Phones = NonNullable<NonNullable<PlanInput['prepare']>['phones']>

/** Numbers that were registered, changed or taken away, in order, with by whom. */
function numbersSet(rig: Rig) {
  return rig.tenant.world.journal.entries.flatMap(({ target, actor, after }) => {
    const [, person] = /^users\/([^/]+)\/authentication\/phoneMethods\//.exec(target) ?? []
    if (person === undefined) return []
    return [{ actor, person, number: (after as { phoneNumber: string } | null)?.phoneNumber ?? null }]
  })
}
const ours = (rig: Rig) =>
  numbersSet(rig).flatMap(({ actor, person, number }) => (actor === 'app' ? [{ person, number }] : []))

/** People without any method, each with a number of their own in the directory as somebody wrote it down. */
function bare(rig: Rig, count: number): string[] {
  const ids = readyPeople(rig, count)
  for (const id of ids) {
    rig.tenant.world.setMethods(id, [])
    const own = rig.tenant.world.person(id).ownMobile
    rig.tenant.world.patchUser(id, { mobilePhone: own.replace('+', '00').replace(' ', '-') })
  }
  return ids
}

async function drafted(rig: Rig, pilot: readonly string[], phones: Phones = { from: 'directory' }) {
  const own = rig.tenant.world.person(TEST_USER).ownMobile
  rig.tenant.world.patchUser(TEST_USER, { mobilePhone: own })
  const waves = [
    { name: 'test-user', members: { users: [TEST_USER] } },
    { name: 'pilot', members: { users: [...pilot] } },
  ]
  return await rig.draft(planText({ waves, prepare: { phones }, gates: gates({ soak: { for: '24h' } }) }))
}

async function started(rig: Rig, id: string): Promise<void> {
  await rig.act(ANDERS, 'approve', id)
  await rig.act(METTE, 'start', id)
}

test('from “needs a number” to enforced and back: one person’s way, in the tenant’s own journal', async () => {
  const rig = await openRig({ people: 40 })
  const { world } = rig.tenant
  const [person] = bare(rig, 1) as [string]
  const own = world.person(person).ownMobile
  await rig.pass(6 * 3_600_000)
  const account = { at: rig.now(), upn: 'one', displayName: 'One', accountEnabled: true } as const
  const known = { id: person, account: { ...account, userType: 'Member', licence: 'P1' } } as const
  await rig.wavegate.store.tx((writer) => writer.saveAccounts([known]))
  const id = await drafted(rig, [person])
  await started(rig, id)
  // Ahead of the turn of their wave, in Graph's own form; nobody is enforced by that.
  await rig.until('prepare.done', 'pilot')
  expect(ours(rig)).toContainEqual({ person, number: own })
  expect(joined(rig)).not.toContain(person)
  const facts = await rig.wavegate.store.read.factsOf(person)
  expect(facts?.phones).toMatchObject({ mobile: own })
  await rig.until('wave.soaking', 'pilot')
  expect(members(rig)).toContain(person)
  const dry = await rig.act(ONA, 'rollback', id, { dryRun: true, withPreparation: true })
  expect(dry.says).toContain('phones')
  await rig.act(ONA, 'rollback', id, { withPreparation: true })
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(members(rig)).toEqual([])
  expect(latest(world.person(person).phones)).toEqual({})
  const theirs = world.journal.entries
    .filter((entry) => entry.actor === 'app' && entry.target.includes(person))
    .map(({ target, before, after }) => [target.split('/')[0], before, after])
  expect(theirs).toEqual([
    ['users', null, { phoneNumber: own }],
    ['groups', { member: false }, { member: true }],
    ['groups', { member: true }, { member: false }],
    ['users', { phoneNumber: own }, null],
  ])
  const card = await rig.wavegate.service.member(id, person)
  expect(card.preparations).toMatchObject([{ step: 'phones', outcome: 'done', restore: 'restored' }])
})

test('straight after the preload the report knows nothing, and the person is ready by what was read back', async () => {
  const rig = await openRig({ people: 40 })
  const { world } = rig.tenant
  const [person] = bare(rig, 1) as [string]
  await rig.pass(6 * 3_600_000)
  world.setMethods(TEST_USER, [])
  await rig.pass(6 * 3_600_000)
  const id = await drafted(rig, [person])
  await started(rig, id)
  // The test user's own wave: prepared, judged and enforced within the hour, hours before the report knows.
  const began = rig.now()
  await rig.until('wave.enforcing', 'test-user')
  expect(rig.now() - began).toBeLessThan(3_600_000)
  const report = `${rig.tenant.graph}/v1.0/reports/authenticationMethods/userRegistrationDetails`
  const row = await (await fetch(`${report}/${world.person(TEST_USER).id}`)).json()
  expect(row).toMatchObject({ isMfaCapable: false, methodsRegistered: [] })
})

test('another number is kept and that is said, a shared or broken one needs a look, and the others go on', async () => {
  const rig = await openRig({ people: 40 })
  const { world } = rig.tenant
  const [fine, other, one, two, broken, same] = bare(rig, 6) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  world.setPhone(other, 'mobile', '+45 20304050')
  world.setPhone(same, 'mobile', world.person(same).ownMobile)
  for (const id of [one, two]) world.patchUser(id, { mobilePhone: '+45 20202020' })
  world.patchUser(broken, { mobilePhone: '4.20777E+11' })
  await rig.pass(60_000)
  const id = await drafted(rig, [fine, other, one, two, broken, same])
  await started(rig, id)
  await rig.until('prepare.done', 'pilot')
  const outcome = async (who: string) => (await rig.wavegate.service.member(id, who)).preparations[0]
  expect(await outcome(other)).toMatchObject({
    outcome: 'skipped',
    reason: 'keeps the number that is registered: +45 *** 050',
  })
  for (const who of [one, two]) {
    expect(await outcome(who)).toMatchObject({
      outcome: 'needs',
      reason: 'the same number is on another person',
    })
  }
  expect(await outcome(broken)).toMatchObject({ outcome: 'needs' })
  expect(await outcome(same)).toMatchObject({ outcome: 'already' })
  const set = ours(rig).map(({ person }) => person)
  expect(set).toContain(fine)
  for (const who of [other, one, two, broken, same]) expect(set).not.toContain(who)
  // No number stands whole in what was told.
  expect(JSON.stringify(rig.events)).not.toMatch(/\+\d{1,3} \d{6}/)
})

test('a file’s numbers replace where the plan says so, a 409 is no failure, and the undo brings back what gave way', async () => {
  const rig = await openRig({ people: 40 })
  const { world } = rig.tenant
  const [replaced, collides] = bare(rig, 2) as [string, string]
  const [someone] = world.people.filter((one) => one.kind === 'guest')
  world.setPhone(replaced, 'mobile', '+45 20304050')
  world.setPhone(someone?.id as string, 'mobile', world.person(collides).ownMobile)
  await rig.pass(60_000)
  const rows = [TEST_USER, replaced, collides].map((who) => {
    const { userPrincipalName, ownMobile } = world.person(who)
    return `${userPrincipalName};${ownMobile.replace(' ', '')}`
  })
  const bytes = Buffer.from(`UPN;Mobile\r\n${rows.join('\r\n')}\r\n`)
  async function* body() {
    yield bytes
  }
  const { file } = await rig.wavegate.service.uploadFile(METTE, { name: 'numbers.csv', bytes: body() })
  const waves = [
    { name: 'test-user', members: { users: [TEST_USER] } },
    { name: 'pilot', members: { users: [replaced, collides] } },
  ]
  const prepare = { phones: { from: 'numbers.csv', onDifferent: 'replace' as const } }
  const text = planText({ waves, prepare, gates: gates({ soak: { for: '24h' } }) })
  const made = await rig.answer(() =>
    rig.wavegate.service.createRollout(METTE, text, undefined, { 'numbers.csv': file.digest }),
  )
  const id = made.rollout.id
  await rig.show(id)
  await started(rig, id)
  await rig.until('wave.soaking', 'pilot')
  for (const who of [replaced, collides]) {
    const { ownMobile, phones } = world.person(who)
    expect(latest(phones).mobile).toBe(ownMobile)
    expect((await rig.wavegate.service.member(id, who)).preparations[0]?.outcome).toBe('done')
  }
  await rig.act(ONA, 'rollback', id, { withPreparation: true })
  await rig.ended(id)
  expect(latest(world.person(replaced).phones)).toEqual({ mobile: '+45 20304050' })
  expect(latest(world.person(collides).phones)).toEqual({})
})

test('what is asked by first, and what another hand changed since, is left by the undo and named', async () => {
  const rig = await openRig({ people: 40 })
  const { world } = rig.tenant
  const [first, foreign] = bare(rig, 2) as [string, string]
  await rig.pass(60_000)
  const id = await drafted(rig, [first, foreign])
  await started(rig, id)
  await rig.until('wave.soaking', 'pilot')
  world.setDefaultPhone(first, true)
  world.setPhone(foreign, 'mobile', '+45 20304050')
  await rig.pass(60_000)
  await rig.act(ONA, 'rollback', id, { withPreparation: true })
  expect((await rig.ended(id)).state).toBe('rollbackFailed')
  expect(members(rig)).toEqual([])
  const restore = async (who: string) => (await rig.wavegate.service.member(id, who)).preparations[0]?.restore
  expect(await restore(first)).toBe('failed')
  expect(await restore(foreign)).toBe('conflict')
  expect(latest(world.person(foreign).phones)).toEqual({ mobile: '+45 20304050' })
})

test('a tenant that lets nobody be asked by phone refuses the start', async () => {
  const rig = await openRig({ people: 40 })
  const [person] = bare(rig, 1) as [string]
  rig.tenant.world.setPhonePolicy({ sms: false })
  const id = await drafted(rig, [person])
  await rig.act(ANDERS, 'approve', id)
  await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({
    code: 'preflightFailed',
    details: { findings: [{ code: 'phoneMethodOff' }] },
  })
  rig.tenant.world.setPhonePolicy({ sms: true })
  const dry = await rig.act(METTE, 'start', id, { dryRun: true })
  expect(dry.says).toContain('Text messages may also be used for signing in')
})

test.each([
  ['no numbers any more', undefined],
  ['numbers of another type', { phones: { from: 'directory', type: 'office' } }],
])('a revision that says %s takes no number out of the undo', async (_, prepare) => {
  const rig = await openRig({ people: 40 })
  const [person] = bare(rig, 1) as [string]
  const id = await drafted(rig, [person])
  await started(rig, id)
  await rig.until('prepare.done', 'pilot')
  await rig.act(ONA, 'pause', id)
  const { text } = await rig.wavegate.service.plan(id)
  const { etag } = await rig.show(id)
  const revised = JSON.stringify({ ...JSON.parse(text), prepare })
  const asked = { rollout: id, text: revised, reason: 'another way', dryRun: false, ifMatch: etag }
  await rig.answer(() => rig.wavegate.service.revise(METTE, asked))
  await rig.act(ONA, 'rollback', id, { withPreparation: true })
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(latest(rig.tenant.world.person(person).phones).mobile).toBeUndefined()
  expect((await rig.wavegate.service.member(id, person)).preparations).toMatchObject([
    { restore: 'restored' },
  ])
})

test('a number that cannot be taken back leaves the rollback failed until somebody settles it by hand', async () => {
  const rig = await openRig({ people: 40 })
  const [person] = bare(rig, 1) as [string]
  const id = await drafted(rig, [person])
  await started(rig, id)
  await rig.until('prepare.done', 'pilot')
  const refused = { kind: 'status', status: 400, code: 'badRequest' } as const
  rig.tenant.addFault({
    method: 'DELETE',
    path: `users/${person}/authentication/phoneMethods`,
    times: 99,
    do: refused,
  })
  await rig.act(ONA, 'rollback', id, { withPreparation: true })
  expect((await rig.ended(id)).state).toBe('rollbackFailed')
  await rig.act(ONA, 'resolve', id, { people: [person] })
  expect((await rig.wavegate.service.member(id, person)).preparations).toMatchObject([
    { restore: 'resolved' },
  ])
  await rig.act(ONA, 'rollback', id, { withPreparation: true })
  expect((await rig.ended(id)).state).toBe('rolledBack')
})
