import { expect, test } from 'vitest'
import { members, readyPeople } from './journal.ts'
import { PILOT, planText, TEST_USER, TEST_WAVE } from './plan-of-waves.ts'
import { HOUR, ONA, openRig, type Rig } from './rig.ts'

const TAKE_OUT = { method: 'DELETE', path: '/members/' }
const RIGHT = 'GroupMember.ReadWrite.All'

async function soaking(): Promise<{ rig: Rig; id: string; people: string[] }> {
  const rig = await openRig()
  const people = [rig.tenant.world.person(TEST_USER).id, ...readyPeople(rig, 4)]
  const id = await rig.started(planText({ waves: [{ name: 'test-user', members: { users: people } }] }))
  await rig.until('wave.soaking')
  return { rig, id, people }
}

async function explained(rig: Rig, id: string): Promise<string> {
  return (await rig.wavegate.service.explain(id)).join('\n')
}

test('a rollback that lacks a right says so: in the events, on each person, in words', async () => {
  const { rig, id, people } = await soaking()
  rig.tenant.world.permissions.delete(RIGHT)
  await rig.act(ONA, 'rollback', id)
  const failed = await rig.until('work.failed')
  expect(failed).toMatchObject({
    reason: expect.stringContaining(RIGHT),
    data: { work: 'restore', code: 'graph.forbidden', passing: false },
  })
  expect(rig.waveName(failed.waveId)).toBe('test-user')
  expect((await rig.ended(id)).state).toBe('rollbackFailed')
  for (const person of people) {
    const member = await rig.wavegate.service.member(id, person)
    expect(member).toMatchObject({ restore: 'failed', restoreReason: expect.stringContaining(RIGHT) })
  }
  expect(await explained(rig, id)).toMatch(new RegExp(`Taking back failed at .*${RIGHT}.* Roll back again`))
  rig.tenant.world.permissions.add(RIGHT)
  await rig.act(ONA, 'rollback', id)
  await rig.until('rollout.rolledBack')
  expect(members(rig)).toEqual([])
  expect(await explained(rig, id)).not.toContain('Taking back failed')
})

test('a rollback that does not get on is Degraded and says why, until it does', async () => {
  const { rig, id } = await soaking()
  rig.tenant.addFault({ ...TAKE_OUT, do: { kind: 'status', status: 429 } })
  await rig.act(ONA, 'rollback', id)
  await rig.until('work.failed')
  expect(await rig.show(id)).toMatchObject({ state: 'rollingBack', phase: 'Degraded' })
  expect(await explained(rig, id)).toMatch(/Taking back failed at .* It is tried again/)
  await rig.pass(4 * HOUR)
  expect(await rig.show(id)).toMatchObject({ state: 'rollingBack', phase: 'Degraded' })
  rig.tenant.clearFaults()
  expect(await rig.ended(id)).toMatchObject({ state: 'rolledBack', phase: 'Healthy' })
})

test('a running rollout with a wave whose rollback failed is Degraded', async () => {
  const rig = await openRig()
  const id = await rig.started(planText({ waves: [TEST_WAVE, PILOT] }))
  await rig.until('wave.soaking', 'pilot')
  rig.tenant.world.permissions.delete(RIGHT)
  await rig.act(ONA, 'rollback', id, { wave: 'pilot' })
  await rig.until('wave.rollbackFailed', 'pilot')
  expect((await rig.show(id)).phase).toBe('Degraded')
  const [listed] = await rig.wavegate.service.listRollouts()
  expect(listed?.phase).toBe('Degraded')
  expect(await explained(rig, id)).toContain(RIGHT)
})
