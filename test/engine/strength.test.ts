import { expect, test } from 'vitest'
import { joined, policy, policyStates, readyPeople } from './journal.ts'
import { GROUP, POLICY, planText, TEST_USER } from './plan-of-waves.ts'
import { HOUR, METTE, openRig, type Rig } from './rig.ts'

const enforce = {
  by: 'conditional-access',
  group: GROUP,
  policy: POLICY,
  strength: 'phishing-resistant',
} as const

function withKey(rig: Rig, person: string): void {
  rig.tenant.world.setMethods(person, ['passKeyDeviceBound', 'microsoftAuthenticatorPush'])
}

test('with a strength the policy asks for it, and only people whose methods meet it are ready', async () => {
  const rig = await openRig()
  const [key, phone] = readyPeople(rig, 2)
  withKey(rig, TEST_USER)
  withKey(rig, key as string)
  rig.tenant.world.setMethods(phone as string, ['mobilePhone'])
  await rig.pass(6 * HOUR)
  const pilot = { name: 'pilot', members: { users: [key as string, phone as string] } }
  const test = { name: 'test-user', members: { users: [TEST_USER] } }
  const id = await rig.started(planText({ enforce, waves: [test, pilot] }))
  await rig.ended(id)
  expect(joined(rig)).toEqual([rig.tenant.world.person(TEST_USER).id, key])
  expect(policy(rig)?.grantControls).toMatchObject({
    builtInControls: [],
    authenticationStrength: { allowedCombinations: expect.not.arrayContaining(['deviceBasedPush']) },
  })
  expect(policyStates(rig).map((one) => one.state)).toEqual(['enabledForReportingButNotEnforced', 'enabled'])
  const { service } = rig.wavegate
  expect(await service.member(id, phone as string)).toMatchObject({
    deferred: 'notReady',
    readiness: 'registered: mobilePhone; none is phishing-resistant',
  })
  expect((await service.member(id, key as string)).readiness).toBe('passKeyDeviceBound: phishing-resistant')
})

test('a policy that asks for any second factor is not the one a plan with a strength may switch on', async () => {
  const rig = await openRig()
  withKey(rig, TEST_USER)
  await rig.ended(await rig.started())
  const id = await rig.draft(planText({ enforce }))
  await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({
    code: 'preflightFailed',
    details: {
      findings: expect.arrayContaining([expect.objectContaining({ code: 'policyDiffers' })]),
    },
  })
})
