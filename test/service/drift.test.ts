import { describe, expect, test } from 'vitest'
import { expectNobodyElseCovered } from '../engine/covered.ts'
import { members, moves, policy, policyStates, readyPeople } from '../engine/journal.ts'
import { GROUP, gates, POLICY, planText, TEST_USER, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, DAY, HOUR, METTE, MINUTE, ONA, openRig, type Rig } from '../engine/rig.ts'

const STATE = 'policy.state'
const ADDED = 'group.members.added'
const REMOVED = 'group.members.removed'

/** A rollout in the long soak of its first wave: the test user and three more. */
async function soaking(): Promise<{ rig: Rig; id: string; people: string[] }> {
  const rig = await openRig()
  const users = [rig.tenant.world.person(TEST_USER).id, ...readyPeople(rig, 3)]
  const waves = [
    { name: 'test-user', members: { users } },
    { name: 'pilot', members: { group: 'IT department' } },
  ]
  const id = await rig.started(planText({ waves, gates: gates({ soak: { for: '10d' } }) }))
  await rig.until('wave.soaking')
  await rig.pass(10 * MINUTE)
  return { rig, id, people: users }
}

async function drifted(rig: Rig): Promise<void> {
  await rig.until((event) => event.type === 'hold.placed' && event.reason !== '')
}

const open = async (rig: Rig, id: string) => (await rig.show(id)).drift
const kinds = async (rig: Rig, id: string) => (await rig.show(id)).holds.map((hold) => hold.kind)
const usersOf = (rig: Rig) =>
  structuredClone(policy(rig)?.conditions?.users) as { excludeUsers: string[]; includeUsers: string[] }

function setUsers(rig: Rig, users: object): void {
  const conditions = { ...policy(rig)?.conditions, users: { ...usersOf(rig), ...users } }
  rig.tenant.world.setPolicy(POLICY, { conditions: conditions as never })
}

