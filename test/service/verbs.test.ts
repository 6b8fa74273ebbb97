import { describe, expect, test } from 'vitest'
import { type Caller, Role, VERBS, Verb } from '../../src/service.ts'
import { joined, members, readyPeople } from '../engine/journal.ts'
import { gates, POLICY, planText, TEST_USER } from '../engine/plan-of-waves.ts'
import { ANDERS, DAY, HOUR, METTE, ONA, openRig } from '../engine/rig.ts'

const WAVE = { wave: 'test-user' }

test('every verb is refused to every role that the table does not name', async () => {
  const rig = await openRig({ people: 30 })
  const id = await rig.draft()
  for (const verb of Verb.options) {
    for (const role of Role.options.filter((one) => !VERBS[verb].roles.includes(one))) {
      const caller: Caller = { person: 'nobody@contoso.com', roles: [role], channel: 'rest' }
      await expect(rig.act(caller, verb, id)).rejects.toMatchObject({ code: 'roleTooWeak', status: 403 })
    }
  }
  expect((await rig.show(id)).state).toBe('draft')
})

describe('If-Match', () => {
  test('is asked for by the verbs that go on, and not by those that stop or take back', async () => {
    const rig = await openRig({ people: 30 })
    const id = await rig.draft()
    await expect(rig.act(METTE, 'start', id, { ifMatch: undefined })).rejects.toMatchObject({
      code: 'ifMatchMissing',
    })
    await rig.act(METTE, 'start', id)
    await rig.until('wave.soaking')
    for (const verb of ['pause', 'rollback'] as const) {
      expect(await rig.act(ONA, verb, id, { ifMatch: undefined })).toMatchObject({ changed: true })
    }
  })

  test('that is stale is refused with the new one, and nothing happens', async () => {
    const rig = await openRig({ people: 30 })
    const id = await rig.started()
    const { etag } = await rig.show(id)
    await rig.act(ONA, 'pause', id)
    const now = await rig.show(id)
    await expect(rig.act(METTE, 'resume', id, { ifMatch: etag })).rejects.toMatchObject({
      code: 'ifMatchStale',
      details: { etag: now.etag },
    })
    expect((await rig.show(id)).holds).toMatchObject([{ kind: 'user' }])
  })

  test('stays as it is while people are added', async () => {
    const rig = await openRig()
    const users = [TEST_USER, ...readyPeople(rig, 3)]
    const waves = [{ name: 'test-user', members: { users } }]
    const id = await rig.started(planText({ waves, pace: { people: 1, per: '1h' } }))
    await rig.until('members.inPlace')
    const { etag } = await rig.show(id)
    await rig.until('members.inPlace')
    expect((await rig.show(id)).etag).toBe(etag)
  })
})

