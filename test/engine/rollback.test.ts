import { describe, expect, test } from 'vitest'
import { joined, left, members, moves, policy, policyStates, readyPeople, touched } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { GROUP, PILOT, POLICY, planText, REST, TEST_USER, TEST_WAVE } from './plan-of-waves.ts'
import { DAY, METTE, ONA, openRig, type Rig } from './rig.ts'

const TAKE_OUT = { method: 'DELETE', path: '/members/' }

/** Everybody of the rollout under MFA, the last wave soaking. */
async function underWay(people = 40): Promise<{ rig: Rig; id: string }> {
  const rig = await openRig({ people })
  const id = await rig.started(planText({ waves: [TEST_WAVE, PILOT, REST] }))
  await rig.until('wave.soaking', 'everyone')
  return { rig, id }
}

async function five(): Promise<{ rig: Rig; id: string; people: string[] }> {
  const rig = await openRig()
  const people = [rig.tenant.world.person(TEST_USER).id, ...readyPeople(rig, 4)].toSorted()
  const waves = [{ name: 'test-user', members: { users: people } }]
  const id = await rig.started(planText({ waves }))
  await rig.until('wave.soaking')
  return { rig, id, people }
}

test('a rollout goes back newest wave first, the policy last, each person as recorded; who had MFA before has it still', async () => {
  const rig = await openRig({ people: 80 })
  const { world } = rig.tenant
  const hadIt = world.people.filter((person) => person.perUserMfa !== 'disabled')
  expect(hadIt.length).toBeGreaterThan(2)
  const before = hadIt.map((person) => person.perUserMfa)
  const id = await rig.started(planText({ waves: [TEST_WAVE, PILOT, REST] }))
  await rig.until('wave.soaking', 'everyone')
  const went = joined(rig)
  const answer = await rig.act(ONA, 'rollback', id)
  expect(answer.people.map((person) => person.personId).toSorted()).toEqual(went.toSorted())
  const view = await rig.ended(id)
  expect(view).toMatchObject({ state: 'rolledBack', phase: 'Healthy' })
  expect(view.waves.map((wave) => wave.state)).toEqual(['rolledBack', 'rolledBack', 'rolledBack'])

  const restored = rig.events
    .filter((event) => event.type === 'wave.rolledBack')
    .map((event) => rig.waveName(event.waveId))
  expect(restored).toEqual(['everyone', 'pilot', 'test-user'])
  expect(members(rig)).toEqual([])
  expect(left(rig).toSorted()).toEqual(went.toSorted())
  const back = policyStates(rig).at(-1)
  expect(back).toMatchObject({ actor: 'app', state: 'enabledForReportingButNotEnforced' })
  expect(back?.seq).toBeGreaterThan(Math.max(...moves(rig).map((move) => move.seq)))
  expect(hadIt.map((person) => person.perUserMfa)).toEqual(before)
  expect([...touched(rig)].toSorted()).toEqual(went.toSorted())

  const { images, attempts, tenantImages } = await ledgerOf(rig)
  expect(images.every((image) => image.closed_at !== null)).toBe(true)
  expect(tenantImages).toMatchObject([{ kind: 'policy', image: null, closed_at: expect.any(Number) }])
  expect(attempts.filter((attempt) => attempt.direction === 'restore')).toHaveLength(went.length)
})

test('one wave goes back; the rollout holds, and goes on with the next wave when somebody says so', async () => {
  const rig = await openRig()
  const id = await rig.started(planText({ waves: [TEST_WAVE, PILOT, REST] }))
  await rig.until('wave.soaking', 'pilot')
  await rig.act(ONA, 'rollback', id, { wave: 'pilot' })
  await rig.until('wave.rolledBack', 'pilot')
  expect(await rig.show(id)).toMatchObject({ state: 'running', holds: [{ kind: 'waveRolledBack' }] })
  expect(members(rig)).toEqual([rig.tenant.world.person(TEST_USER).id])
  expect(policy(rig)?.state).toBe('enabled')
  await rig.pass(10 * DAY)
  expect((await rig.show(id)).waves[2]?.state).toBe('pending')
  await rig.act(METTE, 'resume', id)
  await rig.until('wave.completed', 'everyone')
  expect((await rig.show(id)).state).toBe('completedWithLeftovers')
  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(members(rig)).toEqual([])
})

