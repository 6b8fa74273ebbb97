import { describe, expect, test } from 'vitest'
import { joined, members, readyPeople } from './journal.ts'
import { gates, planText, REST, TEST_USER, TEST_WAVE } from './plan-of-waves.ts'
import { DAY, HOUR, METTE, ONA, openRig, type Rig } from './rig.ts'

const REPORT = 'userRegistrationDetails'
const LOG = '/auditLogs/signIns'
const ERROR = { kind: 'status', status: 500 } as const

const longSoak = planText({ gates: gates({ soak: { for: '30h' } }) })

function soak(rig: Rig, id: string) {
  return rig.show(id).then((view) => view.waves[0]?.soak.elapsedMs as number)
}

describe('the registration report', () => {
  test('that cannot be read holds the wave before anybody is touched, and lets go of it by itself', async () => {
    const rig = await openRig()
    const id = await rig.draft()
    rig.when('wave.checkingReadiness', () => rig.tenant.addFault({ path: REPORT, do: ERROR }))
    await rig.act(METTE, 'start', id)
    await rig.until('hold.placed')
    expect((await rig.show(id)).waves[0]).toMatchObject({
      state: 'checkingReadiness',
      holds: [{ kind: 'gateUnknown', gate: 'readiness' }],
    })
    await rig.pass(3 * HOUR)
    expect((await rig.show(id)).waves[0]?.state).toBe('checkingReadiness')
    rig.tenant.clearFaults()
    await rig.until('hold.lifted')
    await rig.until('members.inPlace')
    expect(joined(rig)).toHaveLength(1)
  })

  test('that comes back empty is no data, not a pass', async () => {
    const rig = await openRig()
    const id = await rig.draft()
    const body = { value: [] }
    rig.when('wave.checkingReadiness', () =>
      rig.tenant.addFault({ path: REPORT, do: { kind: 'status', status: 200, body } }),
    )
    await rig.act(METTE, 'start', id)
    await rig.until('hold.placed')
    const [gate] = await rig.wavegate.service.gates(id, 'test-user')
    expect(gate).toMatchObject({ gate: 'readiness', verdict: 'unknown', result: { why: 'noData' } })
    expect(joined(rig)).toEqual([])
  })

  test('that the licence does not give any more holds as unknown', async () => {
    const rig = await openRig()
    const id = await rig.draft()
    rig.when('wave.checkingReadiness', () => rig.tenant.world.setPremium(false))
    await rig.act(METTE, 'start', id)
    await rig.until('hold.placed')
    const [gate] = await rig.wavegate.service.gates(id, 'test-user')
    expect(gate).toMatchObject({ verdict: 'unknown', result: { why: 'notAvailable(licence)' } })
    rig.tenant.world.setPremium(true)
    await rig.until('wave.soaking')
  })
})

test('too many who are not ready hold the wave; advance over readiness names them and leaves them for later', async () => {
  const rig = await openRig()
  const strict = gates({ readiness: { unready: 'defer', deferAtMost: '1%' } })
  const id = await rig.started(planText({ waves: [TEST_WAVE, REST], gates: strict }))
  await rig.until((event) => event.type === 'hold.placed')
  expect((await rig.show(id)).waves[1]).toMatchObject({
    state: 'checkingReadiness',
    holds: [{ kind: 'gateFailed', gate: 'readiness' }],
  })
  const risk = await rig.act(METTE, 'advance', id, { wave: 'everyone', gates: ['readiness'], dryRun: true })
  expect(risk.people.length).toBeGreaterThan(10)
  await rig.act(METTE, 'advance', id, { wave: 'everyone', gates: ['readiness'] })
  await rig.until('wave.soaking', 'everyone')
  const view = await rig.show(id)
  expect(view.waves[1]).toMatchObject({ overridden: ['readiness'], counts: { pending: 0 } })
  expect(view.waves[1]?.counts.deferred).toBeGreaterThan(0)
})

