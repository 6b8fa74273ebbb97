import { expect, test } from 'vitest'
import type { Caller } from '../../src/service.ts'
import { gates, planText, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, DAY, HOUR, METTE, openRig, type Rig } from '../engine/rig.ts'

const WAVE = { wave: 'test-user' }
const approver = (person: string): Caller => ({ ...ANDERS, person: `${person}@contoso.com` })

async function awaiting(approval: object): Promise<{ rig: Rig; id: string }> {
  const rig = await openRig({ people: 30 })
  const id = await rig.started(
    planText({ waves: [TEST_WAVE], gates: gates({ approval: { from: 'approver', ...approval } }) }),
  )
  await rig.until('wave.awaitingApproval')
  return { rig, id }
}

const approvalOf = async (rig: Rig, id: string) => (await rig.show(id)).waves[0]?.approval

test('a wave that asks for two approvers goes on with the second, and one person is never two', async () => {
  const { rig, id } = await awaiting({ quorum: 2 })
  expect(await rig.act(approver('ane'), 'approve', id, WAVE)).toMatchObject({ changed: true })
  expect(await rig.act(approver('ANE'), 'approve', id, WAVE)).toMatchObject({ changed: false })
  expect(await approvalOf(rig, id)).toMatchObject({ quorum: 2, by: null, given: ['ane@contoso.com'] })
  expect((await rig.wavegate.service.explain(id)).join('\n')).toContain(
    '2 different approvers; 1 have said yes',
  )
  await rig.pass(HOUR)
  expect((await rig.show(id)).waves[0]?.state).toBe('awaitingApproval')
  await rig.act(approver('bo'), 'approve', id, WAVE)
  await rig.until('wave.soaking')
  expect(await approvalOf(rig, id)).toMatchObject({ by: 'ane@contoso.com, bo@contoso.com' })
})

test('who says yes and then resumes the rollout is no approver of it any more', async () => {
  const { rig, id } = await awaiting({ quorum: 2 })
  const ane: Caller = { ...approver('ane'), roles: ['approver', 'onCall'] }
  await rig.act(ane, 'approve', id, WAVE)
  await rig.act(METTE, 'pause', id)
  await rig.act(ane, 'resume', id)
  await rig.act(approver('bo'), 'approve', id, WAVE)
  expect(await approvalOf(rig, id)).toMatchObject({ by: null, given: ['bo@contoso.com'] })
  await rig.act(approver('carl'), 'approve', id, WAVE)
  await rig.until('wave.soaking')
})

test('an approval that nobody gives is reminded of, then holds, and is still there to be given', async () => {
  const { rig, id } = await awaiting({ answerWithin: '10h' })
  const asked = rig.now()
  const says = async () => (await rig.until('approval.reminder')).at - asked
  expect([await says(), await says()]).toEqual([5 * HOUR, 9 * HOUR])
  const placed = await rig.until('hold.placed')
  expect(placed.at - asked).toBe(10 * HOUR)
  expect(placed.data).toMatchObject({ hold: { kind: 'approvalExpired' } })
  await rig.pass(2 * DAY)
  const { holds, possible } = (await rig.show(id)).waves[0] ?? {}
  expect(holds).toMatchObject([{ kind: 'approvalExpired', reason: expect.stringContaining('0 of 1') }])
  expect(possible).toContain('approve')
  await rig.act(ANDERS, 'approve', id, WAVE)
  await rig.until('wave.soaking')
  expect(rig.events.filter(({ type }) => type === 'approval.reminder')).toHaveLength(2)
})

test('an approval given in time is not spoken of again', async () => {
  const { rig, id } = await awaiting({ answerWithin: '10h' })
  await rig.until('approval.reminder')
  await rig.act(ANDERS, 'approve', id, WAVE)
  await rig.until('wave.soaking')
  await rig.pass(12 * HOUR)
  expect(rig.events.filter(({ type }) => type === 'approval.reminder')).toHaveLength(1)
  expect(rig.events.map(({ data }) => (data.hold as { kind?: string } | undefined)?.kind)).not.toContain(
    'approvalExpired',
  )
})

test('resume does not stand in for an approval that is late', async () => {
  const { rig, id } = await awaiting({ answerWithin: '1h' })
  await rig.until('hold.placed')
  await expect(rig.act(METTE, 'resume', id, WAVE)).rejects.toMatchObject({ code: 'verbNotPossible' })
  expect((await rig.show(id)).waves[0]?.state).toBe('awaitingApproval')
})
