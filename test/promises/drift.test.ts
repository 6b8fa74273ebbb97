import { expect, test } from 'vitest'
import { members, readyPeople } from '../engine/journal.ts'
import { GROUP, gates, POLICY, TEST_USER } from '../engine/plan-of-waves.ts'
import { ANDERS, ONA } from '../engine/rig.ts'
import { journey, start } from './journey.ts'
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
