import { expect, test } from 'vitest'
import { joined } from './journal.ts'
import { PILOT, planText, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, METTE, openRig } from './rig.ts'

const UNPROVEN = { findings: ['emergencyAccountUnproven'] }
const BG2 = 'bg2@contoso.onmicrosoft.com'

test('an untested emergency account keeps a rollout from starting until an approver has taken that by name', async () => {
  const rig = await openRig({ scenario: 'untested-emergency' })
  const id = await rig.draft(planText({ waves: [TEST_WAVE] }))
  await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({
    code: 'preflightFailed',
    details: {
      findings: [
        {
          code: 'emergencyAccountUnproven',
          message: expect.stringMatching(/bg2@.* shows no passkey .*; has never signed in/),
        },
      ],
    },
  })
  await expect(rig.act(METTE, 'accept', id, UNPROVEN)).rejects.toMatchObject({ code: 'roleTooWeak' })
  const both = { ...METTE, roles: ['changeManager', 'approver'] as const }
  await expect(rig.act(both, 'accept', id, UNPROVEN)).rejects.toMatchObject({ code: 'ownRequest' })
  const reason = 'tried on 2 March, on paper'
  expect((await rig.act(ANDERS, 'accept', id, { ...UNPROVEN, reason })).changed).toBe(true)
  await rig.act(METTE, 'start', id)
  await rig.ended(id)
  expect((await rig.show(id)).findings).toMatchObject([
    { finding: 'emergencyAccountUnproven', accepted: { by: ANDERS.person, reason } },
  ])
  expect((await rig.wavegate.service.explain(id)).join('\n')).toContain(`Accepted by ${ANDERS.person}`)
  expect(joined(rig).length).toBeGreaterThan(0)
})

test('a key that is there by the next start is enough: nobody has to accept anything', async () => {
  const rig = await openRig({ scenario: 'untested-emergency' })
  const { world } = rig.tenant
  const id = await rig.draft(planText({ waves: [TEST_WAVE] }))
  await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({ code: 'preflightFailed' })
  world.setMethods(BG2, ['passKeyDeviceBound'])
  await expect(rig.act(METTE, 'start', id)).rejects.toThrow(`${BG2} has never signed in`)
  world.patchUser(BG2, { signedInAt: rig.now() })
  await rig.act(METTE, 'start', id)
  expect((await rig.show(id)).findings).toEqual([])
})

test('before each wave they are looked at again, and what was accepted covers no more than it was about', async () => {
  const rig = await openRig({ scenario: 'untested-emergency' })
  const { world } = rig.tenant
  const id = await rig.draft(planText({ waves: [TEST_WAVE, PILOT] }))
  await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({ code: 'preflightFailed' })
  await rig.act(ANDERS, 'accept', id, UNPROVEN)
  await rig.act(METTE, 'start', id)
  await rig.until('wave.soaking', 'test-user')
  const before = joined(rig).length
  world.setMethods('bg1@contoso.onmicrosoft.com', [])
  await rig.until('hold.placed', 'pilot')
  const pilot = async () => (await rig.show(id)).waves.find((wave) => wave.name === 'pilot')
  expect((await pilot())?.holds).toMatchObject([
    { kind: 'error', code: 'emergencyAccountUnproven', reason: expect.stringContaining('bg1@contoso') },
  ])
  expect(joined(rig)).toHaveLength(before)
  await rig.act(ANDERS, 'accept', id, UNPROVEN)
  await rig.act(METTE, 'resume', id, { wave: 'pilot' })
  await rig.ended(id)
  expect(joined(rig).length).toBeGreaterThan(before)
})

test('without Entra ID P1 nobody can tell when they signed in: that is said, and blocks', async () => {
  const rig = await openRig({ scenario: 'no-p1' })
  const id = await rig.draft(planText({ waves: [TEST_WAVE] }))
  await expect(rig.act(METTE, 'start', id)).rejects.toThrow('the tenant has no Entra ID P1')
})

test('a permission that is missing is named, and what it would show is not taken for granted', async () => {
  const rig = await openRig()
  rig.tenant.world.permissions.delete('UserAuthenticationMethod.Read.All')
  const id = await rig.draft(planText({ waves: [TEST_WAVE] }))
  await expect(rig.act(METTE, 'start', id)).rejects.toThrow(
    'It needs the application permission UserAuthenticationMethod.Read.All',
  )
})
