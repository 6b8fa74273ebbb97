import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { PlanInput } from '../../src/plan/schema.ts'
import type { Caller } from '../../src/service.ts'
import { joined, readyPeople } from '../engine/journal.ts'
import { gates, PILOT, planText, REST, TEST_USER, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, HOUR, METTE, ONA, openRig, type Rig } from '../engine/rig.ts'

const APPROVED = gates({ approval: { from: 'approver' } })
const BOTH: Caller['roles'] = ['changeManager', 'approver']
const NILS: Caller = { person: 'nils@contoso.com', roles: BOTH, channel: 'rest' }
const FIRST = { wave: 'test-user' }

async function revise(rig: Rig, id: string, text: string, more: object = {}, caller = METTE) {
  const { etag } = await rig.show(id)
  const call = { rollout: id, text, reason: 'the plan was wrong', dryRun: false, ifMatch: etag, ...more }
  const revised = await rig.answer(() => rig.wavegate.service.revise(caller, call))
  // The rig learns the names of new waves.
  await rig.show(id)
  return revised
}

async function upload(rig: Rig, text: string): Promise<string> {
  const bytes = (async function* () {
    yield Buffer.from(text)
  })()
  const { file } = await rig.wavegate.service.uploadFile(METTE, { bytes, name: 'list.csv' })
  return file.digest
}

const names = async (rig: Rig, id: string) => (await rig.show(id)).waves.map(({ name }) => name)

describe('a draft', () => {
  test('takes another text, which is a revision with who, when and why', async () => {
    const rig = await openRig({ people: 30 })
    const id = await rig.draft()
    const before = await rig.show(id)
    const text = planText({ waves: [TEST_WAVE, PILOT, REST], enforce: other('MFA pilot') })
    const answer = await revise(rig, id, text)
    expect(answer).toMatchObject({ changed: true, revision: 2 })
    const view = await rig.show(id)
    expect(view.waves.map(({ name, state }) => [name, state])).toEqual([
      ['test-user', 'pending'],
      ['pilot', 'pending'],
      ['everyone', 'pending'],
    ])
    expect(view.target.policy).toBe('MFA pilot')
    expect(view.revisions).toMatchObject([
      { number: 1, planHash: before.planHash, by: METTE.person },
      { number: 2, planHash: view.planHash, by: METTE.person, reason: 'the plan was wrong' },
    ])
    expect(view.planHash).not.toBe(before.planHash)
    const plan = await rig.wavegate.service.plan(id)
    expect(plan).toMatchObject({ number: 2, text })
    expect((await rig.wavegate.service.plan(id, 1)).planHash).toBe(before.planHash)
    await expect(rig.wavegate.service.plan(id, 3)).rejects.toMatchObject({ code: 'revisionNotFound' })
  })

  test('the same plan in other words is no revision, and a dry run checks and keeps nothing', async () => {
    const rig = await openRig({ people: 30 })
    const id = await rig.draft()
    expect(await revise(rig, id, `# the same\n${planText()}`)).toMatchObject({ changed: false, revision: 1 })
    const other = planText({ waves: [TEST_WAVE, REST] })
    expect(await revise(rig, id, other, { dryRun: true })).toMatchObject({ changed: false, revision: 1 })
    expect(await names(rig, id)).toEqual(['test-user', 'pilot'])
    await expect(revise(rig, id, planText({ timezone: 'Mars/Base' }))).rejects.toMatchObject({
      code: 'planInvalid',
    })
  })

  test('is not renamed, and asks for role, reason and If-Match', async () => {
    const rig = await openRig({ people: 30 })
    const id = await rig.draft()
    const text = planText({ change: 'CHG2' })
    const codes: [object, Caller, string][] = [
      [{ text: planText({ name: 'other' }) }, METTE, 'planFixedChanged'],
      [{}, ANDERS, 'roleTooWeak'],
      [{ reason: ' ' }, METTE, 'reasonMissing'],
      [{ ifMatch: undefined }, METTE, 'ifMatchMissing'],
      [{ ifMatch: '"old"' }, METTE, 'ifMatchStale'],
    ]
    for (const [more, caller, code] of codes)
      await expect(revise(rig, id, text, more, caller)).rejects.toMatchObject({ code })
    expect((await rig.show(id)).revisions).toHaveLength(1)
  })
})

