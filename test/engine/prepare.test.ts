import { expect, test } from 'vitest'
import { preparedChanges } from '../promises/case.ts'
import { breachesOf } from '../promises/judge.ts'
import { witness } from '../promises/witness.ts'
import { joined, members, moves, readyPeople } from './journal.ts'
import { LIST, listed, listings, listOfPrepared } from './list-of-prepared.ts'
import { gates, planText, REST, TEST_USER, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, DAY, HOUR, METTE, MINUTE, MONDAY, ONA, openRig, type Rig } from './rig.ts'

interface Story {
  rig: Rig
  id: string
  testUser: string
  pilot: string[]
}

const PROTECTS = {
  emergencyAccounts: ['bg1@contoso.onmicrosoft.com', 'bg2@contoso.onmicrosoft.com'],
  groups: ['Service accounts'],
}

async function drafted(pilotOf = 4, needs: () => readonly string[] = () => []): Promise<Story> {
  const rig: Rig = await openRig({ people: 30, preparations: listOfPrepared(() => rig, needs) })
  rig.tenant.world.createGroup({ displayName: LIST })
  const testUser = rig.tenant.world.person(TEST_USER).id
  const pilot = readyPeople(rig, pilotOf).toSorted()
  const waves = [
    { name: 'test-user', members: { users: [TEST_USER] } },
    { name: 'pilot', members: { users: pilot } },
  ]
  const id = await rig.draft(planText({ waves, prepare: {}, gates: gates({ soak: { for: '24h' } }) }))
  return { rig, id, testUser, pilot }
}

async function started(story: Story): Promise<Story> {
  await story.rig.act(ANDERS, 'approve', story.id)
  await story.rig.act(METTE, 'start', story.id)
  return story
}

test('a start that prepares people waits until an approver, who is somebody else, has approved the plan', async () => {
  const { rig, id } = await drafted()
  await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({ code: 'approvalMissing' })
  expect((await rig.act(METTE, 'start', id, { dryRun: true })).says).toContain('an approver has to approve')
  expect((await rig.show(id)).possible).toContain('approve')
  await expect(rig.act(METTE, 'approve', id)).rejects.toMatchObject({ code: 'roleTooWeak' })
  const both = { ...METTE, roles: ['approver', 'changeManager'] as const }
  await expect(rig.act(both, 'approve', id)).rejects.toMatchObject({ code: 'ownRequest' })
  expect((await rig.act(ANDERS, 'approve', id, { dryRun: true })).changed).toBe(false)
  expect((await rig.act(ANDERS, 'approve', id)).changed).toBe(true)
  expect((await rig.act(ANDERS, 'approve', id)).says).toBe('It is so already.')
  expect((await rig.show(id)).possible).not.toContain('approve')
  expect((await rig.act(METTE, 'start', id)).changed).toBe(true)
})

test('people are prepared before their wave is judged, the next wave while the one before soaks, and nobody else', async () => {
  const { rig, id, testUser, pilot } = await drafted()
  const seen = witness(rig, PROTECTS)
  await started({ rig, id, testUser, pilot })
  await rig.until('wave.soaking', 'test-user')
  expect(listings(rig).map(({ person }) => person)).toEqual([testUser])
  const soaking = rig.now()
  await rig.until('prepare.done', 'pilot')
  expect(rig.now() - soaking).toBeLessThan(HOUR)
  await rig.pass(10 * MINUTE)
  expect(listed(rig)).toEqual([testUser, ...pilot].toSorted())
  expect(members(rig)).toEqual([testUser])
  const [, ahead] = (await rig.show(id)).waves
  expect(ahead).toMatchObject({
    state: 'preparing',
    ahead: true,
    prepared: [{ step: 'phones', outcome: 'done', people: 4, warned: 0 }],
  })
  expect((await rig.wavegate.service.explain(id)).join('\n')).toContain('prepared ahead of its turn')
  const card = await rig.wavegate.service.member(id, pilot[0] as string)
  expect(card.preparations).toMatchObject([{ step: 'phones', outcome: 'done' }])
  expect(joined(rig)).toEqual([testUser])
  await rig.until('wave.soaking', 'pilot')
  expect(members(rig)).toEqual([testUser, ...pilot].toSorted())
  expect(listings(rig)).toHaveLength(5)
  const told = await seen.testify()
  expect(preparedChanges(told)).toHaveLength(5)
  expect(breachesOf(told)).toEqual([])
})

