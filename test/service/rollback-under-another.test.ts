import { expect, test } from 'vitest'
import { planText, REST, TEST_USER, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { METTE, ONA, openRig } from '../engine/rig.ts'

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