function other(policy: string): PlanInput['enforce'] {
  return { by: 'conditional-access', group: 'MFA required', policy }
}

describe('a running rollout', () => {
  test('is revised only while it is held: the past stays, the future is replaced and carried out', async () => {
    const rig = await openRig({ people: 40 })
    const id = await rig.started()
    await rig.until('wave.soaking')
    const [ready = ''] = readyPeople(rig, 1)
    const chosen = { name: 'chosen', members: { users: [ready] } }
    const text = planText({ waves: [TEST_WAVE, chosen] })
    await expect(revise(rig, id, text)).rejects.toMatchObject({ code: 'planNotHeld', status: 409 })
    expect(await revise(rig, id, planText())).toMatchObject({ changed: false, revision: 1 })
    await rig.act(ONA, 'pause', id)
    expect(await revise(rig, id, text)).toMatchObject({ changed: true })
    expect((await rig.show(id)).holds).toMatchObject([{ kind: 'user' }])
    await rig.act(ONA, 'resume', id)
    await rig.until('wave.soaking', 'chosen')
    expect((await rig.show(id)).waves.map(({ name, state }) => [name, state])).toEqual([
      ['test-user', 'completed'],
      ['chosen', 'soaking'],
    ])
    expect(joined(rig).toSorted()).toEqual([rig.tenant.world.person(TEST_USER).id, ready].toSorted())
    await rig.act(ONA, 'abort', id)
    const after = planText({ waves: [TEST_WAVE] })
    await expect(revise(rig, id, after)).rejects.toMatchObject({ code: 'planEnded' })
  })

  test('keeps what is enforced, its protection and what is over; of the wave under way gates and pace change', async () => {
    const rig = await openRig({ people: 40 })
    const id = await rig.started(planText({ waves: [TEST_WAVE, PILOT, REST] }))
    await rig.until('wave.soaking', 'pilot')
    await rig.act(ONA, 'pause', id)
    const waves = [TEST_WAVE, PILOT, REST]
    const protect = { emergencyAccounts: ['bg1@contoso.onmicrosoft.com', 'bg2@contoso.onmicrosoft.com'] }
    const refusals: [Partial<PlanInput>, string][] = [
      [{ enforce: other('Another') }, 'planFixedChanged'],
      [{ rollback: { window: '1d' } }, 'planFixedChanged'],
      [{ protect }, 'protectionShrinks'],
      [{ waves: [{ ...TEST_WAVE, pace: { people: 1, per: '1h' } }, PILOT, REST] }, 'planPastChanged'],
      [{ waves: [TEST_WAVE, { ...PILOT, members: { group: 'Sales' } }, REST] }, 'planCurrentChanged'],
      [{ waves: [TEST_WAVE, { ...PILOT, name: 'second' }, REST] }, 'planCurrentChanged'],
      [{ waves: [TEST_WAVE] }, 'planCurrentChanged'],
    ]
    for (const [change, code] of refusals) {
      await expect(revise(rig, id, planText({ waves, ...change })), code).rejects.toMatchObject({ code })
    }
    const soak = { gates: { soak: { for: '9h' } }, pace: { people: 5, per: '2h' } }
    const added = { ...protect, groups: ['Service accounts', 'IT service desk'] }
    await revise(rig, id, planText({ waves: [TEST_WAVE, { ...PILOT, ...soak }, REST], protect: added }))
    const view = await rig.show(id)
    expect(view.waves.map(({ soak: { forMs } }) => forMs)).toEqual([HOUR, 9 * HOUR, HOUR])
    expect(view.waves[1]?.state).toBe('soaking')
  })

  test('a wave to come that the revision leaves as it is keeps what was said to it', async () => {
    const rig = await openRig({ people: 40 })
    const id = await rig.started(planText({ waves: [TEST_WAVE, PILOT, REST] }))
    await rig.until('wave.soaking')
    await rig.act(METTE, 'extend', id, { wave: 'pilot', by: '5h' })
    await rig.act(METTE, 'skip', id, { wave: 'everyone' })
    await rig.act(ONA, 'pause', id)
    await expect(revise(rig, id, planText({ waves: [TEST_WAVE, PILOT] }))).rejects.toMatchObject({
      code: 'planPastChanged',
    })
    await revise(rig, id, planText({ waves: [TEST_WAVE, PILOT, REST], change: 'CHG2' }))
    const view = await rig.show(id)
    expect(view.change).toBe('CHG2')
    expect(view.waves.map(({ state, soak: { forMs } }) => [state, forMs])).toEqual([
      ['soaking', HOUR],
      ['pending', 6 * HOUR],
      ['skipped', HOUR],
    ])
  })
})

