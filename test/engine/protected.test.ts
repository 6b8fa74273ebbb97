import { expect, test } from 'vitest'
import { joined, readyPeople, touched } from './journal.ts'
import { gates, planText, REST, TEST_USER, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, MINUTE, openRig, type Rig } from './rig.ts'

const USER_ADMINISTRATOR = 'fe930be7-5e62-47db-91af-98c3a49a38b1'

/** Who must never be changed by us, whatever a plan says. */
function untouchable(rig: Rig) {
  const { world } = rig.tenant
  const service = new Set(world.members('Service accounts'))
  return world.people.filter(
    (person) =>
      person.kind === 'emergency' ||
      person.kind === 'guest' ||
      service.has(person.id) ||
      person.roles.length > 0 ||
      !person.accountEnabled ||
      person.unreported,
  )
}

test('a plan for everybody touches no emergency account, no protected account, no guest, nobody with a role', async () => {
  const rig = await openRig({ people: 120 })
  const [unreported] = readyPeople(rig, 1)
  Object.assign(rig.tenant.world.person(unreported as string), { unreported: true })
  const id = await rig.started(planText({ waves: [TEST_WAVE, REST] }))
  await rig.until('wave.soaking', 'everyone')
  const never = untouchable(rig)
  expect(new Set(never.map((person) => person.kind))).toEqual(
    new Set(['emergency', 'guest', 'service', 'shared', 'member']),
  )
  const ours = touched(rig)
  expect(ours.size).toBeGreaterThan(30)
  expect(never.filter((person) => ours.has(person.id)).map((person) => person.userPrincipalName)).toEqual([])
  const view = await rig.show(id)
  expect(view.leftOut.map(({ reason }) => reason).toSorted()).toEqual([
    'directoryRole',
    'directoryRoleUnknown',
    'disabledAccount',
    'guest',
    'protectedEmergency',
    'protectedGroup',
  ])
})

test('somebody who is protected after the cohort was frozen is left out at the moment of the write', async () => {
  const rig = await openRig()
  const [late] = readyPeople(rig, 1) as [string]
  const approved = gates({ approval: { from: 'approver' } })
  const id = await rig.started(planText({ waves: [userWave(late)], gates: approved }))
  await rig.until('wave.awaitingApproval')
  rig.tenant.world.addMember('Service accounts', late)
  // Until the directory shows it.
  await rig.pass(2 * MINUTE)
  await rig.act(ANDERS, 'approve', id, { wave: 'test-user' })
  await rig.until('wave.soaking')
  expect(joined(rig)).toEqual([rig.tenant.world.person(TEST_USER).id])
  expect(await rig.wavegate.service.member(id, late)).toMatchObject({
    outcome: 'skipped',
    reason: 'protected',
  })
})

test('somebody who is given a directory role after the cohort was frozen waits for later', async () => {
  const rig = await openRig()
  const [late] = readyPeople(rig, 1) as [string]
  rig.when('cohort.frozen', () => rig.tenant.world.patchUser(late, { roles: [USER_ADMINISTRATOR] }))
  const id = await rig.started(planText({ waves: [userWave(late)] }))
  await rig.until('wave.soaking')
  expect(touched(rig).has(late)).toBe(false)
  expect(await rig.wavegate.service.member(id, late)).toMatchObject({ deferred: 'directoryRole' })
})

test('somebody who is given a directory role while their wave is under way is not put under MFA any more', async () => {
  const rig = await openRig()
  const late = readyPeople(rig, 3)
  const id = await rig.started(planText({ waves: [userWave(...late)], pace: { people: 1, per: '2h' } }))
  await rig.until('members.inPlace')
  const waiting = late.filter((person) => !joined(rig).includes(person)).at(-1) as string
  rig.tenant.world.patchUser(waiting, { roles: [USER_ADMINISTRATOR] })
  await rig.until('wave.soaking')
  expect(touched(rig).has(waiting)).toBe(false)
  expect(await rig.wavegate.service.member(id, waiting)).toMatchObject({
    outcome: 'skipped',
    reason: 'directoryRole',
  })
})

const REPORT = 'userRegistrationDetails'

test('a report that is empty at the moment of the write says of nobody that they hold no role: nobody is changed', async () => {
  const rig = await openRig()
  const people = readyPeople(rig, 2)
  const id = await rig.started(planText({ waves: [userWave(...people)] }))
  await rig.until('wave.enforcing')
  rig.tenant.addFault({ path: REPORT, do: { kind: 'status', status: 200, body: { value: [] } } })
  await rig.until('hold.placed')
  expect((await rig.show(id)).waves[0]).toMatchObject({
    state: 'enforcing',
    holds: [{ kind: 'stuck', code: 'graph.unreadable' }],
    counts: { pending: 3, skipped: 0 },
  })
  expect(joined(rig)).toEqual([])
  rig.tenant.clearFaults()
  await rig.until('wave.soaking')
  expect(joined(rig)).toHaveLength(3)
})

test('one person whom the report does not have at the moment of the write is skipped, the others go', async () => {
  const rig = await openRig()
  const people = readyPeople(rig, 3)
  const id = await rig.started(planText({ waves: [userWave(...people)] }))
  await rig.until('wave.enforcing')
  const [unreported] = people as [string]
  Object.assign(rig.tenant.world.person(unreported), { unreported: true })
  await rig.until('wave.soaking')
  expect(touched(rig).has(unreported)).toBe(false)
  expect(await rig.wavegate.service.member(id, unreported)).toMatchObject({
    outcome: 'skipped',
    reason: 'directoryRoleUnknown',
  })
  expect(joined(rig)).toHaveLength(3)
})

function userWave(...people: string[]) {
  return { name: 'test-user', members: { users: [TEST_USER, ...people] } }
}
