import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import { describe, expect, test } from 'vitest'
import { joined, policy, policyStates, readyPeople } from './journal.ts'
import { GROUP, POLICY, planText, TEST_USER } from './plan-of-waves.ts'
import { METTE, openRig, type Rig } from './rig.ts'

const POLICY_WRITE = '^/v1.0/identity/conditionalAccess/policies/[^/?]+$'

/** The policy as wavegate would make it, with something about it changed. */
function likeOurs(
  rig: Rig,
  change: (body: ConditionalAccessPolicy) => void = () => {},
): ConditionalAccessPolicy {
  const { world } = rig.tenant
  const body: ConditionalAccessPolicy = {
    displayName: POLICY,
    state: 'disabled',
    conditions: {
      clientAppTypes: ['all'],
      applications: { includeApplications: ['All'] },
      users: {
        includeGroups: [world.group(GROUP).id],
        excludeUsers: ['bg1', 'bg2'].map((name) => world.person(`${name}@contoso.onmicrosoft.com`).id),
        excludeGroups: [world.group('Service accounts').id],
      },
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  }
  change(body)
  return body
}

type Case = [code: string, because: string, spoil: (rig: Rig) => void]

const group = (rig: Rig) => rig.tenant.world.group(GROUP)
const usersOf = (body: ConditionalAccessPolicy) => body.conditions?.users as { [name: string]: string[] }

const REFUSED: Case[] = [
  [
    'groupDynamic',
    'a rule chooses its members',
    (rig) => Object.assign(group(rig), { membershipRule: '(user.city -eq "Aarhus")' }),
  ],
  ['groupSynchronised', 'it comes from on-premises', (rig) => Object.assign(group(rig), { synced: true })],
  [
    'groupRoleAssignable',
    'it can be given roles',
    (rig) => Object.assign(group(rig), { isAssignableToRole: true }),
  ],
  [
    'groupForeign',
    'another installation has put its mark on it',
    (rig) => Object.assign(group(rig), { description: '[wavegate:other]' }),
  ],
  ['groupNested', 'it is a member of another group', (rig) => nest(rig, 'All staff', GROUP)],
  ['groupHoldsGroups', 'it holds another group', (rig) => nest(rig, GROUP, 'IT service desk')],
  [
    'groupNotEmpty',
    'somebody is in it whom no wave put there',
    (rig) => nest(rig, GROUP, readyPeople(rig, 1)[0] as string),
  ],
  [
    'emergencyAccount',
    'an emergency account is in it',
    (rig) => nest(rig, GROUP, rig.tenant.world.person('bg1@contoso.onmicrosoft.com').id),
  ],
  [
    'policyAmbiguous',
    'two policies have its name',
    (rig) => {
      rig.tenant.world.createPolicy(likeOurs(rig))
      rig.tenant.world.createPolicy(likeOurs(rig))
    },
  ],
  [
    'policyForeign',
    'another installation made it',
    (rig) =>
      create(rig, (body) => {
        body.description = 'kept by wavegate [wavegate:other]'
      }),
  ],
  [
    'policyDiffers',
    'it covers somebody more',
    (rig) =>
      create(rig, (body) => {
        usersOf(body).includeUsers = [rig.tenant.world.person(TEST_USER).id]
      }),
  ],
  [
    'policyDiffers',
    'it covers another group too',
    (rig) =>
      create(rig, (body) => {
        usersOf(body).includeGroups?.push(rig.tenant.world.group('All staff').id)
      }),
  ],
  [
    'policyDiffers',
    'it lacks an emergency account among its exclusions',
    (rig) =>
      create(rig, (body) => {
        usersOf(body).excludeUsers?.pop()
      }),
  ],
  [
    'policyDiffers',
    'it lacks a protected group among its exclusions',
    (rig) =>
      create(rig, (body) => {
        usersOf(body).excludeGroups = []
      }),
  ],
  [
    'policyDiffers',
    'it blocks',
    (rig) =>
      create(rig, (body) => {
        body.grantControls = { operator: 'OR', builtInControls: ['block'] }
      }),
  ],
  [
    'policyDiffers',
    'it asks at risk only',
    (rig) =>
      create(rig, (body) => {
        Object.assign(body.conditions as object, { signInRiskLevels: ['high'] })
      }),
  ],
  [
    'policyDiffers',
    'it leaves a place out',
    (rig) =>
      create(rig, (body) => {
        Object.assign(body.conditions as object, {
          locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] },
        })
      }),
  ],
  [
    'policyDiffers',
    'it ends sessions too',
    (rig) =>
      create(rig, (body) => {
        body.sessionControls = { signInFrequency: { isEnabled: true, type: 'hours', value: 1 } }
      }),
  ],
  ['securityDefaultsOn', 'security defaults are on', (rig) => rig.tenant.world.setSecurityDefaults(true)],
  [
    'emergencyAccount',
    'an emergency account is disabled',
    (rig) => rig.tenant.world.patchUser('bg1@contoso.onmicrosoft.com', { accountEnabled: false }),
  ],
  [
    'emergencyAccount',
    'an emergency account does not exist',
    (rig) => rig.tenant.world.deleteUser('bg2@contoso.onmicrosoft.com'),
  ],
]

