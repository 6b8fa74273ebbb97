import { expect, test } from 'vitest'
import { METTE, openRig, type Rig } from './rig.ts'

/** Policies of others, of a state that nobody would think of counting. */
function fill(rig: Rig, upTo: number): void {
  const { world } = rig.tenant
  for (let count = world.policies.length; count < upTo; count += 1) {
    world.createPolicy({
      displayName: `Old policy ${count}`,
      state: 'disabled',
      conditions: {
        clientAppTypes: ['all'],
        applications: { includeApplications: ['All'] },
        users: { includeUsers: ['None'] },
      },
      grantControls: { operator: 'OR', builtInControls: ['mfa'] },
    })
  }
}

test('a tenant that is nearly full of policies is a warning, whatever state they are in', async () => {
  const rig = await openRig()
  fill(rig, 188)
  expect((await rig.create()).warnings.map((one) => one.code)).not.toContain('policyLimit')
  fill(rig, 190)
  const warning = (await rig.create()).warnings.find((one) => one.code === 'policyLimit')
  expect(warning?.message).toContain('has 190 Conditional Access policies')
})

test('a plan is refused where its policies find no room, and a draft is not started there', async () => {
  const rig = await openRig()
  fill(rig, 194)
  const { rollout } = await rig.create()
  fill(rig, 195)
  await expect(rig.create()).rejects.toMatchObject({
    code: 'planInvalid',
    details: { problems: expect.arrayContaining([expect.objectContaining({ code: 'policyLimit' })]) },
  })
  await expect(rig.act(METTE, 'start', rollout.id)).rejects.toMatchObject({
    details: { findings: [expect.objectContaining({ code: 'policyLimit' })] },
  })
})