describe('approvals', () => {
  test('a plan edited under an approval is asked about again, by somebody who did not edit it', async () => {
    const rig = await openRig({ people: 30 })
    const id = await rig.started(planText({ gates: APPROVED }))
    await rig.until('wave.awaitingApproval')
    await rig.act(ONA, 'pause', id)
    await rig.act(ANDERS, 'approve', id, FIRST)
    expect((await rig.show(id)).waves[0]?.approval.by).toBe(ANDERS.person)
    const text = planText({ gates: APPROVED, waves: [TEST_WAVE, REST] })
    await revise(rig, id, text, {}, NILS)
    expect((await rig.show(id)).waves[0]).toMatchObject({
      state: 'checkingReadiness',
      approval: { by: null },
    })
    await rig.act(ONA, 'resume', id)
    await rig.until('wave.awaitingApproval')
    await rig.pass(48 * HOUR)
    expect(joined(rig)).toEqual([])
    await expect(rig.act(NILS, 'approve', id, FIRST)).rejects.toMatchObject({
      code: 'ownRequest',
      details: { because: 'revised the plan' },
    })
    await rig.act(ANDERS, 'approve', id, FIRST)
    await rig.until('wave.soaking')
    const [wave] = await rig.wavegate.store.read.wavesOf(id)
    const approvals = await rig.wavegate.store.read.approvals(wave?.id as string)
    const { revisions } = await rig.show(id)
    expect(approvals.map(({ planHash }) => planHash)).toEqual(revisions.map(({ planHash }) => planHash))
    expect(new Set(approvals.map(({ cohort }) => cohort)).size).toBe(1)
  })

  test('a wave whose people are under way goes on under the approval it began with', async () => {
    const rig = await openRig({ people: 30 })
    const id = await rig.started(planText({ gates: APPROVED }))
    await rig.until('wave.awaitingApproval')
    await rig.act(ANDERS, 'approve', id, FIRST)
    await rig.until('wave.soaking')
    await rig.act(ONA, 'pause', id)
    await revise(rig, id, planText({ gates: APPROVED, waves: [TEST_WAVE, REST] }))
    expect((await rig.show(id)).waves[0]).toMatchObject({ state: 'soaking', approval: { by: ANDERS.person } })
  })

  test('a rejected wave is asked about again under a new revision, and nothing was touched meanwhile', async () => {
    const rig = await openRig({ people: 30 })
    const id = await rig.started(planText({ gates: APPROVED }))
    await rig.until('wave.awaitingApproval')
    await rig.act(ANDERS, 'reject', id, { ...FIRST, reason: 'the soak is too short' })
    const longer = gates({ approval: { from: 'approver' }, soak: { for: '4h' } })
    await revise(rig, id, planText({ gates: longer }))
    expect((await rig.show(id)).holds).toEqual([])
    await rig.until('wave.awaitingApproval')
    expect((await rig.show(id)).waves[0]?.soak.forMs).toBe(4 * HOUR)
    expect(joined(rig)).toEqual([])
    await rig.act(ANDERS, 'approve', id, FIRST)
    await rig.until('wave.completed')
    await rig.until('wave.preparing', 'pilot')
  })
})

