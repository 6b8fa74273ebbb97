import { describe, expect, test } from 'vitest'
import type { Caller } from '../../src/service.ts'
import { left, members, policy, readyPeople } from './journal.ts'
import { planText, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, HANNE, HOUR, METTE, ONA, openRig, type Rig } from './rig.ts'

const OLE: Caller = { ...ONA, person: 'ole@contoso.com' }

/** The test user and three people are under MFA; the first of the three has been given a directory role since. */
async function promoted(): Promise<{ rig: Rig; id: string; people: [string, string, string] }> {
  const rig = await openRig()
  const people = readyPeople(rig, 3) as [string, string, string]
  const id = await rig.started(planText({ waves: [TEST_WAVE, { name: 'few', members: { users: people } }] }))
  await rig.until('wave.soaking', 'few')
  rig.tenant.world.person(people[0]).roles.push('Helpdesk Administrator' as never)
  await rig.pass(HOUR)
  return { rig, id, people }
}

const restoreOf = async (rig: Rig, id: string, person: string) =>
  (await rig.wavegate.service.member(id, person)).restore

describe('a person with a directory role', () => {
  test('stays in when a wave is taken back, named, and nobody else waits; a second person takes them out', async () => {
    const { rig, id, people } = await promoted()
    const [admin, ...others] = people
    const answer = await rig.act(ONA, 'rollback', id, { wave: 'few' })
    expect(answer.people.find(({ personId }) => personId === admin)?.why).toContain('second person')
    await rig.until('members.restored')
    await rig.pass(HOUR)
    expect(left(rig).toSorted()).toEqual(others.toSorted())
    const wave = (await rig.show(id)).waves[1]
    expect(wave).toMatchObject({
      state: 'rollingBack',
      counts: { leftIn: 1, restored: 2, inPlace: 1 },
      leftIn: [{ personId: admin, askedBy: ONA.person }],
    })
    expect((await rig.wavegate.service.explain(id)).join('\n')).toContain('stays in')
    expect(await rig.act(ONA, 'rollback', id, { people: [admin] })).toMatchObject({ changed: false })
    expect(members(rig)).toContain(admin)
    expect(await rig.act(ANDERS, 'rollback', id, { people: [admin] })).toMatchObject({ changed: true })
    await rig.until('wave.rolledBack', 'few')
    expect(members(rig)).not.toContain(admin)
    expect(await rig.wavegate.service.member(id, admin)).toMatchObject({
      restore: 'restored',
      confirmedBy: ANDERS.person,
    })
  })

  test('keeps the policy on when the rollout is taken back, and everybody else is out meanwhile', async () => {
    const { rig, id, people } = await promoted()
    await rig.act(ONA, 'rollback', id)
    await rig.until('wave.rolledBack', 'test-user')
    await rig.pass(HOUR)
    expect(await rig.show(id)).toMatchObject({ state: 'rollingBack' })
    expect(members(rig)).toEqual([people[0]])
    expect(policy(rig)?.state).toBe('enabled')
    await rig.act(OLE, 'rollback', id, { people: [people[0]] })
    expect((await rig.ended(id)).state).toBe('rolledBack')
    expect(members(rig)).toEqual([])
    expect(policy(rig)?.state).toBe('enabledForReportingButNotEnforced')
  })

  test('stays in out of a list, and the wave goes on', async () => {
    const { rig, id, people } = await promoted()
    const answer = await rig.act(ONA, 'rollback', id, { people: people.slice(0, 2) })
    expect(answer.says).toContain('1 with a directory role stay in')
    await rig.until('members.restored')
    await rig.pass(HOUR)
    expect(left(rig)).toEqual([people[1]])
    expect(await rig.wavegate.service.member(id, people[0])).toMatchObject({
      restore: 'leftIn',
      deferred: null,
      leftInBy: ONA.person,
    })
    await rig.act(OLE, 'rollback', id, { people: [people[0]] })
    await rig.until((event) => event.type === 'members.restored')
    expect(left(rig).toSorted()).toEqual(people.slice(0, 2).toSorted())
    expect(await rig.wavegate.service.member(id, people[0])).toMatchObject({ deferred: 'rolledBack' })
    expect((await rig.show(id)).waves[1]?.state).toBe('judging')
  })

  test('is confirmed by nobody but on-call and approvers, and an approver begins no rollback', async () => {
    const { rig, id, people } = await promoted()
    const refused = { code: 'roleTooWeak', status: 403 }
    for (const more of [{}, { wave: 'few' }, { people: [people[1]] }])
      await expect(rig.act(ANDERS, 'rollback', id, more)).rejects.toMatchObject(refused)
    await rig.act(ONA, 'rollback', id, { people: [people[0]] })
    await rig.until('members.leftIn')
    await expect(rig.act(HANNE, 'rollback', id, { people: [people[0]] })).rejects.toMatchObject(refused)
    await expect(rig.act(METTE, 'rollback', id, { people: [people[0]] })).rejects.toMatchObject(refused)
    expect(await restoreOf(rig, id, people[0])).toBe('leftIn')
    expect(members(rig)).toHaveLength(4)
  })

  test('does not keep a rollback waiting for a report that cannot be read', async () => {
    const { rig, id } = await promoted()
    rig.tenant.addFault({ path: 'userRegistrationDetails', do: { kind: 'status', status: 400 } })
    await rig.act(ONA, 'rollback', id)
    expect((await rig.ended(id)).state).toBe('rolledBack')
    expect(members(rig)).toEqual([])
    expect(rig.events.map(({ type }) => type)).toContain('rollback.rolesUnknown')
  })
})
