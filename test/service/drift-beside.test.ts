import { describe, expect, test } from 'vitest'
import { members, policy, readyPeople } from '../engine/journal.ts'
import { GROUP, gates, PILOT, POLICY, planText, TEST_USER, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, DAY, HOUR, METTE, MINUTE, ONA, openRig, type Rig } from '../engine/rig.ts'

const drifted = (rig: Rig) => rig.until('drift.found')
const kinds = async (rig: Rig, id: string) => (await rig.show(id)).holds.map((hold) => hold.kind)
const named = (rig: Rig, name: string) => rig.tenant.world.policies.find((one) => one.displayName === name)

/** The second person's word for whoever holds a directory role; then the rollout is back. */
async function confirmed(rig: Rig, id: string): Promise<void> {
  const rows = await rig.wavegate.store.read.membersOfRollout(id)
  const left = rows.filter(({ restore }) => restore === 'leftIn').map(({ personId }) => personId)
  if (left.length > 0) await rig.act(ANDERS, 'rollback', id, { people: left, ifMatch: undefined })
  expect((await rig.ended(id)).state).toBe('rolledBack')
}

describe('the administrators’ policy', () => {
  const name = `${POLICY} administrators`
  async function soaking() {
    const rig = await openRig()
    rig.tenant.world.createGroup({ displayName: `${GROUP} administrators` })
    await rig.pass(MINUTE)
    const plan = planText({
      enforce: { by: 'conditional-access', group: GROUP, policy: POLICY, administrators: 'own-policy' },
      waves: [TEST_WAVE, { name: 'admins', members: 'administrators' }],
      gates: gates({ soak: { for: '10d' } }),
    })
    const id = await rig.started(plan)
    await rig.until('wave.soaking')
    await rig.pass(10 * MINUTE)
    return { rig, id }
  }

  test('switched off by another hand between waves holds; it cannot be accepted, and revert switches it on', async () => {
    const { rig, id } = await soaking()
    rig.tenant.world.setPolicy(name, { state: 'disabled' })
    await drifted(rig)
    expect((await rig.show(id)).holds).toMatchObject([
      { kind: 'drift', reason: 'administrators’ policy state: enabled → disabled' },
    ])
    const findings = ['administratorsPolicy.state']
    await expect(rig.act(ANDERS, 'accept', id, { findings })).rejects.toMatchObject({ code: 'driftBarred' })
    const dry = await rig.act(ONA, 'revert', id, { dryRun: true })
    expect(dry.requests).toMatchObject([{ method: 'PATCH', body: { state: 'enabled' } }])
    expect(named(rig, name)?.state).toBe('disabled')
    await rig.act(ONA, 'revert', id)
    expect(named(rig, name)?.state).toBe('enabled')
    expect(policy(rig)?.state).toBe('enabled')
    expect(await kinds(rig, id)).toEqual([])
  })

  test('deleted, it is made anew under the rollout’s own word; a change of it can be accepted for later waves', async () => {
    const { rig, id } = await soaking()
    const before = named(rig, name)
    rig.tenant.world.deletePolicy(name)
    await drifted(rig)
    await rig.act(ONA, 'revert', id)
    const again = named(rig, name)
    expect(again).toMatchObject({ state: 'enabled', conditions: before?.conditions })
    expect((await rig.show(id)).target.administrators?.policyId).toBe(again?.id)
    const places = { includeLocations: ['All'], excludeLocations: ['AllTrusted'] }
    rig.tenant.world.setPolicy(name, { conditions: { ...again?.conditions, locations: places } as never })
    await drifted(rig)
    const findings = (await rig.show(id)).drift.map((one) => one.finding)
    await rig.act(ANDERS, 'accept', id, { findings })
    await rig.act(METTE, 'advance', id, { wave: 'test-user' })
    await rig.until('members.inPlace')
    expect(await kinds(rig, id)).toEqual([])
    expect(named(rig, name)?.conditions?.locations).toMatchObject(places)
    await rig.act(ONA, 'rollback', id)
    await rig.until('members.leftIn')
    await confirmed(rig, id)
    expect(named(rig, name)?.state).toBe('enabledForReportingButNotEnforced')
  })
})