function create(rig: Rig, change: (body: ConditionalAccessPolicy) => void): void {
  rig.tenant.world.createPolicy(likeOurs(rig, change))
}

function nest(rig: Rig, into: string, what: string): void {
  const { world } = rig.tenant
  const member = world.groups.find((one) => one.displayName === what)?.id ?? what
  world.group(into).members.set(member, { lines: [{ value: true, readAt: 0, biteAt: 0 }] })
}

function switchedOn(rig: Rig): boolean {
  const ours = policyStates(rig).filter((change) => change.actor === 'app')
  return ours.some((change) => change.state === 'enabled')
}

describe('nothing begins where something stands against it', () => {
  test.each(REFUSED)('%s: %s', async (code, _because, spoil) => {
    const rig = await openRig({ people: 30 })
    const id = await rig.draft()
    spoil(rig)
    await rig.pass(60_000)
    await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({
      code: 'preflightFailed',
      details: { findings: expect.arrayContaining([expect.objectContaining({ code })]) },
    })
    expect(await rig.show(id)).toMatchObject({ state: 'draft' })
    expect(switchedOn(rig)).toBe(false)
    expect(joined(rig)).toEqual([])
  })

  test('no group of that name, or two', async () => {
    const rig = await openRig({ people: 30 })
    for (const [name, code] of [
      ['No such group', 'unknownGroup'],
      ['Duplicated group', 'ambiguousGroup'],
    ] as const) {
      const plan = planText({ enforce: { by: 'conditional-access', group: name, policy: POLICY } })
      await expect(rig.draft(plan)).rejects.toMatchObject({
        code: 'planInvalid',
        details: { problems: expect.arrayContaining([expect.objectContaining({ code })]) },
      })
    }
    expect(await rig.wavegate.service.listRollouts()).toEqual([])
  })
})

describe('what has changed since the start is found before anybody joins', () => {
  const LATER = REFUSED.filter(([code]) => code !== 'emergencyAccount')
  test.each(LATER)('%s: %s', async (code, _because, spoil) => {
    const rig = await openRig({ people: 30 })
    const id = await rig.draft()
    rig.when('wave.checkingReadiness', () => spoil(rig))
    await rig.act(METTE, 'start', id)
    await rig.until('hold.placed')
    expect((await rig.show(id)).waves[0]?.holds).toMatchObject([{ kind: 'error', code }])
    expect(switchedOn(rig)).toBe(false)
    expect(joined(rig)).toEqual([])
  })
})

test('a policy of the right shape that was there before is switched on, and its state before is kept', async () => {
  const rig = await openRig({ people: 30 })
  rig.tenant.world.createPolicy(likeOurs(rig))
  const id = await rig.started()
  await rig.until('members.inPlace')
  expect(policyStates(rig).map(({ actor, state }) => `${actor} ${state}`)).toEqual([
    'other disabled',
    'app enabled',
  ])
  expect((await rig.show(id)).target.policyId).toBe(policy(rig)?.id)
})

test('a policy that another hand switches off mid-way is not switched on again: the wave holds, nobody joins', async () => {
  const rig = await openRig()
  const people = readyPeople(rig, 2)
  const waves = [{ name: 'test-user', members: { users: [TEST_USER, ...people] } }]
  const id = await rig.started(planText({ waves, pace: { people: 1, per: '1h' } }))
  await rig.until('members.inPlace')
  rig.tenant.world.setPolicy(POLICY, { state: 'disabled' })
  await rig.until('hold.placed')
  const held = await rig.show(id)
  expect(held.holds).toMatchObject([{ kind: 'drift', reason: 'policy state: enabled → disabled' }])
  expect(held.waves[0]?.holds).toEqual([])
  expect(policy(rig)?.state).toBe('disabled')
  expect(joined(rig)).toHaveLength(1)
  rig.tenant.world.setPolicy(POLICY, { state: 'enabled' })
  await rig.until('wave.soaking')
  expect(joined(rig)).toHaveLength(3)
})

describe('a policy whose switching on went wrong on the way is on once, with nobody in before', () => {
  test.each(['resetBefore', 'resetAfter'] as const)('%s', async (kind) => {
    const rig = await openRig({ people: 30 })
    rig.tenant.addFault({ method: 'PATCH', path: POLICY_WRITE, times: 1, do: { kind } })
    await rig.started()
    await rig.until('wave.soaking')
    expect(policyStates(rig).map(({ state }) => state)).toEqual([
      'enabledForReportingButNotEnforced',
      'enabled',
    ])
  })

  test.each(['resetBefore', 'resetAfter'] as const)('its creation: %s', async (kind) => {
    const rig = await openRig({ people: 30 })
    rig.tenant.addFault({ method: 'POST', path: 'policies', times: 1, do: { kind } })
    await rig.started()
    await rig.until('wave.soaking')
    const named = rig.tenant.world.policies.filter((one) => one.displayName === POLICY)
    expect(named).toHaveLength(1)
    expect(policyStates(rig).map(({ state }) => state)).toEqual([
      'enabledForReportingButNotEnforced',
      'enabled',
    ])
  })
})
