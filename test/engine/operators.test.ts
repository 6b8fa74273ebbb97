import { expect, test } from 'vitest'
import { joined } from './journal.ts'
import { gates, PILOT, planText, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, METTE, openRig } from './rig.ts'

test('an approver without a second factor is not kept out by the wave they approved: it holds and names them', async () => {
  const rig = await openRig()
  const { world } = rig.tenant
  const approval = { from: 'approver' } as const
  const readiness = { unready: 'hold', min: '10%' } as const
  const id = await rig.started(planText({ waves: [TEST_WAVE, PILOT], gates: gates({ approval, readiness }) }))
  const them = world.people.find((one) => one.department === 'IT' && one.index !== 2 && !one.roles.length)
  if (!them) throw new Error('nobody works in IT')
  const approver = { ...ANDERS, person: them.userPrincipalName.toUpperCase() }
  await rig.until('wave.awaitingApproval', 'test-user')
  await rig.act(approver, 'approve', id, { wave: 'test-user' })
  await rig.until('wave.awaitingApproval', 'pilot')
  await rig.act(ANDERS, 'approve', id, { wave: 'pilot' })
  world.setMethods(them.id, [])
  await rig.until('hold.placed', 'pilot')
  const pilot = (await rig.show(id)).waves.find((wave) => wave.name === 'pilot')
  expect(pilot?.holds).toMatchObject([{ kind: 'error', code: 'operatorNotReady' }])
  expect(pilot?.holds[0]?.reason).toContain(`${them.userPrincipalName} steers this rollout`)
  const pilots = joined(rig).filter((one) => one !== world.person('test.user@contoso.com').id)
  expect(pilots).toEqual([])
  world.setMethods(them.id, ['microsoftAuthenticatorPush'])
  await rig.act(METTE, 'resume', id, { wave: 'pilot' })
  await rig.ended(id)
  expect(joined(rig)).toContain(them.id)
})