describe('the report-only twin', () => {
  const name = `${POLICY} (report-only twin)`
  async function soaking() {
    const rig = await openRig()
    const plan = planText({
      waves: [TEST_WAVE, PILOT],
      gates: gates({ soak: { for: '10d' }, wouldBlock: { max: '50%' } }),
    })
    const id = await rig.started(plan)
    await rig.until('wave.soaking')
    await rig.pass(10 * MINUTE)
    return { rig, id }
  }

  test('enabled by another hand is found; it cannot be accepted, and revert puts it in report-only, also while paused', async () => {
    const { rig, id } = await soaking()
    const { conditions } = named(rig, name) ?? {}
    const users = { ...conditions?.users, excludeUsers: [] }
    rig.tenant.world.setPolicy(name, { state: 'enabled', conditions: { ...conditions, users } as never })
    await drifted(rig)
    expect((await rig.show(id)).drift.map((one) => one.finding)).toEqual([
      'twin.conditions.users.excludeUsers',
      'twin.state',
    ])
    await expect(rig.act(ANDERS, 'accept', id, { findings: ['twin.state'] })).rejects.toMatchObject({
      code: 'driftBarred',
    })
    await rig.act(ONA, 'pause', id)
    const { requests } = await rig.act(ONA, 'revert', id)
    // Off people first, then the rest of it.
    expect(requests?.map((one) => Object.keys(one.body ?? {}))).toEqual([['state'], ['conditions']])
    expect(named(rig, name)).toMatchObject({ state: 'enabledForReportingButNotEnforced' })
    expect(named(rig, name)?.conditions?.users?.excludeUsers).toEqual(conditions?.users?.excludeUsers)
    expect(await kinds(rig, id)).toEqual(['user'])
  })

  test('deleted between waves holds; revert makes it anew, the next wave asks it, and a rollback removes it', async () => {
    const { rig, id } = await soaking()
    const before = named(rig, name)
    rig.tenant.world.deletePolicy(name)
    await drifted(rig)
    expect((await rig.show(id)).holds).toMatchObject([{ reason: `twin ${name} was deleted` }])
    await expect(rig.act(ANDERS, 'accept', id, { findings: ['twin.deleted'] })).rejects.toMatchObject({
      code: 'driftBarred',
    })
    const answer = await rig.act(ONA, 'revert', id)
    expect(answer.requests?.map((one) => one.method)).toEqual(['POST'])
    const again = named(rig, name)
    expect(again).toMatchObject({
      state: 'enabledForReportingButNotEnforced',
      conditions: before?.conditions,
    })
    expect((await rig.show(id)).target.twinPolicyId).toBe(again?.id)
    await rig.pass(3 * HOUR)
    expect(await kinds(rig, id)).toEqual([])
    await rig.act(ONA, 'rollback', id)
    expect((await rig.ended(id)).state).toBe('rolledBack')
    expect(named(rig, name)).toBeUndefined()
  })

  test('renamed, it can be accepted, and the next wave is judged by it', async () => {
    const { rig, id } = await soaking()
    rig.tenant.world.setPolicy(name, { displayName: 'What MFA would do' })
    await drifted(rig)
    await rig.act(ANDERS, 'accept', id, { findings: ['twin.displayName'] })
    await rig.act(METTE, 'advance', id, { wave: 'test-user' })
    await rig.until('members.inPlace')
    expect(await kinds(rig, id)).toEqual([])
    expect(named(rig, name)).toBeUndefined()
  })
})