describe('a policy switched off by another hand', () => {
  test('is found by the next look and holds with the difference; revert switches it on, read back, and the soak goes on', async () => {
    const { rig, id } = await soaking()
    rig.tenant.world.setPolicy(POLICY, { state: 'disabled' })
    const changed = rig.now()
    await drifted(rig)
    expect(rig.now() - changed).toBeLessThan(65 * MINUTE)
    const view = await rig.show(id)
    expect(view.holds).toMatchObject([{ kind: 'drift', reason: 'policy state: enabled → disabled' }])
    expect(view.drift).toMatchObject([{ finding: STATE, before: 'enabled', after: 'disabled' }])
    const soaked = view.waves[0]?.soak.elapsedMs
    await rig.pass(5 * HOUR)
    expect((await rig.show(id)).waves[0]?.soak.elapsedMs).toBe(soaked)

    const dry = await rig.act(ONA, 'revert', id, { dryRun: true })
    expect(dry.requests).toEqual([
      {
        method: 'PATCH',
        path: `/identity/conditionalAccess/policies/${policy(rig)?.id}`,
        body: { state: 'enabled' },
      },
    ])
    expect(policy(rig)?.state).toBe('disabled')
    const back = await rig.act(ONA, 'revert', id)
    expect(back.requests).toEqual(dry.requests)
    expect(policy(rig)?.state).toBe('enabled')
    expect(await kinds(rig, id)).toEqual([])
    await rig.pass(HOUR)
    expect((await rig.show(id)).waves[0]?.soak.elapsedMs).toBeGreaterThanOrEqual((soaked ?? 0) + HOUR)
    expect(await expectNobodyElseCovered(rig, id)).toBe(2)
    expect(await rig.wavegate.service.drift(id)).toMatchObject([
      { finding: STATE, settled: { how: 'reverted', by: ONA.person } },
    ])
  })

  test('and on again lifts the hold by itself', async () => {
    const { rig, id } = await soaking()
    rig.tenant.world.setPolicy(POLICY, { state: 'disabled' })
    await drifted(rig)
    rig.tenant.world.setPolicy(POLICY, { state: 'enabled' })
    await rig.until('hold.lifted')
    expect(await kinds(rig, id)).toEqual([])
    expect(rig.events.map((event) => event.type)).toContain('drift.gone')
    expect(await open(rig, id)).toEqual([])
  })

  test('cannot be accepted: nobody may join while it is off', async () => {
    const { rig, id } = await soaking()
    rig.tenant.world.setPolicy(POLICY, { state: 'disabled' })
    await drifted(rig)
    await expect(rig.act(ANDERS, 'accept', id, { findings: [STATE] })).rejects.toMatchObject({
      code: 'driftBarred',
      status: 409,
    })
    expect(await kinds(rig, id)).toEqual(['drift'])
  })

  test('is not switched on while somebody of nobody’s is in the group; named, they are taken out first', async () => {
    const { rig, id } = await soaking()
    const stranger = rig.tenant.world.person(readyPeople(rig, 5)[4] as string)
    rig.tenant.world.setPolicy(POLICY, { state: 'disabled' })
    rig.tenant.world.addMember(GROUP, stranger.id)
    await drifted(rig)
    await expect(rig.act(ONA, 'revert', id)).rejects.toMatchObject({
      code: 'revertWidens',
      details: { names: stranger.userPrincipalName },
    })
    expect(policy(rig)?.state).toBe('disabled')
    await rig.act(ONA, 'revert', id, { people: [stranger.userPrincipalName] })
    expect(policy(rig)?.state).toBe('enabled')
    expect(members(rig)).not.toContain(stranger.id)
    expect(await kinds(rig, id)).toEqual([])
    await expectNobodyElseCovered(rig, id)
  })

  test('is not switched on by revert while the rollout is paused or the installation frozen', async () => {
    const { rig, id } = await soaking()
    rig.tenant.world.setPolicy(POLICY, { state: 'disabled' })
    await drifted(rig)
    await rig.act(ONA, 'pause', id)
    await expect(rig.act(ONA, 'revert', id)).rejects.toMatchObject({ code: 'notApplicable' })
    await rig.act(METTE, 'resume', id)
    await rig.wavegate.service.freeze(ONA, 'month-end')
    await expect(rig.act(ONA, 'revert', id)).rejects.toMatchObject({ code: 'installationFrozen' })
    expect(policy(rig)?.state).toBe('disabled')
  })
})

test('a resume lifts no drift, and a rollback is not barred by it', async () => {
  const { rig, id } = await soaking()
  rig.tenant.world.setPolicy(POLICY, { state: 'disabled' })
  await drifted(rig)
  await expect(rig.act(METTE, 'resume', id)).rejects.toMatchObject({ code: 'verbNotPossible' })
  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(members(rig)).toEqual([])
})

test('report-only by our disarm is no drift, nor is the rearm after it', async () => {
  const { rig, id } = await soaking()
  await rig.act(ONA, 'disarm', id)
  await rig.pass(6 * HOUR)
  expect(await kinds(rig, id)).toEqual(['disarmed'])
  await rig.act(METTE, 'rearm', id)
  await rig.pass(6 * HOUR)
  expect(await kinds(rig, id)).toEqual([])
  expect(await rig.wavegate.service.drift(id)).toEqual([])
})