test('two rollouts started on one target at the same moment: one begins', async () => {
  const rig = await openRig({ people: 30 })
  const ids = [await rig.draft(), await rig.draft(planText({ name: 'second' }))]
  const starts = await Promise.allSettled(ids.map((id) => rig.act(METTE, 'start', id)))
  expect(starts.map((start) => start.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(starts.find((start) => start.status === 'rejected')).toMatchObject({
    reason: { code: 'targetInUse' },
  })
  const live = starts.findIndex((start) => start.status === 'fulfilled')
  const late = ids[1 - live] as string
  await expect(rig.act(METTE, 'start', late)).rejects.toMatchObject({
    code: 'targetInUse',
    details: { other: ids[live] },
  })
  await rig.act(ONA, 'abort', ids[live] as string)
  expect(await rig.act(METTE, 'start', late)).toMatchObject({ changed: true })
})

test('one start pressed twice begins once', async () => {
  const rig = await openRig({ people: 30 })
  const id = await rig.draft()
  const { etag } = await rig.show(id)
  const both = await Promise.allSettled([1, 2].map(() => rig.act(METTE, 'start', id, { ifMatch: etag })))
  expect(both.map((start) => start.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(both.find((start) => start.status === 'rejected')).toMatchObject({
    reason: { code: 'ifMatchStale' },
  })
  expect(rig.events.filter((event) => event.type === 'verb.start')).toHaveLength(1)
})

test('a dry run names whom it would touch and changes nothing', async () => {
  const rig = await openRig()
  const people = readyPeople(rig, 2)
  const waves = [{ name: 'test-user', members: { users: [TEST_USER, ...people] } }]
  const id = await rig.draft(planText({ waves }))
  const started = await rig.act(METTE, 'start', id, { dryRun: true })
  expect(started).toMatchObject({ changed: false, dryRun: true, rollout: { state: 'draft' } })
  await rig.act(METTE, 'start', id)
  await rig.until('wave.soaking')
  const count = rig.events.length
  for (const more of [{}, WAVE, { people: [TEST_USER, ...people] }]) {
    const answer = await rig.act(ONA, 'rollback', id, { ...more, dryRun: true })
    expect(answer).toMatchObject({ changed: false, dryRun: true })
    expect(answer.says).toMatch(/^Would: /)
    expect(answer.people).toHaveLength(3)
  }
  expect(rig.events).toHaveLength(count)
  expect(members(rig)).toHaveLength(3)
})

test('what is so already is said so, and nothing is written', async () => {
  const rig = await openRig({ people: 30 })
  const id = await rig.started()
  await rig.until('wave.soaking')
  const again = async (caller: Caller, verb: Verb, more = {}) => {
    const count = rig.events.length
    expect(await rig.act(caller, verb, id, more)).toMatchObject({ changed: false })
    expect(rig.events).toHaveLength(count)
  }
  await again(METTE, 'start')
  await again(METTE, 'resume')
  await rig.act(ONA, 'pause', id)
  await again(ONA, 'pause')
  await rig.act(ONA, 'rollback', id)
  await again(ONA, 'rollback')
  await rig.ended(id)
  await again(ONA, 'rollback')
})

test('a verb that the state does not know says the state and what is possible', async () => {
  const rig = await openRig({ people: 30 })
  const id = await rig.draft()
  await expect(rig.act(ONA, 'rollback', id)).rejects.toMatchObject({
    code: 'verbNotPossible',
    details: { state: 'draft', possibleVerbs: ['start', 'abort', 'adopt'] },
  })
  await expect(rig.act(ANDERS, 'approve', id, WAVE)).rejects.toMatchObject({
    code: 'verbNotPossible',
    details: { state: 'pending', subject: 'wave test-user' },
  })
  await expect(rig.act(METTE, 'pause', id, { wave: 'nowhere' })).rejects.toMatchObject({
    code: 'waveNotFound',
  })
  await expect(rig.act(METTE, 'start', id, { reason: '  ' })).rejects.toMatchObject({ code: 'reasonMissing' })
})

test('an abort leaves everybody as they are, and nobody is added after it', async () => {
  const rig = await openRig()
  const users = [TEST_USER, ...readyPeople(rig, 3)]
  const waves = [{ name: 'test-user', members: { users } }]
  const id = await rig.started(planText({ waves, pace: { people: 1, per: '1h' } }))
  await rig.until('members.inPlace')
  await rig.act(ONA, 'abort', id)
  const inside = members(rig)
  await rig.pass(DAY)
  expect(members(rig)).toEqual(inside)
  expect(joined(rig)).toHaveLength(1)
  expect((await rig.show(id)).state).toBe('aborted')
  expect(rig.tenant.world.policies.find((policy) => policy.displayName === POLICY)?.state).toBe('enabled')
})

test('a pause adds nobody and stops the soak; a resume goes on where it was', async () => {
  const rig = await openRig()
  const id = await rig.started(planText({ gates: gates({ soak: { for: '30h' } }) }))
  await rig.until('wave.soaking')
  await rig.pass(2 * HOUR)
  await rig.act(ONA, 'pause', id)
  await rig.pass(2 * DAY)
  expect((await rig.show(id)).waves[0]?.soak.elapsedMs).toBe(2 * HOUR)
  await rig.act(METTE, 'resume', id)
  const resumed = rig.now()
  await rig.until('wave.judging')
  expect(rig.now() - resumed).toBe(28 * HOUR)
})

describe('advance', () => {
  test('skips what is left of the soak and names who is not proven; not the log’s settling and not propagation', async () => {
    const rig = await openRig()
    const id = await rig.started(planText({ gates: gates({ soak: { for: '20d' } }) }))
    await rig.until('wave.soaking')
    const began = rig.now()
    const answer = await rig.act(METTE, 'advance', id, WAVE)
    expect(answer.people).toMatchObject([{ upn: TEST_USER }])
    await rig.until('wave.completed')
    expect(rig.now() - began).toBeGreaterThanOrEqual(23 * HOUR)
  })

  test('refuses a gate that does not hold the wave', async () => {
    const rig = await openRig({ people: 30 })
    const id = await rig.started()
    await rig.until('wave.soaking')
    await expect(rig.act(METTE, 'advance', id, { ...WAVE, gates: ['readiness'] })).rejects.toMatchObject({
      code: 'gateUnknownToWave',
    })
  })

  test('does not stand in for an approval', async () => {
    const rig = await openRig({ people: 30 })
    const id = await rig.started(planText({ gates: gates({ approval: { from: 'approver' } }) }))
    await rig.until('wave.awaitingApproval')
    await expect(rig.act(METTE, 'advance', id, WAVE)).rejects.toMatchObject({ code: 'verbNotPossible' })
  })
})

test('when the rollback window is over a wave and its rollout stay as they are', async () => {
  const rig = await openRig({ people: 30 })
  const waves = [{ name: 'test-user', members: { users: [TEST_USER] } }]
  const id = await rig.started(planText({ waves, rollback: { window: '2d' } }))
  await rig.until('rollout.completed')
  await rig.pass(3 * DAY)
  await expect(rig.act(ONA, 'rollback', id)).rejects.toMatchObject({ code: 'outsideWindow' })
  await expect(rig.act(ONA, 'rollback', id, WAVE)).rejects.toMatchObject({ code: 'outsideWindow' })
  expect(members(rig)).toHaveLength(1)
})
