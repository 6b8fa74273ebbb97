import { expect, test } from 'vitest'
import type { Hold } from '../../machines/language.ts'
import { joined, left, readyPeople } from './journal.ts'
import { GROUP, gates, POLICY, planText, TEST_USER, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, DAY, HOUR, METTE, ONA, openRig, type Rig } from './rig.ts'

const TWIN = `${POLICY} (report-only twin)`
const wouldBlock = { max: '2%' }

const twin = (rig: Rig) => rig.tenant.world.policies.find((one) => one.displayName === TWIN)

/** What became of the twin, by the journal. */
function twinStates(rig: Rig): string[] {
  return rig.tenant.world.journal.entries.flatMap((entry) => {
    const [before, after] = [entry.before, entry.after] as ({ displayName?: string; state?: string } | null)[]
    if (!entry.target.startsWith('identity/') || (after ?? before)?.displayName !== TWIN) return []
    return [after?.state ?? 'deleted']
  })
}

async function gateOf(rig: Rig, id: string, wave: string) {
  return (await rig.wavegate.service.gates(id, wave)).find((one) => one.gate === 'wouldBlock')
}

test('beside the policy stands a twin that asks nobody and tells before a wave whom the policy would block', async () => {
  const rig = await openRig()
  const id = await rig.started(planText({ gates: gates({ wouldBlock }) }))
  await rig.until('wave.checkingReadiness', 'test-user')
  await rig.until('wave.enforcing', 'test-user')
  const made = twin(rig)
  expect(made).toMatchObject({
    state: 'enabledForReportingButNotEnforced',
    conditions: { users: { includeUsers: ['All'], includeGroups: [] } },
    grantControls: { builtInControls: ['mfa'] },
  })
  expect(made?.description).toMatch(/twin.*\[wavegate:/)
  const emergency = rig.tenant.world.person('bg1@contoso.onmicrosoft.com').id
  expect(made?.conditions?.users?.excludeUsers).toContain(emergency)
  // Test users go first by agreement: what it tells of them is nobody's gate.
  expect(await gateOf(rig, id, 'test-user')).toBeUndefined()
  await rig.ended(id)
  const gate = await gateOf(rig, id, 'pilot')
  expect(gate?.verdict).toBe('pass')
  expect(gate?.says).toMatch(
    /^0 of \d+ people heard from would be blocked \(0 %\), [1-9]\d* would be prompted/,
  )
  expect((await rig.wavegate.service.explain(id)).join('\n')).toContain('wouldBlock: 0 of')

  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(twin(rig)).toBeUndefined()
  expect(twinStates(rig)).toEqual(['enabledForReportingButNotEnforced', 'deleted'])
  expect(left(rig).toSorted()).toEqual(joined(rig).toSorted())
})

test('where too many would be blocked the wave holds, names them, and may be advanced over by name', async () => {
  const rig = await openRig()
  const [key, ...others] = readyPeople(rig, 6) as [string, ...string[]]
  for (const person of [TEST_USER, key]) rig.tenant.world.setMethods(person, ['passKeyDeviceBound'])
  for (const person of others) rig.tenant.world.setMethods(person, ['mobilePhone'])
  await rig.pass(6 * HOUR)
  const enforce = {
    by: 'conditional-access',
    group: GROUP,
    policy: POLICY,
    strength: 'passwordless',
  } as const
  const readiness = { unready: 'hold', min: '1%' } as const
  const pilot = { name: 'pilot', members: { users: [key, ...others] }, gates: { readiness } }
  const id = await rig.started(planText({ enforce, gates: gates({ wouldBlock }), waves: [TEST_WAVE, pilot] }))
  await rig.until(
    (event) => event.type === 'hold.placed' && (event.data['hold'] as Hold).gate === 'wouldBlock',
    'pilot',
  )
  const gate = await gateOf(rig, id, 'pilot')
  expect(gate).toMatchObject({
    verdict: 'fail',
    says: expect.stringMatching(/^[1-9]\d* of \d+ people heard from/),
  })
  const call = { wave: 'pilot', gates: ['wouldBlock'] }
  const would = await rig.act(METTE, 'advance', id, { ...call, dryRun: true })
  expect(would.people.length).toBeGreaterThan(0)
  expect(would.people[0]?.why).toContain('would be blocked')
  const before = joined(rig).length
  await rig.act(METTE, 'advance', id, call)
  await rig.until('wave.enforcing', 'pilot')
  expect((await rig.show(id)).waves[1]?.overridden).toEqual(['wouldBlock'])
  expect(joined(rig).length).toBe(before)
})

test('with nobody heard from the gate is unknown, and lifts itself when sign-ins tell', async () => {
  const rig = await openRig()
  const wave = { ...TEST_WAVE, gates: { wouldBlock, soak: { for: '1h' } } }
  const id = await rig.started(planText({ waves: [wave] }))
  const hold = await rig.until('hold.placed')
  expect(hold.data['hold']).toMatchObject({ kind: 'gateUnknown', gate: 'wouldBlock' })
  expect((await gateOf(rig, id, 'test-user'))?.says).toContain('unknown (no data)')
  expect(joined(rig)).toEqual([])
  await rig.until('wave.enforcing')
  expect((await gateOf(rig, id, 'test-user'))?.verdict).toBe('pass')
})

test('a twin that another hand enabled tells nothing more: the next wave holds', async () => {
  const rig = await openRig()
  const id = await rig.started(planText({ gates: gates({ wouldBlock }) }))
  await rig.until('wave.enforcing', 'test-user')
  rig.tenant.world.setPolicy(TWIN, { state: 'disabled' })
  const hold = await rig.until('hold.placed')
  expect(hold.data['hold']).toMatchObject({ kind: 'drift', reason: expect.stringContaining('twin') })
  await rig.pass(2 * DAY)
  expect((await rig.show(id)).waves[1]?.state).not.toBe('enforcing')
  expect(twinStates(rig)).toEqual(['enabledForReportingButNotEnforced', 'disabled'])
})

test('a twin that another hand renamed is still the twin; no second one is made', async () => {
  const rig = await openRig()
  const id = await rig.started(planText({ gates: gates({ wouldBlock }) }))
  await rig.until('wave.enforcing', 'test-user')
  const before = rig.tenant.world.policies.length
  rig.tenant.world.setPolicy(TWIN, { displayName: 'Do not delete' })
  await rig.until('hold.placed')
  const { drift } = await rig.show(id)
  const findings = drift.map((one) => one.finding)
  expect(findings).toEqual(['twin.displayName'])
  await rig.act(ANDERS, 'accept', id, { findings })
  await rig.ended(id)
  expect((await gateOf(rig, id, 'pilot'))?.verdict).toBe('pass')
  expect(rig.tenant.world.policies).toHaveLength(before + 1)
})
