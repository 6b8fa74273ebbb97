import { expect, test } from 'vitest'
import { planText, REST, TEST_WAVE } from './plan-of-waves.ts'
import { HOUR, METTE, ONA, openRig, type Rig } from './rig.ts'

const GATHER = { reason: 'before the change board', dryRun: false, again: false }

async function gathered(rig: Rig, more: object = {}) {
  await rig.wavegate.service.gatherPeople(METTE, { ...GATHER, ...more })
  return await rig.until('people.gathered')
}

function sourcesOf(rig: Rig) {
  return rig.wavegate.service
    .gathering()
    .then(({ sources }) => Object.fromEntries(sources.map((one) => [one.source, one])))
}

test('what is known of everybody comes by a few calls, each fact with its source and age', async () => {
  const rig = await openRig({ people: 120, scenario: 'legacy-clients' })
  const { service } = rig.wavegate
  expect((await service.gathering()).says).toBe('nothing is known of anybody yet')
  const { data } = await gathered(rig)
  expect(data).toMatchObject({ people: 120, failed: [] })
  expect(data.calls).toBeLessThan(30)
  const { people } = rig.tenant.world
  const old = people.find((person) => person.habit.legacyClient && !person.habit.device)
  const known = await service.knownPerson(old?.userPrincipalName ?? '')
  expect(known.verdict).toMatchObject({ is: 'legacyClient' })
  const facts = Object.fromEntries(known.facts.map((one) => [one.source, one]))
  expect(facts['account']?.facts).toMatchObject({ licence: 'P1', department: old?.department })
  expect(facts['legacy']?.facts).toMatchObject({ clients: [{ client: old?.habit.legacyClient }] })
  expect(facts['registration']?.ageMs).toBeLessThan(HOUR)
  expect(facts['perUserMfa']).toMatchObject({ readAt: null, facts: null })
  expect(JSON.stringify(known)).not.toContain(old?.mobilePhone ?? 'no number')
  const boss = people.find((person) => person.roles.length > 0 && person.kind === 'member')
  expect((await service.knownPerson(boss?.id ?? '')).verdict.is).toBe('administrator')
  const quiet = people.find((person) => person.habit.away && person.quietDays && person.kind === 'member')
  if (quiet) expect((await service.knownPerson(quiet.id)).verdict.is).toBe('away')
  await expect(service.knownPerson('nobody@contoso.com')).rejects.toMatchObject({ code: 'personUnknown' })
})

test('lists by verdict come page by page, each person once', async () => {
  const rig = await openRig({ people: 120 })
  await gathered(rig)
  const { service } = rig.wavegate
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await service.listPeople({ verdict: 'needsNumber', limit: 3, cursor })
    expect(page.people.every((one) => one.verdict.is === 'needsNumber')).toBe(true)
    seen.push(...page.people.map((one) => one.personId))
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.length).toBeGreaterThan(6)
  await expect(service.listPeople({ limit: 3, cursor: 'nonsense' })).rejects.toMatchObject({
    code: 'requestInvalid',
  })
})

test('after a crash it goes on where it was, and reads nothing twice', async () => {
  const rig = await openRig({ people: 1_100 })
  await rig.wavegate.service.gatherPeople(METTE, GATHER)
  await rig.until((event) => event.type === 'people.read' && event.data.source === 'account')
  const underWay = await rig.wavegate.service.gathering()
  expect(underWay).toMatchObject({ gathering: true, people: 1_100, expected: 1_100 })
  expect(underWay.secondsLeft).toBeGreaterThan(5)
  await rig.stop()
  await rig.reopen()
  await rig.until('people.gathered')
  const sources = await sourcesOf(rig)
  expect(sources['account']).toMatchObject({ state: 'read', rows: 1_100, calls: 3 })
  expect(sources['activity']).toMatchObject({ state: 'read', rows: 1_100, calls: 3 })
  const reads = rig.events.filter((event) => event.type === 'people.read').map((event) => event.data.source)
  expect(reads.toSorted()).toEqual(['account', 'activity', 'legacy', 'registration', 'rhythm', 'roles'])
})

