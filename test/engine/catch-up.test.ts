import { describe, expect, test } from 'vitest'
import { joined, left, members, readyPeople, touched } from './journal.ts'
import { GROUP, gates, POLICY, planText, TEST_USER, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, DAY, HANNE, HOUR, knowAnders, METTE, MINUTE, ONA, openRig, type Rig } from './rig.ts'

const CATCH_UP = { name: 'leftovers', every: '2d' }

interface Few {
  rig: Rig
  id: string
  /** Four people of the second wave; the last of them cannot use MFA yet. */
  people: [string, string, string, string]
}

/** The test user, then four people of whom one is not ready; after them the catch-up. */
async function few(more: object = {}): Promise<Few> {
  const rig = await openRig()
  const people = readyPeople(rig, 4) as Few['people']
  rig.tenant.world.setMethods(people[3], [])
  const wave = { name: 'few', members: { users: people } }
  const id = await rig.started(planText({ waves: [TEST_WAVE, wave], catchUp: CATCH_UP, ...more }))
  return { rig, id, people }
}

const waveOf = async (rig: Rig, id: string, name: string) => {
  const found = (await rig.show(id)).waves.find((wave) => wave.name === name)
  if (!found) throw new Error(`there is no wave ${name}`)
  return found
}
const makeReady = (rig: Rig, person: string) =>
  rig.tenant.world.setMethods(person, ['microsoftAuthenticatorPush'])

