import { expect, test } from 'vitest'
import { policyStates } from './journal.ts'
import { gates, planText, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, METTE, openRig } from './rig.ts'

const OFF = { findings: ['securityDefaultsOff'] }

test('while security defaults are on no rollout starts, and it is said who would be bare without them', async () => {
  const rig = await openRig({ scenario: 'security-defaults' })
  const plan = planText({ waves: [TEST_WAVE] })
  const made = await rig.create(plan)
  const { id } = made.rollout
  const bare = /Without them (\d+) enabled members would be bare.*; (\d+) of these are in no wave/
  const warning = made.warnings.find((one) => one.code === 'securityDefaultsOn')
  const [, members, outside] = bare.exec(warning?.message ?? '') ?? []
  const enabled = rig.tenant.world.people.filter((one) => one.kind !== 'guest' && one.accountEnabled)
  expect(Number(members)).toBe(enabled.length)
  expect(Number(outside)).toBe(enabled.length - 1)
  await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({ code: 'preflightFailed' })
  await expect(rig.act(ANDERS, 'accept', id, OFF)).rejects.toMatchObject({ code: 'notApplicable' })
  expect(rig.tenant.world.journal.entries.filter((entry) => entry.actor === 'app')).toEqual([])
})

test('switched off by another hand, the rollout goes on only when another person has accepted that by name', async () => {
  const rig = await openRig({ scenario: 'security-defaults' })
  const id = await rig.draft(planText({ waves: [TEST_WAVE] }))
  rig.tenant.world.setSecurityDefaults(false)
  await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({
    code: 'preflightFailed',
    details: { findings: [expect.objectContaining({ code: 'securityDefaultsOff' })] },
  })
  expect((await rig.show(id)).possible).toContain('accept')
  await expect(rig.act(METTE, 'accept', id, OFF)).rejects.toMatchObject({ code: 'roleTooWeak' })
  const both = { ...METTE, roles: ['changeManager', 'approver'] as const }
  await expect(rig.act(both, 'accept', id, OFF)).rejects.toMatchObject({ code: 'ownRequest' })
  await expect(
    rig.act(ANDERS, 'accept', id, { findings: ['securityDefaultsOff', 'policy.state'] }),
  ).rejects.toMatchObject({
    code: 'findingUnknown',
  })
  expect((await rig.act(ANDERS, 'accept', id, { ...OFF, dryRun: true })).changed).toBe(false)
  expect((await rig.act(ANDERS, 'accept', id, { ...OFF, reason: 'MFA comes tonight' })).changed).toBe(true)
  expect((await rig.act(ANDERS, 'accept', id, OFF)).changed).toBe(false)
  expect((await rig.show(id)).findings).toMatchObject([
    { finding: 'securityDefaultsOff', accepted: { by: ANDERS.person, reason: 'MFA comes tonight' } },
  ])
  expect((await rig.wavegate.service.explain(id)).join('\n')).toContain(`Accepted by ${ANDERS.person}`)
  await rig.act(METTE, 'start', id)
  await rig.ended(id)
  expect(policyStates(rig).at(-1)?.state).toBe('enabled')
})

test('switched on and off between start and the first change, they hold the wave until that is accepted', async () => {
  const rig = await openRig()
  const { world } = rig.tenant
  const approval = { from: 'approver' } as const
  const id = await rig.started(planText({ waves: [TEST_WAVE], gates: gates({ approval }) }))
  await rig.until('wave.awaitingApproval')
  for (const policy of world.policies) world.setPolicy(policy.id as string, { state: 'disabled' })
  world.setSecurityDefaults(true)
  await rig.act(ANDERS, 'approve', id, { wave: 'test-user' })
  await rig.until('hold.placed')
  const held = async () => (await rig.show(id)).waves[0]?.holds.map((hold) => hold.code)
  expect(await held()).toEqual(['securityDefaultsOn'])
  world.setSecurityDefaults(false)
  await rig.act(METTE, 'resume', id, { wave: 'test-user' })
  await rig.until('hold.placed')
  expect(await held()).toEqual(['securityDefaultsOff'])
  const other = { ...ANDERS, person: 'birgit@contoso.com' }
  await rig.act(other, 'accept', id, OFF)
  await rig.act(METTE, 'resume', id, { wave: 'test-user' })
  await rig.ended(id)
  expect(policyStates(rig).at(-1)?.state).toBe('enabled')
})
