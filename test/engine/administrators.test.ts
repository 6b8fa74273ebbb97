import { expect, test } from 'vitest'
import { GROUP, PILOT, POLICY, planText, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, HOUR, METTE, ONA, openRig, type Rig, type RigOptions } from './rig.ts'

const GROUP_OF_ADMINS = `${GROUP} administrators`
const POLICY_OF_ADMINS = `${POLICY} administrators`
const enforce = {
  by: 'conditional-access',
  group: GROUP,
  policy: POLICY,
  administrators: 'own-policy',
} as const
const ADMINS = { name: 'admins', members: 'administrators' } as const

async function rigWithGroup(options: RigOptions = {}): Promise<Rig> {
  const rig = await openRig(options)
  rig.tenant.world.createGroup({ displayName: GROUP_OF_ADMINS })
  await rig.pass(60_000)
  return rig
}

function states(rig: Rig, name: string): string[] {
  return rig.tenant.world.journal.entries.flatMap((entry) => {
    const after = entry.after as { displayName?: string; state?: string } | null
    return after?.displayName === name && after.state ? [after.state] : []
  })
}

const stateOf = (rig: Rig, name: string) =>
  rig.tenant.world.policies.find((one) => one.displayName === name)?.state

test('administrators get a group and policy of their own: made, switched on and switched back beside the other', async () => {
  const rig = await rigWithGroup()
  const id = await rig.started(planText({ enforce, waves: [TEST_WAVE, ADMINS] }))
  await rig.until('wave.soaking', 'test-user')
  const both = ['enabledForReportingButNotEnforced', 'enabled']
  expect(states(rig, POLICY)).toEqual(both)
  expect(states(rig, POLICY_OF_ADMINS)).toEqual(both)
  const { target } = await rig.show(id)
  const own = rig.tenant.world.policies.find((one) => one.displayName === POLICY_OF_ADMINS)
  const group = rig.tenant.world.group(GROUP_OF_ADMINS).id
  expect(own?.conditions?.users).toMatchObject({ includeGroups: [group], includeUsers: [] })
  expect(target.administrators).toEqual({
    group: GROUP_OF_ADMINS,
    policy: POLICY_OF_ADMINS,
    groupId: group,
    policyId: own?.id,
  })

  const said = await rig.act(ONA, 'disarm', id)
  expect(said.says).toContain(`administrators stay under MFA: their policy ${POLICY_OF_ADMINS} is left on`)
  expect([stateOf(rig, POLICY), stateOf(rig, POLICY_OF_ADMINS)]).toEqual([
    'enabledForReportingButNotEnforced',
    'enabled',
  ])
  await rig.act(METTE, 'rearm', id)
  expect(stateOf(rig, POLICY)).toBe('enabled')

  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(states(rig, POLICY_OF_ADMINS)).toEqual([...both, 'enabledForReportingButNotEnforced'])
  expect(stateOf(rig, POLICY)).toBe('enabledForReportingButNotEnforced')
})

test('the administrators’ wave is whoever holds a directory role, and nobody else', async () => {
  const rig = await rigWithGroup({ people: 200 })
  const plan = planText({ enforce, waves: [TEST_WAVE, ADMINS, { name: 'everyone', members: 'rest' }] })
  const id = await rig.started(plan)
  await rig.until('cohort.frozen', 'admins')
  const { members } = await rig.wavegate.service.members(id, 'admins', { limit: 500 })
  const { world } = rig.tenant
  const holders = world.people.filter(
    (one) => one.kind === 'member' && one.accountEnabled && one.roles.length > 0 && !one.unreported,
  )
  expect(holders.length).toBeGreaterThan(1)
  expect(members.map((one) => one.personId).toSorted()).toEqual(holders.map((one) => one.id).toSorted())
})