describe('the body of the policy changed by another hand', () => {
  test('an exclusion of an emergency account removed cannot be accepted; revert puts it back, also while paused', async () => {
    const { rig, id } = await soaking()
    const before = usersOf(rig)
    setUsers(rig, { excludeUsers: before.excludeUsers.slice(1) })
    await drifted(rig)
    const [found] = await open(rig, id)
    expect(found).toMatchObject({
      finding: 'policy.conditions.users.excludeUsers',
      says: `policy conditions.users.excludeUsers: without ${before.excludeUsers[0]}`,
    })
    await expect(
      rig.act(ANDERS, 'accept', id, { findings: ['policy.conditions.users.excludeUsers'] }),
    ).rejects.toMatchObject({ code: 'driftBarred' })
    await rig.act(ONA, 'pause', id)
    await rig.act(ONA, 'revert', id)
    expect(usersOf(rig)).toEqual(before)
    expect(await kinds(rig, id)).toEqual(['user'])
    await expectNobodyElseCovered(rig, id)
  })

  test('widened to everybody: not to be accepted, and revert names the group alone again', async () => {
    const { rig, id } = await soaking()
    setUsers(rig, { includeUsers: ['All'] })
    await drifted(rig)
    await expect(
      rig.act(ANDERS, 'accept', id, { findings: ['policy.conditions.users.includeUsers'] }),
    ).rejects.toMatchObject({ code: 'driftBarred' })
    await rig.act(ONA, 'revert', id)
    expect(usersOf(rig).includeUsers).toEqual([])
    expect(policy(rig)?.state).toBe('enabled')
  })

  test('somebody more left out can be accepted: later looks and later waves take it for wanted', async () => {
    const { rig, id } = await soaking()
    const [more = ''] = readyPeople(rig, 9).slice(8)
    const places = { includeLocations: ['All'], excludeLocations: ['AllTrusted'] }
    setUsers(rig, { excludeUsers: [...usersOf(rig).excludeUsers, more] })
    const conditions = { ...policy(rig)?.conditions, locations: places }
    rig.tenant.world.setPolicy(POLICY, { conditions: conditions as never })
    await drifted(rig)
    const findings = (await open(rig, id)).map((one) => one.finding)
    expect(findings.toSorted()).toEqual([
      'policy.conditions.locations.excludeLocations',
      'policy.conditions.locations.includeLocations',
      'policy.conditions.users.excludeUsers',
    ])
    await expect(rig.act(METTE, 'accept', id, { findings })).rejects.toMatchObject({ code: 'roleTooWeak' })
    await rig.act(ANDERS, 'accept', id, { findings })
    expect(await kinds(rig, id)).toEqual([])
    await rig.act(METTE, 'advance', id, { wave: 'test-user' })
    await rig.until('members.inPlace')
    expect((await rig.show(id)).waves.map((wave) => wave.state)).toEqual(['completed', 'enforcing'])
    expect(policy(rig)?.conditions?.locations).toMatchObject(places)
    expect(await kinds(rig, id)).toEqual([])
  })

  test('a run that is made of this one takes what was accepted as given, and says so; a policy changed since is refused', async () => {
    const { rig, id } = await soaking()
    const places = { includeLocations: ['All'], excludeLocations: ['AllTrusted'] }
    const conditions = { ...policy(rig)?.conditions, locations: places }
    rig.tenant.world.setPolicy(POLICY, { conditions: conditions as never })
    await drifted(rig)
    const findings = (await open(rig, id)).map((one) => one.finding)
    await rig.act(ANDERS, 'accept', id, { findings })
    await rig.act(ONA, 'abort', id, { ifMatch: undefined })
    const again = (await rig.act(METTE, 'restart', id)).rollout.id
    const answer = await rig.act(METTE, 'start', again)
    expect(answer.says).toContain('conditions.locations.excludeLocations')
    expect(answer.says).toContain('stays as an approver accepted it in an earlier run')
    await rig.until('wave.soaking')
    expect(policy(rig)?.conditions?.locations).toMatchObject(places)
    await rig.act(ONA, 'abort', again, { ifMatch: undefined })
    const third = (await rig.act(METTE, 'restart', again)).rollout.id
    const other = { ...conditions, locations: { includeLocations: ['AllTrusted'] } }
    rig.tenant.world.setPolicy(POLICY, { conditions: other as never })
    await expect(rig.act(METTE, 'start', third)).rejects.toMatchObject({
      code: 'preflightFailed',
      details: { findings: [expect.objectContaining({ code: 'policyDiffers' })] },
    })
  })

  test('a finding is named: an unknown one is refused, and of several the others go on holding', async () => {
    const { rig, id } = await soaking()
    setUsers(rig, { excludeUsers: [...usersOf(rig).excludeUsers, readyPeople(rig, 9)[8]] })
    rig.tenant.world.setPolicy(POLICY, { displayName: 'Renamed' })
    await drifted(rig)
    for (const findings of [[], ['policy.colour']])
      await expect(rig.act(ANDERS, 'accept', id, { findings })).rejects.toMatchObject({
        code: 'findingUnknown',
      })
    await rig.act(ANDERS, 'accept', id, { findings: ['policy.displayName'] })
    expect((await rig.show(id)).holds).toMatchObject([
      { kind: 'drift', reason: expect.stringContaining('excludeUsers') },
    ])
  })

  test('deleted and made anew, who was proven under the one before stays proven', async () => {
    const { rig, id } = await soaking()
    await rig.pass(3 * DAY)
    const provenAt = async () =>
      (await rig.wavegate.service.members(id, 'test-user', { limit: 9 })).members.map((one) => one.provenAt)
    const before = await provenAt()
    expect(before.some((at) => at !== null)).toBe(true)
    rig.tenant.world.deletePolicy(POLICY)
    await drifted(rig)
    await rig.act(ONA, 'revert', id)
    await rig.pass(HOUR)
    for (const [index, at] of before.entries()) if (at !== null) expect((await provenAt())[index]).toBe(at)
  })

  test('deleted, it cannot be accepted; revert makes it anew, enabled after it was read back, and a rollback ends in report-only', async () => {
    const { rig, id } = await soaking()
    const before = policy(rig)
    rig.tenant.world.deletePolicy(POLICY)
    await drifted(rig)
    expect(await open(rig, id)).toMatchObject([{ finding: 'policy.deleted' }])
    await expect(rig.act(ANDERS, 'accept', id, { findings: ['policy.deleted'] })).rejects.toMatchObject({
      code: 'driftBarred',
    })
    const dry = await rig.act(ONA, 'revert', id, { dryRun: true })
    expect(dry.requests?.map((one) => one.method)).toEqual(['POST', 'PATCH'])
    await rig.act(ONA, 'revert', id)
    expect(policy(rig)).toMatchObject({ state: 'enabled', conditions: before?.conditions })
    expect(policyStates(rig).map((one) => one.state)).toEqual([
      'enabledForReportingButNotEnforced',
      'enabled',
    ])
    expect((await rig.show(id)).target.policyId).toBe(policy(rig)?.id)
    expect(await kinds(rig, id)).toEqual([])
    await rig.pass(3 * HOUR)
    expect(await kinds(rig, id)).toEqual([])
    await rig.act(ONA, 'rollback', id)
    expect((await rig.ended(id)).state).toBe('rolledBack')
    expect(policy(rig)?.state).toBe('enabledForReportingButNotEnforced')
  })
})