describe('the sign-in log', () => {
  test('that cannot be read stops the soak and holds; once it can be, the soak goes on where it stood', async () => {
    const rig = await openRig()
    const id = await rig.started(longSoak)
    await rig.until('wave.soaking')
    await rig.pass(4 * HOUR)
    rig.tenant.addFault({ path: LOG, do: ERROR })
    await rig.until('hold.placed')
    expect((await rig.show(id)).waves[0]?.holds).toMatchObject([{ kind: 'gateUnknown', gate: 'lockedOut' }])
    const stood = await soak(rig, id)
    await rig.pass(30 * HOUR)
    expect(await soak(rig, id)).toBe(stood)
    expect((await rig.show(id)).waves[0]?.state).toBe('soaking')
    rig.tenant.clearFaults()
    await rig.until('hold.lifted')
    const goesOnAt = rig.now()
    await rig.until('wave.judging')
    expect(rig.now() - goesOnAt).toBe(30 * HOUR - stood)
    await rig.until('wave.completed')
  })

  test('that the licence does not give any more holds as unknown, mid-way', async () => {
    const rig = await openRig()
    const id = await rig.started(longSoak)
    await rig.until('wave.soaking')
    rig.tenant.world.setPremium(false)
    await rig.until('hold.placed')
    const gate = (await rig.wavegate.service.gates(id, 'test-user')).find((one) => one.gate === 'lockedOut')
    expect(gate).toMatchObject({ verdict: 'unknown', result: { why: 'notAvailable(licence)' } })
    await rig.pass(2 * DAY)
    expect((await rig.show(id)).waves[0]?.state).toBe('soaking')
  })

  test('in which nobody of the wave appears is no pass: a wave of a weekend waits for Monday', async () => {
    const rig = await openRig({ people: 60, start: Date.parse('2026-03-06T18:00:00Z') })
    const sleepers = readyPeople(rig, 4)
    const id = await rig.started(planText({ waves: [{ name: 'test-user', members: { users: sleepers } }] }))
    await rig.until('hold.placed')
    expect(new Date(rig.now()).getUTCDay()).toBe(6)
    expect((await rig.show(id)).waves[0]).toMatchObject({
      state: 'judging',
      holds: [{ kind: 'gateUnknown', gate: 'lockedOut' }],
    })
    await rig.until('wave.completed')
    expect(new Date(rig.now()).getUTCDay()).toBe(1)
  })

  test('that nobody of us may read any more holds by itself, and nobody is added meanwhile', async () => {
    const rig = await openRig()
    const people = readyPeople(rig, 3)
    const waves = [{ name: 'test-user', members: { users: [TEST_USER, ...people] } }]
    await rig.started(planText({ waves, pace: { people: 1, per: '4h' } }))
    await rig.until('members.inPlace')
    rig.tenant.addFault({
      path: LOG,
      do: { kind: 'status', status: 403, code: 'Authorization_RequestDenied' },
    })
    await rig.until('hold.placed')
    await rig.pass(2 * DAY)
    expect(joined(rig)).toHaveLength(1)
    rig.tenant.clearFaults()
    await rig.until('wave.soaking')
    expect(joined(rig)).toHaveLength(4)
  })
})

describe('a wave with bad numbers', () => {
  test('spends its budget and holds; neither resume nor advance goes over it; rolled back, nobody is locked out', async () => {
    const rig = await openRig({ people: 120, scenario: 'bad-numbers' })
    const budget = { lockedOut: { max: '2%' } }
    const id = await rig.started(
      planText({ waves: [TEST_WAVE, REST], gates: gates({ budget, soak: { for: '72h' } }) }),
    )
    await rig.until((event) => (event.data.hold as { kind?: string } | undefined)?.kind === 'budgetSpent')
    const wave = async () => (await rig.show(id)).waves[1]
    expect(await wave()).toMatchObject({ holds: [{ kind: 'budgetSpent', gate: 'lockedOut' }] })
    expect((await rig.show(id)).phase).toBe('Degraded')
    const at = { wave: 'everyone' }
    await expect(rig.act(METTE, 'resume', id, at)).rejects.toMatchObject({ code: 'verbNotPossible' })
    await expect(rig.act(METTE, 'advance', id, { ...at, gates: ['lockedOut'] })).rejects.toMatchObject({
      code: 'verbNotPossible',
    })
    await rig.act(METTE, 'pause', id, at)
    await rig.act(METTE, 'resume', id, at)
    expect(await wave()).toMatchObject({ holds: [{ kind: 'budgetSpent' }] })
    await rig.pass(2 * DAY)
    expect(await wave()).toMatchObject({ holds: [{ kind: 'budgetSpent' }] })

    const locked = rig.events.filter((event) => event.type === 'member.lockedOut')
    expect(locked.length).toBeGreaterThan(1)
    await rig.act(ONA, 'rollback', id)
    expect((await rig.ended(id)).state).toBe('rolledBack')
    expect(members(rig)).toEqual([])
  })

  test('one rescued person spends what they spent, and the wave does not get smaller for it', async () => {
    const rig = await openRig({ people: 120, scenario: 'bad-numbers' })
    const budget = { lockedOut: { max: '99%' } }
    const id = await rig.started(
      planText({ waves: [TEST_WAVE, REST], gates: gates({ budget, soak: { for: '72h' } }) }),
    )
    const { personId } = await rig.until('member.lockedOut')
    const allowed = async () => {
      const results = await rig.wavegate.service.gates(id, 'everyone')
      const { result } = results.find((one) => one.gate === 'lockedOut') ?? {}
      return (result as { evidence: { value: number; threshold: number } }).evidence
    }
    await rig.pass(HOUR)
    const before = await allowed()
    await rig.act(ONA, 'rollback', id, { people: [personId as string] })
    await rig.until('members.restored')
    await rig.pass(HOUR)
    const after = await allowed()
    expect(after.threshold).toBe(before.threshold)
    expect(after.value).toBeGreaterThanOrEqual(before.value)
    await rig.pass(DAY)
    expect((await rig.show(id)).waves[1]?.counts.everLockedOut).toBeGreaterThanOrEqual(1)
  })
})