test('whoever a person has to look at is named, and the others go on', async () => {
  const needy: string[] = []
  const { rig, id, pilot } = await drafted(4, () => needy)
  needy.push(pilot[0] as string)
  await rig.act(ANDERS, 'approve', id)
  await rig.act(METTE, 'start', id)
  const event = await rig.until('prepare.needs', 'pilot')
  expect(event).toMatchObject({ reason: 'two lists name this person', data: { people: [pilot[0]] } })
  await rig.until('prepare.done', 'pilot')
  expect(listed(rig)).not.toContain(pilot[0])
  expect((await rig.show(id)).waves[1]?.prepared).toEqual([
    { step: 'phones', outcome: 'done', people: 3, warned: 0 },
    { step: 'phones', outcome: 'needs', people: 1, warned: 0 },
  ])
})

test('whoever came under protection since, or was so before us, is not changed; a pause stops the wave ahead too', async () => {
  const { rig, id, testUser, pilot } = await drafted()
  const [barred, there] = pilot as [string, string]
  rig.tenant.world.addMember(LIST, there)
  await started({ rig, id, testUser, pilot })
  rig.when(
    (event) => event.type === 'cohort.frozen' && rig.waveName(event.waveId) === 'pilot',
    () => {
      rig.tenant.world.addMember('Service accounts', barred)
      void rig.act(ONA, 'pause', id)
    },
  )
  await rig.until('hold.placed')
  await rig.pass(2 * HOUR)
  expect(listings(rig).map(({ person }) => person)).toEqual([testUser])
  await rig.act(ONA, 'resume', id)
  await rig.until('prepare.done', 'pilot')
  expect(listings(rig).map(({ person }) => person)).not.toContain(barred)
  expect(listings(rig).map(({ person }) => person)).not.toContain(there)
  const outcomes = async (person: string) => (await rig.wavegate.service.member(id, person)).preparations[0]
  expect(await outcomes(barred)).toMatchObject({ outcome: 'skipped', reason: 'protected' })
  expect(await outcomes(there)).toMatchObject({ outcome: 'already' })
})

test('a rollback leaves what was prepared, unless it is asked for: then it goes after the enforcement, newest wave first', async () => {
  const { rig, id, testUser, pilot } = await started(await drafted(2))
  await rig.until('prepare.done', 'pilot')
  const [first, second] = pilot as [string, string]
  const dry = await rig.act(ONA, 'rollback', id, { dryRun: true })
  expect(dry.says).toContain('The phones of 3 people stay')
  const person = { people: [second], withPreparation: true }
  expect((await rig.act(ONA, 'rollback', id, { ...person, dryRun: true })).says).toContain('go back too')
  await rig.act(ONA, 'rollback', id, person)
  await rig.until('unprepare.restored')
  expect(listed(rig)).toEqual([testUser, first].toSorted())
  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(members(rig)).toEqual([])
  expect(listed(rig)).toEqual([testUser, first].toSorted())
  await rig.act(ONA, 'rollback', id, { withPreparation: true })
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(listed(rig)).toEqual([])
  const off = listings(rig).flatMap(({ listed: isOn, person: who }) => (isOn ? [] : [who]))
  expect(off).toEqual([second, first, testUser])
  const card = await rig.wavegate.service.member(id, first)
  expect(card.preparations).toMatchObject([{ outcome: 'done', restore: 'restored' }])
})