describe('somebody put into the group by another hand', () => {
  async function withStranger() {
    const { rig, id, people } = await soaking()
    const stranger = rig.tenant.world.person(readyPeople(rig, 5)[4] as string)
    rig.tenant.world.addMember(GROUP, stranger.id)
    await drifted(rig)
    return { rig, id, people, stranger }
  }

  test('is adopted by name, and left in by every rollback', async () => {
    const { rig, id, stranger } = await withStranger()
    expect((await rig.show(id)).holds[0]?.reason).toBe(
      `1 person was added to the group by another hand: ${stranger.userPrincipalName}`,
    )
    const answer = await rig.act(ANDERS, 'accept', id, { findings: [ADDED] })
    expect(answer.people).toMatchObject([{ personId: stranger.id }])
    expect(await kinds(rig, id)).toEqual([])
    await rig.pass(3 * HOUR)
    expect(await kinds(rig, id)).toEqual([])
    await rig.act(ONA, 'disarm', id)
    await rig.act(METTE, 'rearm', id)
    await expectNobodyElseCovered(rig, id)
    await rig.act(ONA, 'rollback', id, { wave: 'test-user' })
    await rig.until('wave.rolledBack')
    expect(members(rig)).toEqual([stranger.id])
  })

  test('stays where nobody names them, and the answer says so', async () => {
    const { rig, id, stranger } = await withStranger()
    await expect(rig.act(ONA, 'revert', id)).rejects.toMatchObject({ code: 'driftByHand' })
    rig.tenant.world.setPolicy(POLICY, { displayName: 'Renamed' })
    await rig.until('drift.found')
    const answer = await rig.act(ONA, 'revert', id)
    expect(answer.says).toContain(`Left as it is: 1 person was added to the group by another hand`)
    expect(members(rig)).toContain(stranger.id)
    expect(await kinds(rig, id)).toEqual(['drift'])
  })

  test('under protection, they are neither adopted nor touched', async () => {
    const { rig, id } = await soaking()
    const bg1 = 'bg1@contoso.onmicrosoft.com'
    rig.tenant.world.addMember(GROUP, bg1)
    await drifted(rig)
    await expect(rig.act(ANDERS, 'accept', id, { findings: [ADDED] })).rejects.toMatchObject({
      code: 'driftBarred',
    })
    await expect(rig.act(ONA, 'revert', id, { people: [bg1] })).rejects.toMatchObject({
      code: 'notProtected',
    })
  })
})

