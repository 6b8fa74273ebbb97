import { describe, expect, test } from 'vitest'
import { policy } from '../engine/journal.ts'
import { POLICY, planText, REST, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { HOUR, METTE, openRig } from '../engine/rig.ts'

const REPORT_ONLY = 'enabledForReportingButNotEnforced'

describe('the policy goes on', () => {
  const again = planText({ waves: [TEST_WAVE, REST] })

  test('at the start over nobody, not even over people of an earlier run', async () => {
    const rig = await openRig()
    const first = await rig.started()
    await rig.ended(first)
    rig.tenant.world.setPolicy(POLICY, { state: REPORT_ONLY })
    await rig.pass(2 * HOUR)
    const second = await rig.draft(again)
    await expect(rig.act(METTE, 'start', second)).rejects.toMatchObject({
      code: 'preflightFailed',
      message: expect.stringMatching(/The group holds \d+ people/),
    })
  })

  test('later over nobody whose wave has not begun to enforce', async () => {
    const rig = await openRig()
    const first = await rig.started()
    await rig.ended(first)
    const second = await rig.started(again)
    rig.tenant.world.setPolicy(POLICY, { state: REPORT_ONLY })
    const held = await rig.until(
      (event) => (event.data.hold as { kind?: string } | undefined)?.kind === 'error',
    )
    expect(held.data.hold).toMatchObject({ code: 'groupNotEmpty' })
    expect(policy(rig)?.state).toBe(REPORT_ONLY)
    expect((await rig.show(second)).waves[0]?.counts.inPlace).toBe(0)
  })
})