test('one person and a list go back and are parked; their wave goes on without them', async () => {
  const { rig, id, people } = await five()
  const [one, two, three] = people as [string, string, string]
  await rig.act(ONA, 'rollback', id, { people: [one] })
  await rig.until('members.restored')
  expect(await rig.wavegate.service.member(id, one)).toMatchObject({
    deferred: 'rolledBack',
    restore: 'restored',
  })
  await rig.act(ONA, 'rollback', id, { people: [two, rig.tenant.world.person(three).userPrincipalName] })
  await rig.until('members.restored')
  expect(members(rig)).toEqual(people.slice(3))
  expect((await rig.show(id)).waves[0]).toMatchObject({
    state: 'soaking',
    holds: [],
    counts: { inPlace: 2, deferred: 3 },
  })
  const again = await rig.act(ONA, 'rollback', id, { people: [one] })
  expect(again).toMatchObject({ changed: false })
  expect((await rig.ended(id)).state).toBe('completedWithLeftovers')
  expect(members(rig)).toEqual(people.slice(3))
})

test('a person taken back while the wave waits stays out when it goes on, whatever the report says', async () => {
  const rig = await openRig()
  const people = readyPeople(rig, 3)
  const waves = [{ name: 'test-user', members: { users: [TEST_USER, ...people] } }]
  const id = await rig.draft(planText({ waves }))
  await rig.act(METTE, 'start', id)
  await rig.until('cohort.frozen')
  rig.tenant.addFault({ path: 'userRegistrationDetails', do: { kind: 'status', status: 500 } })
  await rig.until('hold.placed')
  expect((await rig.show(id)).waves[0]).toMatchObject({
    state: 'checkingReadiness',
    holds: [{ kind: 'gateUnknown' }],
  })
  const parked = people[1] as string
  await rig.act(ONA, 'rollback', id, { people: [parked] })
  rig.tenant.clearFaults()
  await rig.until('wave.soaking')
  expect(await rig.wavegate.service.member(id, parked)).toMatchObject({
    deferred: 'rolledBack',
    requestedAt: null,
  })
  expect(joined(rig)).not.toContain(parked)
  expect(joined(rig)).toHaveLength(3)
})

test('a rollback while people are being put in undoes what was in flight too', async () => {
  const rig = await openRig({ people: 60 })
  const id = await rig.started(planText({ waves: [TEST_WAVE, REST] }))
  await rig.until('wave.enforcing', 'everyone')
  await rig.until('members.requested')
  await rig.act(ONA, 'rollback', id)
  const view = await rig.ended(id)
  expect(view.state).toBe('rolledBack')
  expect(joined(rig).length).toBeGreaterThan(20)
  expect(left(rig).toSorted()).toEqual(joined(rig).toSorted())
  expect(members(rig)).toEqual([])
})

test('a restore runs while everything is paused', async () => {
  const { rig, id, people } = await five()
  await rig.act(METTE, 'pause', id)
  await rig.act(METTE, 'pause', id, { wave: 'test-user' })
  await rig.act(ONA, 'rollback', id, { people: [people[0] as string] })
  await rig.until('members.restored')
  expect(members(rig)).toEqual(people.slice(1))
  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(members(rig)).toEqual([])
})

