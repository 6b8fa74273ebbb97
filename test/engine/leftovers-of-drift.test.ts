import { expect, test } from 'vitest'
import { readyPeople } from './journal.ts'
import { GROUP, gates, planText, TEST_USER, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, openRig } from './rig.ts'

test('a loss that was accepted in a wave that is over is among the leftovers of the rollout', async () => {
  const rig = await openRig()
  const few = { name: 'few', members: { users: readyPeople(rig, 2) }, gates: gates({ soak: { for: '3d' } }) }
  const id = await rig.started(planText({ waves: [TEST_WAVE, few as never] }))
  await rig.until('wave.soaking', 'few')
  const person = rig.tenant.world.person(TEST_USER).id
  rig.tenant.world.removeMember(GROUP, person)
  await rig.until('drift.found')
  const [hold] = (await rig.show(id)).holds
  expect(hold).toMatchObject({ kind: 'drift' })
  await rig.act(ANDERS, 'accept', id, { findings: ['group.members.removed'] })
  expect(await rig.ended(id)).toMatchObject({ state: 'completedWithLeftovers', leftovers: 1 })
})

test('a loss that is accepted after the last wave leaves somebody over: the rollout is no longer just completed', async () => {
  const rig = await openRig()
  const id = await rig.started(planText({ waves: [TEST_WAVE] }))
  expect((await rig.ended(id)).state).toBe('completed')
  rig.tenant.world.removeMember(GROUP, rig.tenant.world.person(TEST_USER).id)
  await rig.until('drift.found')
  expect((await rig.show(id)).state).toBe('completed')
  await rig.act(ANDERS, 'accept', id, { findings: ['group.members.removed'] })
  expect(await rig.show(id)).toMatchObject({ state: 'completedWithLeftovers', leftovers: 1, holds: [] })
})
