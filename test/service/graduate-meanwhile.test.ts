import { expect, test, vi } from 'vitest'
import { begun, crossingPlan, retired, stateOf, turns } from '../engine/crossing-tale.ts'
import { members, policy, readyPeople } from '../engine/journal.ts'
import { GROUP, POLICY, planText, TEST_USER, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, HOUR, METTE, MINUTE, ONA, openRig, type Rig } from '../engine/rig.ts'

vi.setConfig({ testTimeout: 120_000 })

const EXCEPTIONS = `${GROUP} exceptions`
const ROLE = '62e90394-69f5-4237-9190-012177145e10'

const excepted = (rig: Rig) => rig.tenant.world.members(EXCEPTIONS)
const isWide = (rig: Rig) => policy(rig)?.conditions?.users?.includeUsers?.includes('All') ?? false

async function graduated(rig: Rig, id: string) {
  await rig.act(METTE, 'graduate', id)
  await rig.act(ANDERS, 'graduate', id)
  await rig.until('rollout.graduated')
}

/** A graduated rollout, one of whose people has no per-user MFA any more. */
async function crossed() {
  const tale = await begun({}, (people) => crossingPlan(people, { graduate: 'all-users' }))
  const { rig, id } = tale
  const [person = ''] = await retired(tale, 1)
  await rig.ended(id)
  await graduated(rig, id)
  return { ...tale, person }
}

test('a person has their per-user MFA back before the policy for all users leaves them out', async () => {
  const { rig, id, person } = await crossed()
  await rig.act(ONA, 'rollback', id, { people: [person] })
  await rig.until('members.restored')
  await rig.pass(10 * MINUTE)
  const back = turns(rig).find((turn) => turn.person === person && turn.after === 'enforced')
  const out = rig.tenant.world.journal.entries.find(
    ({ target }) => target === `groups/${rig.tenant.world.group(EXCEPTIONS).id}/members/${person}`,
  )
  expect(back?.seq).toBeLessThan(out?.seq as number)
  expect(await rig.wavegate.service.member(id, person)).toMatchObject({ restore: 'restored' })
  expect(members(rig)).not.toContain(person)
})

test('whose per-user MFA cannot be put back stays under the policy for all users', async () => {
  const { rig, id, person } = await crossed()
  const path = `${person}/authentication/requirements`
  rig.tenant.addFault({ method: 'PATCH', path, do: { kind: 'status', status: 400, code: 'badRequest' } })
  await rig.act(ONA, 'rollback', id, { people: [person] })
  await rig.pass(2 * HOUR)
  expect(stateOf(rig, person)).toBe('disabled')
  expect(excepted(rig)).not.toContain(person)
  expect(members(rig)).toContain(person)
  expect(await rig.wavegate.service.member(id, person)).toMatchObject({ restore: 'failed' })
})

test('nothing graduates while a wave is being taken back', async () => {
  const rig = await openRig()
  const people = readyPeople(rig, 3)
  const few = { name: 'few', members: { users: people } }
  const id = await rig.started(planText({ waves: [TEST_WAVE, few], graduate: 'all-users' }))
  await rig.ended(id)
  await rig.act(METTE, 'graduate', id)
  rig.tenant.world.person(people[0] as string).roles.push(ROLE)
  await rig.pass(HOUR)
  await rig.act(ONA, 'rollback', id, { wave: 'few' })
  await rig.until('members.leftIn')
  await rig.pass(HOUR)
  expect((await rig.show(id)).waves[1]).toMatchObject({ state: 'rollingBack' })
  for (const caller of [METTE, ANDERS])
    await expect(rig.act(caller, 'graduate', id)).rejects.toMatchObject({
      code: 'notApplicable',
      message: expect.stringContaining('few'),
    })
  await rig.act(ANDERS, 'rollback', id, { people: [people[0] as string] })
  await rig.until('wave.rolledBack', 'few')
  await graduated(rig, id)
  expect(excepted(rig)).toEqual(expect.arrayContaining(people))
})