describe('somebody of ours taken out by another hand', () => {
  async function withLoss() {
    const { rig, id, people } = await soaking()
    const lost = people[2] as string
    rig.tenant.world.removeMember(GROUP, lost)
    await drifted(rig)
    return { rig, id, lost }
  }

  test('is asked in again by revert, the way everybody joined, and the wave soaks anew', async () => {
    const { rig, id, lost } = await withLoss()
    expect(await open(rig, id)).toMatchObject([{ finding: REMOVED, people: [{ personId: lost }] }])
    await rig.act(ONA, 'revert', id)
    await rig.until('members.inPlace')
    const mine = moves(rig).filter((move) => move.person === lost)
    expect(mine.map((move) => `${move.actor} ${move.joined}`)).toEqual([
      'app true',
      'other false',
      'app true',
    ])
    await rig.until('wave.soaking')
    expect(await rig.wavegate.service.member(id, lost)).toMatchObject({ outcome: 'done', deferred: null })
    await rig.act(ONA, 'rollback', id)
    await rig.ended(id)
    expect(members(rig)).toEqual([])
  })

  test('accepted, waits for later and is a leftover by that name', async () => {
    const { rig, id, lost } = await withLoss()
    await rig.act(ANDERS, 'accept', id, { findings: [REMOVED] })
    expect(await rig.wavegate.service.member(id, lost)).toMatchObject({
      deferred: 'takenOut',
      outcome: 'pending',
      inPlaceAt: null,
    })
    expect(await kinds(rig, id)).toEqual([])
    await rig.pass(DAY)
    expect(members(rig)).not.toContain(lost)
    expect(await rig.wavegate.service.leftovers(id)).toContainEqual(
      expect.objectContaining({ personId: lost, reason: 'takenOut' }),
    )
  })

  test('of a completed wave is asked in again too, hears every hold, and the rollout ends after it', async () => {
    const rig = await openRig()
    const waves = [TEST_WAVE, { name: 'pilot', members: { group: 'IT department' } }]
    const id = await rig.started(planText({ waves, pace: { people: 2, per: '3h' } }))
    await rig.until('members.inPlace', 'pilot')
    rig.tenant.world.removeMember(GROUP, TEST_USER)
    await drifted(rig)
    await rig.act(ONA, 'revert', id)
    await rig.until('wave.soaking', 'test-user')
    expect(members(rig)).toContain(rig.tenant.world.person(TEST_USER).id)
    await rig.act(ONA, 'pause', id)
    const soaked = (await rig.show(id)).waves[0]?.soak.elapsedMs
    await rig.pass(6 * HOUR)
    expect((await rig.show(id)).waves[0]?.soak.elapsedMs).toBe(soaked)
    await rig.act(METTE, 'resume', id)
    expect((await rig.ended(id)).state).toMatch(/^completed/)
    const ends = rig.events.filter((event) => /^(wave|rollout)\.completed/.test(event.type))
    expect(ends.filter((event) => rig.waveName(event.waveId) === 'test-user')).toHaveLength(2)
    expect(ends.at(-1)?.waveId).toBeNull()
    expect((await rig.show(id)).waves.map((wave) => wave.state)).toEqual(['completed', 'completed'])
  })

  test('is no drift when they left the directory', async () => {
    const { rig, id, people } = await soaking()
    rig.tenant.world.deleteUser(people[2] as string)
    await rig.pass(6 * HOUR)
    expect(await kinds(rig, id)).toEqual([])
  })
})

