import type { Scenario } from '../../src/emulator/scenario.ts'
import type { PlanInput } from '../../src/plan/schema.ts'
import type { RolloutView } from '../../src/service.ts'
import { gates, PILOT, planText, REST, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, HOUR, METTE, ONA, openRig, type Rig, type RigOptions } from '../engine/rig.ts'
import { type Witness, witness } from './witness.ts'

const PROTECT = {
  emergencyAccounts: ['bg1@contoso.onmicrosoft.com', 'bg2@contoso.onmicrosoft.com'],
  groups: ['Service accounts'],
}

export interface Journey {
  rig: Rig
  witness: Witness
  plan: string
}

/** A small tenant of this kind and a plan for all of it; nothing has happened yet. */
export async function journey(
  scenario: Scenario,
  change: Partial<PlanInput> = {},
  options: RigOptions = {},
): Promise<Journey> {
  const rig = await openRig({ people: 200, scenario, ...options })
  const plan = planText({
    protect: PROTECT,
    waves: [TEST_WAVE, PILOT, REST],
    gates: gates({ soak: { for: '4h' } }),
    ...change,
  })
  return { rig, witness: witness(rig, PROTECT), plan }
}

/** Holds that go by themselves when their cause has gone. */
const PASSING: readonly string[] = ['gateUnknown', 'stuck', 'window', 'freeze']

/** On, half a day at a time, until the rollout has ended, somebody has to decide, or `days` are over. */
export async function forward(rig: Rig, id: string, days: number): Promise<RolloutView> {
  for (let passed = 0; passed < days * 24; passed += 12) {
    const view = await rig.show(id)
    const holds = [...view.holds, ...view.waves.flatMap((wave) => wave.holds)]
    if (view.state !== 'running' || holds.some((hold) => !PASSING.includes(hold.kind))) return view
    await rig.pass(12 * HOUR)
  }
  return await rig.show(id)
}

export async function start({ rig, plan }: Journey): Promise<string> {
  const id = await rig.draft(plan)
  await rig.act(METTE, 'start', id)
  return id
}

/** Everything back, by the one call; whom a policy for all users caught and who holds a role, by a second person's. */
export async function back(rig: Rig, id: string): Promise<RolloutView> {
  const isWide = (await rig.show(id)).state === 'graduated'
  await rig.act(ONA, 'rollback', id)
  if (!isWide) return await rig.ended(id)
  await rig.until('policy.narrowed')
  const rows = await rig.wavegate.store.read.membersOfRollout(id)
  const people = rows.filter(({ restore }) => restore === 'leftIn').map(({ personId }) => personId)
  if (people.length > 0) await rig.act(ANDERS, 'rollback', id, { people })
  return await rig.ended(id)
}
