import { expect, test } from 'vitest'
import { members, policy } from '../engine/journal.ts'
import { PILOT, planText, REST, TEST_USER, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { DAY, METTE, ONA, openRig } from '../engine/rig.ts'

test('nothing of an ended run is taken back while another is live on its group; afterwards it can be', async () => {
  const rig = await openRig()
  const first = await rig.started(planText({ waves: [TEST_WAVE] }))
  await rig.ended(first)
  const second = await rig.started(planText({ name: 'the-next-one', waves: [TEST_WAVE, REST] }))
  for (const what of [{}, { dryRun: true }, { wave: 'test-user' }, { people: [TEST_USER] }]) {
    await expect(rig.act(ONA, 'rollback', first, { ...what, ifMatch: undefined })).rejects.toMatchObject({
      code: 'targetInUse',
      status: 409,
      message: expect.stringContaining('the-next-one'),
    })
  }
  await rig.act(ONA, 'abort', second, { ifMatch: undefined })
  await rig.act(ONA, 'rollback', first, { ifMatch: undefined })
  await rig.until('rollout.rolledBack')
  expect((await rig.show(first)).state).toBe('rolledBack')
})

test('a run that is live itself is taken back whatever else there is', async () => {
  const rig = await openRig()
  const id = await rig.started()
  await rig.until('wave.soaking', 'test-user')
  await rig.draft(planText({ name: 'the-next-one' }))
  await rig.act(ONA, 'rollback', id, { ifMatch: undefined })
  expect((await rig.ended(id)).state).toBe('rolledBack')
  await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({ code: 'verbNotPossible' })
})

test('a run that has ended puts nothing back on under another that is disarmed, and calls that no drift', async () => {
  const rig = await openRig()
  const first = await rig.started(planText({ waves: [TEST_WAVE] }))
  await rig.ended(first)
  const second = await rig.started(planText({ name: 'the-next-one', waves: [TEST_WAVE, REST] }))
  await rig.until('wave.soaking')
  await rig.act(ONA, 'disarm', second)
  await rig.pass(3 * DAY)
  expect((await rig.show(first)).holds).toEqual([])
  for (const verb of ['revert', 'rearm'] as const) {
    const caller = verb === 'revert' ? ONA : METTE
    await expect(rig.act(caller, verb, first)).rejects.toMatchObject({ code: 'targetInUse' })
  }
  expect(policy(rig)?.state).toBe('enabledForReportingButNotEnforced')
})

test('a rollback that fails over the people of an earlier run is done after that one was taken back', async () => {
  const rig = await openRig()
  const first = await rig.started(planText({ waves: [TEST_WAVE, PILOT] }))
  await rig.until('wave.soaking', 'pilot')
  await rig.act(ONA, 'abort', first)
  const { id: second } = (await rig.act(METTE, 'restart', first)).rollout
  await rig.act(METTE, 'start', second)
  await rig.until('wave.soaking', 'test-user')
  await rig.act(ONA, 'rollback', second)
  expect((await rig.ended(second)).state).toBe('rollbackFailed')
  expect(policy(rig)?.state).toBe('enabled')
  await rig.act(ONA, 'rollback', first)
  await rig.until('rollout.rolledBack')
  expect(members(rig)).toEqual([])
  expect(policy(rig)?.state).toBe('enabledForReportingButNotEnforced')
  await rig.act(ONA, 'rollback', second)
  await rig.until('rollout.rolledBack')
  expect((await rig.show(second)).state).toBe('rolledBack')
})