describe('taking people out survives what goes wrong on the way', () => {
  const FAULTS = [
    ['the connection breaks before the change', { kind: 'resetBefore' }],
    ['the connection breaks after the change', { kind: 'resetAfter' }],
    ['500', { kind: 'status', status: 500 }],
    ['429', { kind: 'status', status: 429, headers: { 'Retry-After': '30' } }],
    ['an empty answer', { kind: 'empty' }],
  ] as const
  test.each(FAULTS)('%s', async (_name, action) => {
    const { rig, id, people } = await five()
    rig.tenant.addFault({ ...TAKE_OUT, after: 1, times: 2, do: action })
    await rig.act(ONA, 'rollback', id)
    let view = await rig.ended(id)
    if (view.state === 'rollbackFailed') {
      await rig.act(ONA, 'rollback', id)
      await rig.until('rollout.rolledBack')
      view = await rig.show(id)
    }
    expect(view.state).toBe('rolledBack')
    expect(members(rig)).toEqual([])
    expect(left(rig).toSorted()).toEqual(people)
  })
})

test('a rollback that is refused for one person fails aloud, and succeeds when asked for again', async () => {
  const { rig, id, people } = await five()
  rig.tenant.addFault({
    ...TAKE_OUT,
    times: 1,
    do: { kind: 'status', status: 400, code: 'Request_BadRequest' },
  })
  await rig.act(ONA, 'rollback', id)
  const view = await rig.ended(id)
  expect(view).toMatchObject({ state: 'rollbackFailed', phase: 'Degraded' })
  expect(policy(rig)?.state).toBe('enabled')
  expect(members(rig)).toHaveLength(1)
  const [last] = members(rig) as [string]
  expect(await rig.wavegate.service.member(id, last)).toMatchObject({ restore: 'failed' })
  await rig.act(ONA, 'rollback', id)
  await rig.until('rollout.rolledBack')
  expect(members(rig)).toEqual([])
  expect(left(rig).toSorted()).toEqual(people)
  expect(policy(rig)?.state).toBe('enabledForReportingButNotEnforced')
})

test('a right that is missing fails the rollback by its name; nothing is lost, and it succeeds once granted', async () => {
  const { rig, id } = await five()
  const { permissions } = rig.tenant.world
  permissions.delete('GroupMember.ReadWrite.All')
  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rollbackFailed')
  permissions.add('GroupMember.ReadWrite.All')
  await rig.act(ONA, 'rollback', id)
  await rig.until('rollout.rolledBack')
  expect(members(rig)).toEqual([])
})

test('one person whose restore is refused is told as failed, and goes back when asked for again', async () => {
  const { rig, id, people } = await five()
  const [one] = people as [string]
  rig.tenant.world.permissions.delete('GroupMember.ReadWrite.All')
  await rig.act(ONA, 'rollback', id, { people: [one] })
  const { reason } = await rig.until('members.failed')
  expect(reason).toContain('GroupMember.ReadWrite.All')
  rig.tenant.world.permissions.add('GroupMember.ReadWrite.All')
  await rig.act(ONA, 'rollback', id, { people: [one] })
  await rig.until('members.restored')
  expect(members(rig)).toEqual(people.slice(1))
})

test('one person who is still seen in the group at the deadline is looked at again until they are not', async () => {
  const { rig, id, people } = await five()
  const [one] = people as [string]
  rig.tenant.addFault({ ...TAKE_OUT, times: 1, do: { kind: 'status', status: 204, body: '' } })
  await rig.act(ONA, 'rollback', id, { people: [one] })
  await rig.until('members.unknown')
  await rig.until('members.restored')
  expect(members(rig)).toEqual(people.slice(1))
})

test('who was taken out by another hand, or has left, is settled and keeps nobody waiting', async () => {
  const { rig, id, people } = await five()
  const [byHand, leaver] = people.filter((person) => person !== rig.tenant.world.person(TEST_USER).id) as [
    string,
    string,
  ]
  rig.tenant.world.removeMember(GROUP, byHand)
  rig.tenant.world.deleteUser(leaver)
  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
  const { service } = rig.wavegate
  expect(await service.member(id, byHand)).toMatchObject({ restore: 'restored' })
  expect(await service.member(id, leaver)).toMatchObject({ restore: 'gone' })
  expect(left(rig)).toHaveLength(3)
})