describe('who is left over after the last wave', () => {
  test('is taken by a round of their own as soon as they are ready, and then the rollout is completed', async () => {
    const { rig, id, people } = await few()
    await rig.until('wave.added')
    await rig.pass(5 * DAY)
    const waiting = await rig.show(id)
    expect(waiting).toMatchObject({ state: 'running', leftovers: 1, nextLookAt: expect.any(String) })
    expect(waiting.waves.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'test-user completed',
      'few completed',
      'leftovers pending',
    ])
    expect(members(rig)).not.toContain(people[3])
    makeReady(rig, people[3])
    await rig.until('wave.soaking', 'leftovers')
    expect(members(rig)).toContain(people[3])
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', leftovers: 0 })
    expect((await waveOf(rig, id, 'few')).counts).toMatchObject({
      members: 4,
      moved: 1,
      inPlace: 3,
      deferred: 0,
    })
    expect((await waveOf(rig, id, 'leftovers')).counts).toMatchObject({ members: 1, moved: 0, inPlace: 1 })
  })

  test('stays under MFA when the wave they came from is taken back', async () => {
    const { rig, id, people } = await few()
    await rig.until('wave.added')
    makeReady(rig, people[3])
    await rig.until('wave.soaking', 'leftovers')
    await rig.act(ONA, 'rollback', id, { wave: 'few' })
    await rig.until('wave.rolledBack', 'few')
    expect(left(rig).toSorted()).toEqual(people.slice(0, 3).toSorted())
    expect(members(rig)).toContain(people[3])
    expect((await waveOf(rig, id, 'few')).counts).toMatchObject({ members: 4, moved: 1, restored: 3 })
  })

  test('goes back with the rollout, newest round first', async () => {
    const { rig, id, people } = await few()
    await rig.until('wave.added')
    makeReady(rig, people[3])
    await rig.until('wave.soaking', 'leftovers')
    await rig.act(ONA, 'rollback', id)
    expect((await rig.ended(id)).state).toBe('rolledBack')
    expect(members(rig)).toEqual([])
    expect(left(rig)[0]).toBe(people[3])
  })

  test('is left to a person: the round that waits is skipped, and the rollout ends with leftovers by name', async () => {
    const { rig, id, people } = await few()
    await rig.until('wave.added')
    await rig.act(METTE, 'skip', id, { wave: 'leftovers', reason: 'she leaves in May' })
    const view = await rig.ended(id)
    expect(view).toMatchObject({ state: 'completedWithLeftovers', leftovers: 1, nextLookAt: null })
    makeReady(rig, people[3])
    await rig.pass(10 * DAY)
    expect(members(rig)).not.toContain(people[3])
  })

  test('is nobody any more when the last of them has left; the round that waited is gone', async () => {
    const { rig, id, people } = await few()
    await rig.until('wave.added')
    rig.tenant.world.deleteUser(people[3])
    const view = await rig.ended(id)
    expect(view.waves.map(({ name }) => name)).toEqual(['test-user', 'few'])
  })

  test('waits while the rollout is paused, and a round asks for its approval like any wave', async () => {
    const { rig, id, people } = await few({
      gates: gates({ approval: { from: 'approver', answerWithin: '30d' } }),
    })
    for (const wave of ['test-user', 'few']) {
      await rig.until('wave.awaitingApproval', wave)
      await rig.act(ANDERS, 'approve', id, { wave })
    }
    await rig.until('wave.added')
    await rig.act(METTE, 'pause', id)
    makeReady(rig, people[3])
    await rig.pass(10 * DAY)
    expect((await waveOf(rig, id, 'leftovers')).state).toBe('pending')
    await rig.act(METTE, 'resume', id)
    await rig.until('wave.awaitingApproval', 'leftovers')
    await rig.pass(DAY)
    expect(members(rig)).not.toContain(people[3])
    await rig.act(ANDERS, 'approve', id, { wave: 'leftovers' })
    expect((await rig.ended(id)).state).toBe('completed')
  })

  test('goes in rounds that begin no closer to one another than the plan says', async () => {
    const { rig, id, people } = await few({ catchUp: { name: 'leftovers', every: '9d' } })
    rig.tenant.world.setMethods(people[2], [])
    await rig.until('wave.added')
    makeReady(rig, people[3])
    const first = await rig.until('wave.preparing', 'leftovers')
    makeReady(rig, people[2])
    const second = await rig.until('wave.preparing', 'leftovers-2')
    expect(second.at - first.at).toBeGreaterThanOrEqual(9 * DAY)
    expect(second.at - first.at).toBeLessThan(9 * DAY + 5 * MINUTE)
    expect((await rig.ended(id)).waves.map(({ name }) => name)).toEqual([
      'test-user',
      'few',
      'leftovers',
      'leftovers-2',
    ])
  })

  test('and holds a directory role by now is left over, and the rollout does not stay open for them', async () => {
    const { rig, id, people } = await few()
    await rig.until('wave.added')
    rig.tenant.world.person(people[3]).roles.push('62e90394-69f5-4237-9190-012177145e10')
    const view = await rig.ended(id)
    expect(view).toMatchObject({ state: 'completedWithLeftovers', leftovers: 1 })
    expect(view.waves.map(({ name }) => name)).toEqual(['test-user', 'few'])
    const said = rig.events.find(({ type }) => type === 'leftovers.never')
    expect(said?.data).toEqual({ people: [people[3]] })
    expect((await rig.wavegate.service.leftovers(id)).map((one) => one.personId)).toEqual([people[3]])
  })

  test('waits for a method that meets the strength of the plan, not for any second factor', async () => {
    const rig = await openRig()
    const [key, phone] = readyPeople(rig, 2) as [string, string]
    const withKey = (person: string) => rig.tenant.world.setMethods(person, ['passKeyDeviceBound'])
    for (const person of [TEST_USER, key]) withKey(person)
    rig.tenant.world.setMethods(phone, ['mobilePhone'])
    await rig.pass(6 * HOUR)
    const enforce = { by: 'conditional-access', group: GROUP, policy: POLICY } as const
    const waves = [TEST_WAVE, { name: 'few', members: { users: [key, phone] } }]
    const strong = { enforce: { ...enforce, strength: 'phishing-resistant' }, waves, catchUp: CATCH_UP }
    const id = await rig.started(planText(strong as never))
    await rig.until('wave.added')
    await rig.pass(8 * DAY)
    expect((await waveOf(rig, id, 'leftovers')).state).toBe('pending')
    withKey(phone)
    await rig.until('wave.soaking', 'leftovers')
    expect(members(rig)).toContain(phone)
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', leftovers: 0 })
  })

  test('is counted anew after a restart of the server', async () => {
    const { rig, id, people } = await few()
    await rig.until('wave.added')
    await rig.stop()
    makeReady(rig, people[3])
    await rig.pass(3 * DAY)
    await rig.reopen()
    expect((await rig.ended(id)).state).toBe('completed')
  })

  test('is looked for again when the directory could not be read', async () => {
    const { rig, id, people } = await few()
    await rig.until('wave.added')
    rig.tenant.world.permissions.delete('AuditLog.Read.All')
    await rig.until('hold.placed')
    expect(await rig.show(id)).toMatchObject({ state: 'running', holds: [{ kind: 'error' }] })
    rig.tenant.world.permissions.add('AuditLog.Read.All')
    makeReady(rig, people[3])
    await rig.act(METTE, 'resume', id)
    expect((await rig.ended(id)).state).toBe('completed')
  })
})