test('a wave waits for its moment, and whoever has a later one of their own is changed then', async () => {
  const [wave, own] = [MONDAY + 3 * DAY, MONDAY + 4 * DAY]
  const people = new Map<string, number>()
  const beforeWave = [async () => ({ left: 0, notBefore: wave, people })]
  const preparations = { ...listOfPrepared(() => rig), beforeWave }
  const rig: Rig = await openRig({ people: 30, preparations })
  rig.tenant.world.createGroup({ displayName: LIST })
  const [late] = readyPeople(rig, 1) as [string]
  people.set(late, own)
  const waves = [{ name: 'test-user', members: { users: [TEST_USER, late] } }]
  const id = await rig.draft(planText({ waves, prepare: {} }))
  await rig.act(ANDERS, 'approve', id)
  await rig.act(METTE, 'start', id)
  await rig.until('wave.awaitingWindow')
  const told = (await rig.wavegate.service.explain(id)).join('\n')
  expect(told).toContain(`It waits until ${new Date(wave).toISOString()}`)
  await rig.act(ONA, 'pause', id)
  await rig.act(ONA, 'resume', id)
  await rig.until('wave.soaking')
  const moments = new Map(moves(rig).map(({ person, at }) => [person, at]))
  expect(moments.get(rig.tenant.world.person(TEST_USER).id)).toBeGreaterThanOrEqual(wave)
  expect(moments.get(rig.tenant.world.person(TEST_USER).id)).toBeLessThan(wave + HOUR)
  expect(moments.get(late)).toBeGreaterThanOrEqual(own)
  expect(moments.get(late)).toBeLessThan(own + HOUR)
})

test('after a revision nobody is prepared before it is approved as it is; whoever was prepared is left so', async () => {
  const { rig, id, pilot } = await started(await drafted(2))
  await rig.until('prepare.done', 'pilot')
  await rig.act(ONA, 'pause', id)
  const { plan } = await rig.wavegate.service.plan(id).then(({ text }) => ({ plan: JSON.parse(text) }))
  const revised = JSON.stringify({ ...plan, change: 'CHG2' })
  const { etag } = await rig.show(id)
  await rig.answer(() =>
    rig.wavegate.service.revise(METTE, {
      rollout: id,
      text: revised,
      reason: 'another ticket',
      dryRun: false,
      ifMatch: etag,
    }),
  )
  await rig.act(ONA, 'resume', id)
  const hold = await rig.until((event) => event.type === 'hold.placed' && event.waveId !== null, 'pilot')
  expect(hold.data).toMatchObject({ hold: { kind: 'error', code: 'approvalMissing' } })
  await rig.act(ANDERS, 'approve', id)
  await rig.act(ONA, 'resume', id, { wave: 'pilot' })
  await rig.until('wave.soaking', 'pilot')
  expect(listings(rig)).toHaveLength(1 + pilot.length)
})

test('while the wave before is over its budget nobody of the next one is prepared', async () => {
  const rig: Rig = await openRig({
    people: 120,
    scenario: 'bad-numbers',
    preparations: listOfPrepared(() => rig),
  })
  rig.tenant.world.createGroup({ displayName: LIST })
  const [next] = readyPeople(rig, 1) as [string]
  const waves = [TEST_WAVE, { name: 'most', members: { share: '80%' } }, REST]
  const budget = { lockedOut: { max: '1%', onSpent: 'hold' }, failedChanges: { max: '50%', onSpent: 'hold' } }
  const plan = planText({ waves, prepare: {}, gates: gates({ budget, soak: { for: '48h' } } as never) })
  const { id } = await started({ rig, id: await rig.draft(plan), testUser: '', pilot: [next] })
  const isFrozen = (event: { type: string; waveId: string | null }) =>
    event.type === 'cohort.frozen' && rig.waveName(event.waveId) === 'everyone'
  rig.when(isFrozen, () => void rig.act(ONA, 'pause', id, { wave: 'everyone' }))
  await rig.until((event) => (event.data['hold'] as { kind?: string } | undefined)?.kind === 'budgetSpent')
  const prepared = listed(rig)
  await rig.act(ONA, 'resume', id, { wave: 'everyone' })
  await rig.pass(2 * HOUR)
  expect(listed(rig)).toEqual(prepared)
  const { members: all } = await rig.wavegate.service.members(id, 'most', { limit: 500 })
  const people = all.filter((one) => one.lockedOutNow).map((one) => one.personId)
  await rig.act(ONA, 'rollback', id, { people, ifMatch: undefined })
  await rig.until('members.restored')
  await rig.pass(HOUR)
  await rig.act(ANDERS, 'accept', id, { wave: 'most', gates: ['lockedOut'] })
  await rig.until('prepare.done', 'everyone')
  expect(listed(rig).length).toBeGreaterThan(prepared.length)
})
