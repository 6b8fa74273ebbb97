import { expect, test } from 'vitest'
import type { Caller } from '../../src/service.ts'
import { gates, planText } from '../engine/plan-of-waves.ts'
import { ANDERS, METTE, openRig, type Rig } from '../engine/rig.ts'

const APPROVED = planText({ gates: gates({ approval: { from: 'approver' } }) })
const BOTH: Caller['roles'] = ['changeManager', 'approver']
const OTHER: Caller = { person: 'bo@contoso.com', roles: BOTH, channel: 'rest' }
const WAVE = { wave: 'test-user' }

async function awaiting(): Promise<{ rig: Rig; id: string }> {
  const rig = await openRig({ people: 30 })
  const id = await rig.draft(APPROVED)
  await rig.act(OTHER, 'start', id)
  await rig.until('wave.awaitingApproval')
  return { rig, id }
}

test('who created, started or last resumed a rollout does not approve its waves, in whatever case they write their name', async () => {
  const { rig, id } = await awaiting()
  const author: Caller = { ...METTE, person: 'METTE@contoso.com', roles: BOTH }
  const refused = { code: 'ownRequest', status: 403 }
  await expect(rig.act(author, 'approve', id, WAVE)).rejects.toMatchObject(refused)
  await expect(rig.act(OTHER, 'approve', id, WAVE)).rejects.toMatchObject(refused)
  const resumer: Caller = { person: 'ib@contoso.com', roles: BOTH, channel: 'rest' }
  await rig.act(resumer, 'pause', id)
  await rig.act(resumer, 'resume', id)
  await expect(rig.act(resumer, 'approve', id, WAVE)).rejects.toMatchObject(refused)
  await expect(rig.act(resumer, 'reject', id, WAVE)).rejects.toMatchObject(refused)
  expect(await rig.act(ANDERS, 'approve', id, WAVE)).toMatchObject({ changed: true })
})

test('an approval keeps who, when and what: plan, cohort and verdicts', async () => {
  const { rig, id } = await awaiting()
  const answer = await rig.act(ANDERS, 'approve', id, { ...WAVE, reason: 'looked at the names' })
  expect(answer.people.map((person) => person.upn)).toEqual(['test.user@contoso.com'])
  const wave = (await rig.wavegate.store.read.wavesOf(id))[0]
  const [kept] = await rig.wavegate.store.read.approvals(wave?.id as string)
  const view = await rig.show(id)
  expect(kept).toMatchObject({
    decision: 'approved',
    person: ANDERS.person,
    channel: 'rest',
    comment: 'looked at the names',
    planHash: view.planHash,
    cohort: expect.stringMatching(/^[0-9a-f]{64}$/),
    verdicts: [{ gate: 'readiness', verdict: 'pass' }],
  })
  expect(await rig.act(ANDERS, 'approve', id, WAVE)).toMatchObject({ changed: false })
})

test('a wave that was rejected touches nobody and holds the rollout', async () => {
  const { rig, id } = await awaiting()
  await rig.act(ANDERS, 'reject', id, { ...WAVE, reason: 'wrong week' })
  const view = await rig.show(id)
  expect(view.waves[0]?.state).toBe('rejected')
  expect(view.holds).toMatchObject([{ kind: 'rejected', by: ANDERS.person }])
  await rig.pass(3 * 86_400_000)
  expect(rig.tenant.world.journal.entries.filter((entry) => entry.actor === 'app')).toEqual([])
  expect(await rig.act(ANDERS, 'reject', id, WAVE)).toMatchObject({ changed: false })
})

test('readiness skipped after an approval asks for another one', async () => {
  const rig = await openRig()
  const strict = gates({ approval: { from: 'approver' }, readiness: { unready: 'hold', min: '90%' } })
  const id = await rig.started(planText({ gates: strict }))
  await rig.until('wave.awaitingApproval')
  rig.tenant.addFault({ path: 'userRegistrationDetails', do: { kind: 'status', status: 500 } })
  await rig.act(ANDERS, 'approve', id, WAVE)
  await rig.until('hold.placed')
  expect((await rig.show(id)).waves[0]?.state).toBe('awaitingWindow')
  await rig.act(METTE, 'advance', id, { ...WAVE, gates: ['readiness'] })
  expect((await rig.show(id)).waves[0]).toMatchObject({ state: 'awaitingApproval', approval: { by: null } })
})