test('afterwards only what changed is read, and everybody again where Microsoft forgot where we were', async () => {
  const rig = await openRig({ people: 60 })
  await gathered(rig)
  const { world } = rig.tenant
  const [left, renamed] = world.people.filter((person) => person.department === 'IT' && person.index > 2)
  world.deleteUser(left?.id ?? '')
  world.patchUser(renamed?.id ?? '', { displayName: 'Somebody Else' })
  const hired = world.hire({ userPrincipalName: 'new@contoso.com', displayName: 'New One' })
  await rig.pass(2 * HOUR)
  await gathered(rig)
  expect((await sourcesOf(rig))['account']).toMatchObject({ rows: 3, calls: 1 })
  const { service } = rig.wavegate
  expect((await service.knownPerson(left?.id ?? '')).goneAt).not.toBeNull()
  expect((await service.knownPerson(renamed?.id ?? '')).displayName).toBe('Somebody Else')
  expect((await service.knownPerson(hired)).verdict.is).toBe('unknown')
  rig.tenant.addFault({
    path: '/users/delta',
    times: 1,
    do: { kind: 'status', status: 410, code: 'syncStateNotFound' },
  })
  await rig.pass(2 * HOUR)
  await gathered(rig)
  expect((await sourcesOf(rig))['account']).toMatchObject({ state: 'read', rows: 60, calls: 2 })
})

test('a source that fails is kept as failed with the reason, the others go on, and nobody is ready by it', async () => {
  const rig = await openRig({ people: 60, scenario: 'no-p1' })
  const { data } = await gathered(rig)
  expect((data.failed as string[]).toSorted()).toEqual(['activity', 'legacy', 'registration', 'rhythm'])
  const sources = await sourcesOf(rig)
  expect(sources['registration']).toMatchObject({
    state: 'failed',
    why: expect.stringContaining('Entra ID P1'),
  })
  expect(sources['roles']).toMatchObject({ state: 'read', why: null })
  const { service } = rig.wavegate
  const { verdict } = await service.knownPerson('test.user@contoso.com')
  expect(verdict).toMatchObject({ is: 'unknown' })
  expect(verdict.reasons[0]?.says).toContain(
    'the registration report could not be read: it needs Entra ID P1',
  )
  expect((await service.listPeople({ verdict: 'ready', limit: 10 })).people).toEqual([])
})

test('a reading that is refused later takes nobody’s readiness for granted, and comes back by itself', async () => {
  const rig = await openRig({ people: 60 })
  await gathered(rig)
  const { service } = rig.wavegate
  expect((await service.knownPerson('test.user@contoso.com')).verdict.is).toBe('ready')
  rig.tenant.world.permissions.delete('AuditLog.Read.All')
  await gathered(rig, { again: true })
  const refused = await service.knownPerson('test.user@contoso.com')
  expect(refused.verdict).toMatchObject({ is: 'unknown' })
  expect(refused.facts.find((one) => one.source === 'registration')).toMatchObject({
    why: expect.stringContaining('AuditLog.Read.All'),
    facts: { isMfaCapable: true },
  })
  rig.tenant.world.permissions.add('AuditLog.Read.All')
  await gathered(rig)
  expect((await service.knownPerson('test.user@contoso.com')).verdict.is).toBe('ready')
})

test('what only a call a person gives is read for a wave alone, and the calls are said before', async () => {
  const rig = await openRig()
  const id = await rig.started()
  await rig.until('wave.soaking', 'test-user')
  const { service } = rig.wavegate
  const wanted = { ...GATHER, rollout: id, wave: 'test-user' }
  expect((await service.gatherPeople(METTE, { ...wanted, dryRun: true })).says).toContain('1 calls')
  await service.gatherPeople(ONA, wanted)
  expect((await rig.until('people.asked')).data).toEqual({ people: 1, read: 1 })
  const { facts } = await service.knownPerson('test.user@contoso.com')
  expect(facts.find((one) => one.source === 'perUserMfa')?.facts).toEqual({ state: 'disabled' })
})

test('people with a phone alone are counted down, and a plan that outlasts the day is warned of', async () => {
  const rig = await openRig({ people: 60, start: Date.parse('2027-01-31T07:00:00Z') })
  await gathered(rig)
  const { rollout, warnings } = await rig.create(planText({ waves: [TEST_WAVE, REST] }))
  expect(rollout.phoneOnly).toMatchObject([{ until: '2027-02-01', daysLeft: 1 }])
  expect(rollout.phoneOnly[0]?.waysOut).toContain('passkey')
  expect(rollout.phoneOnly[0]?.says).toMatch(
    /^\d+ people of the whole tenant, not only of this rollout, as counted at /,
  )
  expect(warnings.map(({ code }) => code)).toContain('phoneOnlyPeople')
  const tenant = { telephonyProvider: true }
  const provided = await rig.create(planText({ waves: [TEST_WAVE, REST], tenant }))
  expect(provided.rollout.phoneOnly).toEqual([])
  expect(provided.warnings.map(({ code }) => code)).not.toContain('phoneOnlyPeople')
})
