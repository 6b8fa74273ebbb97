import { expect, test } from 'vitest'
import { policy } from './journal.ts'
import { GROUP, POLICY, planText, TEST_WAVE } from './plan-of-waves.ts'
import { METTE, openRig } from './rig.ts'

const enforce = { by: 'conditional-access', group: GROUP, policy: POLICY, when: 'risk' } as const

test('without Entra ID P2 a plan that asks at risk only is refused, and so is the start', async () => {
  const rig = await openRig()
  const plan = planText({ enforce, waves: [TEST_WAVE] })
  const refused = {
    details: { problems: expect.arrayContaining([expect.objectContaining({ code: 'riskUnlicensed' })]) },
  }
  await expect(rig.create(plan)).rejects.toMatchObject(refused)
  rig.tenant.world.setPremiumP2(true)
  const { rollout, warnings } = await rig.create(plan)
  expect(warnings.map((one) => one.code)).toContain('riskSeldomAsks')
  rig.tenant.world.setPremiumP2(false)
  await expect(rig.act(METTE, 'start', rollout.id)).rejects.toMatchObject({
    details: { findings: [expect.objectContaining({ code: 'riskUnlicensed' })] },
  })
})

test('the policy asks at the risk of the sign-in alone, and it is said that this proves little', async () => {
  const rig = await openRig()
  rig.tenant.world.setPremiumP2(true)
  const id = await rig.started(planText({ enforce, waves: [TEST_WAVE] }))
  await rig.until('wave.soaking')
  expect(policy(rig)).toMatchObject({
    state: 'enabled',
    conditions: { signInRiskLevels: ['high', 'medium'], userRiskLevels: [] },
  })
  expect((await rig.wavegate.service.explain(id)).join('\n')).toContain('quiet is no proof')
})

test('fewer seats of P2 than people in the waves is a warning', async () => {
  const rig = await openRig({ people: 120 })
  const { world } = rig.tenant
  world.setPremiumP2(true)
  for (const person of world.people.filter((one) => one.kind === 'member')) world.disableLicence(person.id)
  const waves = [TEST_WAVE, { name: 'everyone', members: 'rest' as const }]
  const { warnings } = await rig.create(planText({ enforce, waves }))
  const warning = warnings.find((one) => one.code === 'riskUnlicensed')
  expect(warning?.message).toMatch(/^The tenant has \d+ seats of Entra ID P2 for \d+ people in the waves/)
})