describe('who waits by name', () => {
  test('a person who was deferred is taken after the date, not before', async () => {
    const rig = await openRig()
    const people = readyPeople(rig, 3)
    const id = await rig.draft(
      planText({ waves: [TEST_WAVE, { name: 'few', members: { users: people } }], catchUp: CATCH_UP }),
    )
    await knowAnders(rig)
    const until = new Date(rig.now() + 12 * DAY).toISOString()
    await rig.act(HANNE, 'defer', id, { people: [people[0] as string], approver: ANDERS.person, until })
    await rig.act(METTE, 'start', id)
    const begun = await rig.until('wave.preparing', 'leftovers')
    expect(begun.at).toBeGreaterThanOrEqual(Date.parse(until))
    expect(begun.at).toBeLessThan(Date.parse(until) + 2 * DAY)
    expect((await rig.ended(id)).state).toBe('completed')
    expect(members(rig)).toContain(people[0])
  })

  test('a person who was taken back is taken again only after a release and with readiness newer than that', async () => {
    const { rig, id, people } = await few()
    makeReady(rig, people[3])
    await rig.until('wave.soaking', 'few')
    await rig.act(ONA, 'rollback', id, { people: [people[0]] })
    await rig.until('wave.added')
    await rig.pass(10 * DAY)
    expect(await rig.show(id)).toMatchObject({ state: 'running', leftovers: 1 })
    expect(members(rig)).not.toContain(people[0])
    await rig.act(ONA, 'release', id, { people: [people[0]] })
    await rig.until('wave.soaking', 'leftovers')
    expect(members(rig)).toContain(people[0])
    expect((await rig.ended(id)).state).toBe('completed')
    await rig.act(ONA, 'rollback', id)
    await rig.until('rollout.rolledBack')
    expect(members(rig)).toEqual([])
  })

  test('the people of a wave that was taken back wait for a release too', async () => {
    const { rig, id, people } = await few()
    makeReady(rig, people[3])
    await rig.until('wave.soaking', 'few')
    await rig.act(ONA, 'rollback', id, { wave: 'few' })
    await rig.until('wave.rolledBack', 'few')
    await rig.act(METTE, 'resume', id)
    await rig.pass(10 * DAY)
    expect(members(rig)).toHaveLength(1)
    await rig.act(ONA, 'release', id, { people: [people[1]] })
    await rig.until('wave.soaking', 'leftovers')
    expect(members(rig)).toHaveLength(2)
  })
})

describe('who comes after the waves were prepared', () => {
  async function hired(newJoiners: 'last-wave' | 'catch-up' | 'none', catchUp = true) {
    const rig = await openRig()
    const waves = [
      TEST_WAVE,
      { name: 'first', members: { filter: { department: 'IT' } } },
      { name: 'rest', members: 'rest' as const },
    ]
    const plan = planText({ waves, tenant: { newJoiners }, ...(catchUp ? { catchUp: CATCH_UP } : {}) })
    const id = await rig.started(plan)
    await rig.until('wave.enforcing', 'first')
    const department = 'IT'
    const person = rig.tenant.world.hire({
      userPrincipalName: 'new@contoso.com',
      displayName: 'New Person',
      department,
    })
    makeReady(rig, person)
    return { rig, id, person }
  }

  test('goes with the last open wave, unless the plan says otherwise', async () => {
    const { rig, id, person } = await hired('last-wave')
    await rig.until('wave.soaking', 'rest')
    expect(await rig.wavegate.service.member(id, person)).toMatchObject({ wave: 'rest' })
  })

  test('goes to the catch-up and to no wave before it, where the plan says so', async () => {
    const { rig, id, person } = await hired('catch-up')
    await rig.until('wave.soaking', 'rest')
    expect(joined(rig)).not.toContain(person)
    await rig.until('wave.soaking', 'leftovers')
    expect(await rig.wavegate.service.member(id, person)).toMatchObject({ wave: 'leftovers' })
    expect(members(rig)).toContain(person)
  })

  test('and was deferred by name waits for that day in the catch-up too', async () => {
    const { rig, id, person } = await hired('catch-up')
    await knowAnders(rig)
    const later = { approver: ANDERS.person, until: '2026-03-20' }
    await rig.act(HANNE, 'defer', id, { people: [person], ...later })
    await rig.until('wave.added')
    await rig.pass(5 * DAY)
    expect(rig.now()).toBeLessThan(Date.parse('2026-03-18'))
    expect(joined(rig)).not.toContain(person)
    await rig.until('wave.soaking', 'leftovers')
    expect(rig.now()).toBeGreaterThan(Date.parse('2026-03-20'))
    expect(members(rig)).toContain(person)
  })

  test('goes nowhere where the plan wants none, and is listed as left out', async () => {
    const { rig, id, person } = await hired('none')
    await rig.until('wave.added')
    await rig.pass(3 * DAY)
    expect(touched(rig)).not.toContain(person)
    const out = await rig.wavegate.service.leftOut(id)
    expect(out.find(({ personId }) => personId === person)).toMatchObject({ reason: 'newJoiner' })
  })

  test('of all waves, where no catch-up comes, is left over by name with the reason', async () => {
    const rig = await openRig()
    const waves = [TEST_WAVE, { name: 'rest', members: 'rest' as const }]
    const id = await rig.started(planText({ waves }))
    await rig.until('wave.enforcing', 'rest')
    const person = rig.tenant.world.hire({
      userPrincipalName: 'new@contoso.com',
      displayName: 'New Person',
      department: 'IT',
    })
    makeReady(rig, person)
    const view = await rig.ended(id)
    expect(touched(rig)).not.toContain(person)
    const leftovers = await rig.wavegate.service.leftovers(id)
    expect(leftovers.find(({ personId }) => personId === person)).toEqual({
      personId: person,
      upn: 'new@contoso.com',
      displayName: 'New Person',
      wave: null,
      reason: 'afterLastFreeze',
    })
    expect(view).toMatchObject({ state: 'completedWithLeftovers', leftovers: leftovers.length })
    expect(view.leftOut).toContainEqual({ reason: 'afterLastFreeze', people: 1 })
  })
})