test('a policy that was off before goes back to off', async () => {
  const rig = await openRig({ people: 30 })
  rig.tenant.world.createPolicy({
    displayName: POLICY,
    state: 'disabled',
    conditions: {
      clientAppTypes: ['all'],
      applications: { includeApplications: ['All'] },
      users: {
        includeGroups: [rig.tenant.world.group(GROUP).id],
        excludeUsers: ['bg1', 'bg2'].map(
          (name) => rig.tenant.world.person(`${name}@contoso.onmicrosoft.com`).id,
        ),
        excludeGroups: [rig.tenant.world.group('Service accounts').id],
      },
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  })
  const before = policy(rig)
  const id = await rig.started()
  await rig.until('wave.soaking')
  await rig.act(ONA, 'rollback', id)
  await rig.ended(id)
  const { modifiedDateTime: _at, ...after } = policy(rig) ?? {}
  expect(after).toEqual((({ modifiedDateTime: _was, ...rest }) => rest)(before ?? {}))
})

test('somebody in the group whom we did not put there keeps the policy on: the rollback says so and leaves them covered', async () => {
  const { rig, id } = await five()
  const [foreign] = readyPeople(rig, 6).slice(5) as [string]
  rig.tenant.world.addMember(GROUP, foreign)
  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rollbackFailed')
  expect(members(rig)).toEqual([foreign])
  expect(policy(rig)?.state).toBe('enabled')
  rig.tenant.world.removeMember(GROUP, foreign)
  await rig.act(ONA, 'rollback', id)
  await rig.until('rollout.rolledBack')
  expect(policy(rig)?.state).toBe('enabledForReportingButNotEnforced')
})

test('a rollback that is interrupted repeats nobody whom it has taken out already', async () => {
  const { rig, id } = await underWay(300)
  const inside = members(rig)
  expect(inside.length).toBeGreaterThan(60)
  // Refused from here on, whatever the number of tries.
  rig.tenant.addFault({ ...TAKE_OUT, after: 50, do: { kind: 'status', status: 429 } })
  await rig.act(ONA, 'rollback', id, { wave: 'everyone' })
  await rig.until('members.restored')
  const out = inside.length - members(rig).length
  expect((await rig.show(id)).waves[2]).toMatchObject({ state: 'rollingBack', counts: { restored: out } })
  rig.tenant.clearFaults()
  await rig.until('wave.rolledBack', 'everyone')
  const { attempts } = await ledgerOf(rig)
  const tried = attempts.filter(({ direction, answer }) => direction === 'restore' && answer !== 'refused')
  expect(tried).toHaveLength(inside.length - members(rig).length)
})

test('who was taken out and not yet seen outside is settled by looking, not by taking them out again', async () => {
  const { rig, id, people } = await five()
  rig.whenWritten('intend:restore', () =>
    rig.tenant.addFault({ path: '/members\\?', do: { kind: 'status', status: 503 } }),
  )
  await rig.act(ONA, 'rollback', id)
  await rig.until((event) => event.type === 'members.unknown' || event.type === 'rollout.rollbackFailed')
  rig.tenant.clearFaults()
  if ((await rig.show(id)).state !== 'rollbackFailed') await rig.until('rollout.rollbackFailed')
  await rig.act(ONA, 'rollback', id)
  await rig.until('rollout.rolledBack')
  const { attempts } = await ledgerOf(rig)
  expect(attempts.filter((attempt) => attempt.direction === 'restore')).toHaveLength(people.length)
})

test('a rollback after an abort takes out whom the abort left in', async () => {
  const { rig, id } = await underWay()
  const inside = members(rig)
  await rig.act(ONA, 'abort', id)
  await rig.pass(DAY)
  expect(members(rig)).toEqual(inside)
  expect((await rig.show(id)).state).toBe('aborted')
  await rig.act(ONA, 'rollback', id)
  await rig.until('rollout.rolledBack')
  expect(members(rig)).toEqual([])
  expect(policy(rig)?.state).toBe('enabledForReportingButNotEnforced')
})