test('who is taken back just before the policy is widened is not caught by it', async () => {
  const rig = await openRig()
  const id = await rig.started(planText({ waves: [TEST_WAVE], graduate: 'all-users' }))
  await rig.ended(id)
  await rig.act(METTE, 'graduate', id)
  const person = rig.tenant.world.person(TEST_USER).id
  const run = () => rig.act(ONA, 'rollback', id, { people: [person] })
  // The last reading before the call that widens is of the policy alone.
  const path = `conditionalAccess/policies/${policy(rig)?.id}`
  let met = 0
  rig.when('exceptions.making', () =>
    rig.tenant.addFault({
      method: 'GET',
      path,
      after: 1,
      times: 1,
      do: {
        kind: 'meanwhile',
        run: async () => {
          met += 1
          await run()
        },
      },
    }),
  )
  await rig.act(ANDERS, 'graduate', id)
  await rig.until('rollout.graduated')
  await rig.pass(HOUR)
  expect(met).toBe(1)
  expect(isWide(rig)).toBe(true)
  expect(await rig.wavegate.service.member(id, person)).toMatchObject({ restore: 'restored' })
  expect(excepted(rig)).toContain(person)
})

test.each([
  ['the rollout', {}],
  ['a wave', { wave: 'test-user' }],
])(
  'an administrator whom it caught stays under MFA when %s is taken back, until a second person confirms',
  async (_, on) => {
    const rig = await openRig()
    const id = await rig.started(planText({ waves: [TEST_WAVE], graduate: 'all-users' }))
    await rig.ended(id)
    const [admin = '', other = ''] = readyPeople(rig, 4).filter(
      (one) => one !== rig.tenant.world.person(TEST_USER).id,
    )
    await graduated(rig, id)
    rig.tenant.world.person(admin).roles.push(ROLE)
    await rig.pass(HOUR)
    await rig.act(ONA, 'rollback', id, on)
    await rig.until('policy.narrowed')
    await rig.pass(HOUR)
    expect(isWide(rig)).toBe(false)
    expect(policy(rig)?.state).toBe('enabled')
    expect(members(rig)).toContain(admin)
    expect(members(rig)).not.toContain(other)
    expect(await rig.wavegate.service.member(id, admin)).toMatchObject({ restore: 'leftIn' })
    expect(await rig.wavegate.service.member(id, other)).toMatchObject({ restore: 'restored' })
    const entries = rig.tenant.world.journal.entries
    const joined = entries.find(
      ({ target }) => target === `groups/${rig.tenant.world.group(GROUP).id}/members/${admin}`,
    )
    const narrowed = entries.findLast(({ target }) => target.endsWith(`/policies/${policy(rig)?.id}`))
    expect(joined?.seq).toBeLessThan(narrowed?.seq as number)
    const left = (await rig.wavegate.store.read.membersOfRollout(id)).filter(
      ({ restore }) => restore === 'leftIn',
    )
    for (const one of left) await rig.act(ANDERS, 'rollback', id, { people: [one.personId] })
    await rig.pass(2 * HOUR)
    expect(members(rig)).toEqual([])
    expect(await rig.wavegate.service.member(id, admin)).toMatchObject({ restore: 'restored' })
    expect((await rig.show(id)).state).toBe('wave' in on ? 'completedWithLeftovers' : 'rolledBack')
  },
)

test('whom another hand put into the administrators’ group is newly caught by name, not silently', async () => {
  const rig = await openRig()
  const admins = `${GROUP} administrators`
  rig.tenant.world.createGroup({ displayName: admins })
  await rig.pass(MINUTE)
  const enforce = {
    ...({ by: 'conditional-access', group: GROUP, policy: POLICY } as const),
    administrators: 'own-policy' as const,
  }
  const waves = [TEST_WAVE, { name: 'admins', members: 'administrators' as const }]
  const id = await rig.started(planText({ enforce, waves, graduate: 'all-users' }))
  await rig.ended(id)
  const [stranger = ''] = readyPeople(rig, 1)
  rig.tenant.world.addMember(admins, stranger)
  await rig.pass(HOUR)
  const seen = await rig.act(METTE, 'graduate', id)
  expect(seen.people.find(({ personId }) => personId === stranger)?.why).toContain('is newly caught')
  await rig.act(ANDERS, 'graduate', id)
  await rig.until('rollout.graduated')
  const adopted = rig.events.find(({ type }) => type === 'members.adopted')
  expect(adopted?.data['people']).toContain(stranger)
})