describe('the exceptions of a policy for all users', () => {
  const EXCEPTIONS = `${GROUP} exceptions`
  async function graduated() {
    const rig = await openRig({ people: 40 })
    rig.tenant.world.permissions.add('Group.ReadWrite.All')
    const people = [rig.tenant.world.person(TEST_USER).id, ...readyPeople(rig, 2)]
    const waves = [{ name: 'test-user', members: { users: people } }]
    const id = await rig.started(planText({ waves, graduate: 'all-users' }))
    await rig.ended(id)
    await rig.act(METTE, 'graduate', id)
    await rig.act(ANDERS, 'graduate', id)
    await rig.until('rollout.graduated')
    await rig.pass(HOUR)
    const out = rig.tenant.world.members(EXCEPTIONS).toSorted()
    return { rig, id, people, out }
  }
  const drift = async (rig: Rig, id: string) => (await rig.show(id)).drift
  const names = async (rig: Rig, id: string) => (await drift(rig, id)).map((one) => one.finding)

  test('somebody taken from them is under MFA: found, and put back among them by revert, read back', async () => {
    const { rig, id, out } = await graduated()
    const [lost = ''] = out
    rig.tenant.world.removeMember(EXCEPTIONS, lost)
    await drifted(rig)
    expect(await drift(rig, id)).toMatchObject([
      { finding: 'exceptions.members.removed', people: [{ personId: lost }] },
    ])
    expect((await rig.show(id)).holds[0]?.reason).toMatch(
      /^1 person was taken from the exceptions by another/,
    )
    const dry = await rig.act(ONA, 'revert', id, { dryRun: true })
    expect(dry.requests).toMatchObject([{ method: 'PATCH' }])
    expect(rig.tenant.world.members(EXCEPTIONS)).not.toContain(lost)
    await rig.act(ONA, 'revert', id)
    expect(rig.tenant.world.members(EXCEPTIONS).toSorted()).toEqual(out)
    await rig.pass(2 * DAY)
    expect(await kinds(rig, id)).toEqual([])
  })

  test('accepted, they are adopted by name; the policy’s way back ends with everybody as before', async () => {
    const { rig, id, out } = await graduated()
    const [lost = ''] = out
    rig.tenant.world.removeMember(EXCEPTIONS, lost)
    await drifted(rig)
    await rig.act(ANDERS, 'accept', id, { findings: ['exceptions.members.removed'] })
    await rig.pass(2 * DAY)
    expect(await kinds(rig, id)).toEqual([])
    const row = (await rig.wavegate.store.read.membersAmong(id, [lost]))[0]
    expect(row).toMatchObject({
      outcome: 'done',
      deferred: null,
      outcomeReason: 'covered as one of all users',
    })
    expect((await rig.wavegate.store.read.adopted(policy(rig)?.id ?? '')).has(lost)).toBe(true)
    await rig.act(ONA, 'rollback', id)
    await rig.until('policy.narrowed')
    await confirmed(rig, id)
    expect(members(rig)).toEqual([])
  })

  test('who was taken back by name stays out: that cannot be accepted', async () => {
    const { rig, id, people } = await graduated()
    const [, person = ''] = people
    await rig.act(ONA, 'rollback', id, { people: [person] })
    await rig.until('members.excepted')
    await rig.pass(HOUR)
    rig.tenant.world.removeMember(EXCEPTIONS, person)
    await drifted(rig)
    const findings = ['exceptions.members.removed']
    await expect(rig.act(ANDERS, 'accept', id, { findings })).rejects.toMatchObject({ code: 'driftBarred' })
    await rig.act(ONA, 'revert', id)
    expect(rig.tenant.world.members(EXCEPTIONS)).toContain(person)
  })

  test('somebody put among them is out of MFA: found; revert takes them out again, unless anything is held', async () => {
    const { rig, id, people } = await graduated()
    const [, person = ''] = people
    rig.tenant.world.addMember(EXCEPTIONS, person)
    await drifted(rig)
    expect(await names(rig, id)).toEqual(['exceptions.members.added'])
    await rig.wavegate.service.freeze(ONA, 'month-end')
    await expect(rig.act(ONA, 'revert', id)).rejects.toMatchObject({ code: 'installationFrozen' })
    await rig.wavegate.service.thaw(ONA, 'over')
    await rig.act(ONA, 'revert', id)
    expect(rig.tenant.world.members(EXCEPTIONS)).not.toContain(person)
    await rig.pass(2 * DAY)
    expect(await kinds(rig, id)).toEqual([])
  })

  test('accepted, they are left for later, and stay among them after a rollback', async () => {
    const { rig, id, people } = await graduated()
    const [, person = ''] = people
    rig.tenant.world.addMember(EXCEPTIONS, person)
    await drifted(rig)
    await rig.act(ANDERS, 'accept', id, { findings: ['exceptions.members.added'] })
    await rig.pass(2 * DAY)
    expect(await kinds(rig, id)).toEqual([])
    const row = (await rig.wavegate.store.read.membersAmong(id, [person]))[0]
    expect(row).toMatchObject({ deferred: 'takenOut', inPlaceAt: null })
    await rig.act(ONA, 'rollback', id)
    await rig.until('policy.narrowed')
    await confirmed(rig, id)
    expect(rig.tenant.world.members(EXCEPTIONS)).toEqual([person])
  })
})