test('an empty wave is filled by a new revision', async () => {
  const rig = await openRig({ people: 30 })
  const [ready = ''] = readyPeople(rig, 1)
  const nobody = { name: 'pilot', members: { share: '0.01%' } }
  const id = await rig.started(planText({ waves: [TEST_WAVE, nobody] }))
  await rig.until(
    (event) => event.type === 'hold.placed' && (event.data.hold as { kind: string }).kind === 'empty',
  )
  await revise(rig, id, planText({ waves: [TEST_WAVE, { name: 'pilot', members: { users: [ready] } }] }))
  await rig.until('wave.soaking', 'pilot')
  expect(joined(rig)).toContain(ready)
})

describe('a wave whose people a file names', () => {
  async function filed() {
    const rig = await openRig({ people: 40 })
    const people = readyPeople(rig, 4)
    const text = `UPN;MFA Status\n${people.map((id) => `${id};Enabled`).join('\n')}\n`
    const files = { 'list.csv': await upload(rig, text) }
    const plan = planText({ waves: [TEST_WAVE, { name: 'listed', members: { csv: 'list.csv' } }] })
    const { service } = rig.wavegate
    const { rollout } = await rig.answer(() => service.createRollout(METTE, plan, undefined, files))
    return { rig, id: rollout.id, people, plan, text, files }
  }

  test('puts exactly them under MFA; who has left since is in no wave, and stops nothing', async () => {
    const { rig, id, people } = await filed()
    const [gone = '', ...others] = people
    await rig.act(METTE, 'start', id)
    await rig.until('wave.soaking')
    rig.tenant.world.deleteUser(gone)
    await rig.until('wave.soaking', 'listed')
    expect(joined(rig).toSorted()).toEqual([rig.tenant.world.person(TEST_USER).id, ...others].toSorted())
  })

  test('is another plan with another file: its bytes are fixed once its people are', async () => {
    const { rig, id, people, plan, text, files } = await filed()
    const hash = (await rig.show(id)).planHash
    expect(files['list.csv']).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`)
    const shorter = { 'list.csv': await upload(rig, `UPN\n${people[0]}\n`) }
    await revise(rig, id, plan, { files: shorter })
    expect((await rig.show(id)).planHash).not.toBe(hash)
    await rig.act(METTE, 'start', id)
    await rig.until('wave.soaking', 'listed')
    await rig.act(ONA, 'pause', id)
    await expect(revise(rig, id, plan, { files })).rejects.toMatchObject({ code: 'planCurrentChanged' })
  })
})

test('a run that is started again takes the plan of the last revision from its first wave', async () => {
  const rig = await openRig({ people: 30 })
  const id = await rig.started(planText({ waves: [TEST_WAVE, REST] }))
  await rig.until('wave.preparing', 'everyone')
  await rig.act(ONA, 'pause', id)
  await revise(rig, id, planText({ waves: [TEST_WAVE, REST], gates: gates({ soak: { for: '9h' } }) }))
  expect((await rig.show(id)).waves.map(({ soak }) => soak.forMs)).toEqual([HOUR, 9 * HOUR])
  await rig.act(ONA, 'abort', id)
  const { rollout } = await rig.act(METTE, 'restart', id)
  const again = (await rig.wavegate.service.listRollouts()).find((one) => one.state === 'draft')
  expect(rollout.planHash).toBe(again?.planHash)
  const view = await rig.show(again?.id as string)
  expect(view.waves.map(({ soak }) => soak.forMs)).toEqual([9 * HOUR, 9 * HOUR])
  expect(view.revisions).toMatchObject([{ number: 1, by: METTE.person }])
})