test('a named wave may not hold an administrator, whatever policy they have', async () => {
  const rig = await rigWithGroup({ people: 200 })
  const admin = rig.tenant.world.people.find((one) => one.kind === 'member' && one.roles.length > 0)
  const mixed = { name: 'mixed', members: { users: [admin?.userPrincipalName as string] } }
  await expect(rig.draft(planText({ enforce, waves: [TEST_WAVE, mixed, ADMINS] }))).rejects.toMatchObject({
    details: { problems: expect.arrayContaining([expect.objectContaining({ code: 'privilegedInWave' })]) },
  })
})

test('without the administrators’ group the plan is refused at its place; somebody in it refuses the start', async () => {
  const rig = await openRig()
  const plan = planText({ enforce, waves: [TEST_WAVE, ADMINS] })
  await expect(rig.draft(plan)).rejects.toMatchObject({
    details: {
      problems: expect.arrayContaining([
        expect.objectContaining({ code: 'unknownGroup', path: 'enforce.administrators' }),
      ]),
    },
  })
  const { world } = rig.tenant
  world.createGroup({ displayName: GROUP_OF_ADMINS })
  const id = await rig.draft(plan)
  world.addMember(GROUP_OF_ADMINS, world.people[5]?.id as string)
  await rig.pass(60_000)
  await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({
    details: { findings: [expect.objectContaining({ code: 'groupNotEmpty' })] },
  })
})

test('a second rollout may have neither group nor policy of either', async () => {
  const rig = await rigWithGroup()
  await rig.started(planText({ enforce, waves: [TEST_WAVE, ADMINS] }))
  await rig.until('wave.soaking', 'test-user')
  rig.tenant.world.createGroup({ displayName: 'A second group' })
  await rig.pass(60_000)
  const other = (group: string, policy: string) =>
    rig.draft(
      planText({
        name: 'another',
        enforce: { by: 'conditional-access', group, policy },
        waves: [TEST_WAVE, PILOT],
      }),
    )
  const sameGroup = await other(GROUP_OF_ADMINS, 'Another policy')
  await expect(rig.act(METTE, 'start', sameGroup)).rejects.toMatchObject({ code: 'targetInUse' })
  const samePolicy = await other('A second group', POLICY_OF_ADMINS)
  await expect(rig.act(METTE, 'start', samePolicy)).rejects.toMatchObject({ code: 'targetInUse' })
})

test('administrators join their own group, are proven by their own policy, and leave it only with a second person', async () => {
  const rig = await rigWithGroup({ people: 200 })
  const { world } = rig.tenant
  // Their own policy alone is to ask them: the tenant's old one for roles goes.
  world.deletePolicy('Require MFA for administrators')
  const id = await rig.started(planText({ enforce, waves: [TEST_WAVE, ADMINS] }))
  await rig.until('wave.soaking', 'admins')
  const page = await rig.wavegate.service.members(id, 'admins', { limit: 500 })
  const inPlace = page.members.filter((one) => one.outcome === 'done').map((one) => one.personId)
  expect(inPlace.length).toBeGreaterThan(1)
  expect(world.members(GROUP_OF_ADMINS).toSorted()).toEqual(inPlace.toSorted())
  expect(world.members(GROUP)).not.toEqual(expect.arrayContaining([inPlace[0]]))
  await rig.until('wave.completed', 'admins')
  const { counts } = (await rig.show(id)).waves[1] as { counts: { proven: number } }
  expect(counts.proven).toBeGreaterThan(0)

  await rig.act(ONA, 'rollback', id)
  await rig.until('members.leftIn')
  await rig.pass(HOUR)
  expect(world.members(GROUP_OF_ADMINS).toSorted()).toEqual(inPlace.toSorted())
  expect(stateOf(rig, POLICY_OF_ADMINS)).toBe('enabled')
  await rig.act(ANDERS, 'rollback', id, { people: inPlace })
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(world.members(GROUP_OF_ADMINS)).toEqual([])
  expect(stateOf(rig, POLICY_OF_ADMINS)).toBe('enabledForReportingButNotEnforced')
})
