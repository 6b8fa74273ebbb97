import { expect, test } from 'vitest'
import { members, readyPeople } from '../engine/journal.ts'
import { GROUP, gates, POLICY, TEST_USER, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, METTE, ONA } from '../engine/rig.ts'
import { back, journey, start } from './journey.ts'
import { breachesOf } from './judge.ts'

test('what another hand changed, accepted and reverted, then all taken back: no promise is broken', async () => {
  const one = await journey('clean', { gates: gates({ soak: { for: '10d' } }) }, { people: 60 })
  const { rig } = one
  const { world } = rig.tenant
  const id = await start(one)
  await rig.until('wave.soaking')
  const stranger = readyPeople(rig, 9)[8] as string
  const drifted = () => rig.until((event) => event.type === 'drift.found')

  world.addMember(GROUP, stranger)
  await drifted()
  await rig.act(ANDERS, 'accept', id, { findings: ['group.members.added'] })

  world.setPolicy(POLICY, { state: 'disabled' })
  world.removeMember(GROUP, TEST_USER)
  await drifted()
  await rig.act(ONA, 'revert', id)
  await rig.until('members.inPlace')
  expect(members(rig)).toHaveLength(2)

  world.deletePolicy(POLICY)
  await drifted()
  await rig.act(ONA, 'revert', id)
  await rig.until('hold.lifted')

  await rig.act(ONA, 'rollback', id, { wave: 'test-user' })
  await rig.until('wave.rolledBack')
  expect(members(rig)).toEqual([stranger])
  expect(breachesOf(await one.witness.testify())).toEqual([])
})

test('people put among the exceptions and taken from them, reverted and accepted, then all taken back: no promise is broken', async () => {
  const one = await journey('clean', { graduate: 'all-users', waves: [TEST_WAVE] }, { people: 40 })
  const { rig } = one
  rig.tenant.world.permissions.add('Group.ReadWrite.All')
  const id = await start(one)
  await rig.ended(id)
  await rig.act(METTE, 'graduate', id)
  await rig.act(ANDERS, 'graduate', id)
  await rig.until('rollout.graduated')
  const group = `${GROUP} exceptions`
  const drifted = () => rig.until((event) => event.type === 'drift.found')
  const caught = (await rig.wavegate.store.read.membersOfRollout(id))
    .filter(({ outcome, waveId }) => outcome === 'done' && waveId === '')
    .map(({ personId }) => personId)
  const [out = ''] = rig.tenant.world.members(group)

  rig.tenant.world.removeMember(group, out)
  rig.tenant.world.addMember(group, caught[0] as string)
  await drifted()
  await rig.act(ONA, 'revert', id)
  expect(rig.tenant.world.members(group)).toContain(out)
  expect(rig.tenant.world.members(group)).not.toContain(caught[0])

  rig.tenant.world.removeMember(group, out)
  rig.tenant.world.addMember(group, caught[1] as string)
  await drifted()
  const findings = ['exceptions.members.added', 'exceptions.members.removed']
  await rig.act(ANDERS, 'accept', id, { findings })
  expect((await rig.show(id)).holds).toEqual([])
  expect((await back(rig, id)).state).toBe('rolledBack')
  expect(breachesOf(await one.witness.testify())).toEqual([])
})