describe('the group', () => {
  test('made dynamic can be put right by hand alone, and the hold goes by itself then', async () => {
    const { rig, id } = await soaking()
    const rule = { membershipRule: '(user.city -eq "Aarhus")', groupTypes: ['DynamicMembership'] }
    Object.assign(rig.tenant.world.group(GROUP), rule)
    await drifted(rig)
    expect(await open(rig, id)).toMatchObject([
      { finding: 'group.membership', before: 'assigned', after: 'dynamic' },
    ])
    await expect(rig.act(ANDERS, 'accept', id, { findings: ['group.membership'] })).rejects.toMatchObject({
      code: 'driftBarred',
    })
    await expect(rig.act(ONA, 'revert', id)).rejects.toMatchObject({ code: 'driftByHand' })
    Object.assign(rig.tenant.world.group(GROUP), { membershipRule: null, groupTypes: [] })
    await rig.until('hold.lifted')
    expect(await kinds(rig, id)).toEqual([])
  })

  test('that holds another group is found', async () => {
    const { rig, id } = await soaking()
    rig.tenant.world.nestGroup(GROUP, 'IT service desk')
    await drifted(rig)
    expect(await open(rig, id)).toMatchObject([{ finding: 'group.nested' }])
  })

  test('deleted is found', async () => {
    const { rig, id } = await soaking()
    rig.tenant.world.deleteGroup(GROUP)
    await drifted(rig)
    expect(await open(rig, id)).toMatchObject([{ finding: 'group.deleted' }])
  })
})

test('a rollout that has completed is looked at until it can no longer be taken back', async () => {
  const rig = await openRig()
  const waves = [{ name: 'test-user', members: { users: [TEST_USER] } }]
  const id = await rig.started(planText({ waves, rollback: { window: '5d' } }))
  await rig.until('rollout.completed')
  rig.tenant.world.setPolicy(POLICY, { state: 'disabled' })
  await drifted(rig)
  expect(await rig.show(id)).toMatchObject({ state: 'completed', holds: [{ kind: 'drift' }] })
  await rig.act(ONA, 'revert', id)
  expect(policy(rig)?.state).toBe('enabled')
  await rig.pass(6 * DAY)
  rig.tenant.world.setPolicy(POLICY, { state: 'disabled' })
  await rig.pass(2 * DAY)
  expect(await kinds(rig, id)).toEqual([])
})

test('what is found once and not again is nobody’s drift', async () => {
  const { rig, id } = await soaking()
  const lost = members(rig)[1] as string
  rig.tenant.world.removeMember(GROUP, lost)
  await rig.pass(51 * MINUTE)
  rig.tenant.world.addMember(GROUP, lost)
  await rig.pass(5 * HOUR)
  expect(await kinds(rig, id)).toEqual([])
  expect(await rig.wavegate.service.drift(id)).toEqual([])
})
