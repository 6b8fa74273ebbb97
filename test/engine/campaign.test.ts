import { expect, test } from 'vitest'
import type { Campaign } from '../../src/emulator/directory/campaign.ts'
import type { PlanInput } from '../../src/plan/schema.ts'
import { breachesOf } from '../promises/judge.ts'
import { witness } from '../promises/witness.ts'
import { MAY_LOG } from './deaths.ts'
import { gates, planText, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, HOUR, METTE, MINUTE, ONA, openRig, type Rig, type RigOptions } from './rig.ts'

type Planned = NonNullable<NonNullable<PlanInput['prepare']>['campaign']>

const ASKED: Planned = { method: 'microsoftAuthenticator', group: 'To register', snooze: '3d' }
const target = (id: string, targetedAuthenticationMethod = 'microsoftAuthenticator') => ({
  ...{ id, targetType: 'group' as const, targetedAuthenticationMethod },
})

/** A tenant whose campaign asks the IT department already, and the plan's own group. */
async function tenant(options: RigOptions = {}) {
  const rig = await openRig({ people: 30, ...options })
  const { world } = rig.tenant
  const theirs = world.group('IT department').id
  const ours = world.createGroup({ displayName: 'To register' })
  world.setCampaign({ state: 'enabled', snoozeDurationInDays: 1, includeTargets: [target(theirs)] })
  await rig.pass(MINUTE)
  return { rig, world, theirs, ours }
}

const PROTECTS = {
  emergencyAccounts: ['bg1@contoso.onmicrosoft.com', 'bg2@contoso.onmicrosoft.com'],
  groups: ['Service accounts'],
}

/** Every change of the campaign by our hand. */
function changes(rig: Rig) {
  return rig.tenant.world.journal.entries
    .filter(({ target: of, actor }) => of.endsWith('registrationCampaign') && actor === 'app')
    .map(({ before, after }) => ({ before: before as Campaign, after: after as Campaign }))
}

const plan = (campaign: Planned = ASKED, more: Partial<PlanInput> = {}) =>
  planText({ waves: [TEST_WAVE], prepare: { campaign }, ...more })

async function started(rig: Rig, text = plan()): Promise<string> {
  const id = await rig.draft(text)
  await rig.act(ANDERS, 'approve', id)
  await rig.act(METTE, 'start', id)
  return id
}

test('what a campaign changes for others is said first; it asks the plan’s group besides, and ends with the rollout', async () => {
  const { rig, theirs, ours } = await tenant()
  const seen = witness(rig, PROTECTS)
  const { rollout, warnings } = await rig.create(plan())
  expect(warnings).toContainEqual(
    expect.objectContaining({
      ...{ code: 'campaignChanges', path: 'prepare.campaign' },
      message: expect.stringContaining(
        'from 1 day to 3 days for everybody it asks, IT department among them',
      ),
    }),
  )
  const dry = await rig.act(METTE, 'start', rollout.id, { dryRun: true })
  expect(dry.says).toContain('It asks To register besides.')
  expect(changes(rig)).toEqual([])
  await rig.act(ANDERS, 'approve', rollout.id)
  // The before-image is committed before the tenant is changed.
  let changedBefore = -1
  rig.whenWritten('recordTenantImage', () => {
    changedBefore = changes(rig).length
  })
  await rig.act(METTE, 'start', rollout.id)
  await rig.until('campaign.inPlace')
  expect(changedBefore).toBe(0)
  const [made] = changes(rig)
  const protectedGroup = rig.tenant.world.group('Service accounts').id
  expect(made?.after).toMatchObject({
    ...{ state: 'enabled', snoozeDurationInDays: 3, includeTargets: [target(theirs), target(ours)] },
    excludeTargets: expect.arrayContaining([{ id: protectedGroup, targetType: 'group' }]),
  })
  expect((await rig.show(rollout.id)).campaign).toMatchObject({ stands: 'inPlace' })
  await rig.ended(rollout.id)
  await rig.until('campaign.restored')
  expect(changes(rig)).toHaveLength(2)
  expect(changes(rig)[1]?.after).toEqual(made?.before)
  expect((await rig.show(rollout.id)).campaign).toMatchObject({ stands: 'restored', says: '' })
  expect(breachesOf(await seen.testify())).toEqual([])
})

test('a rollback says done only after the campaign was read back; another hand’s target and snooze stay', async () => {
  const { rig, world, theirs, ours } = await tenant()
  const seen = witness(rig, PROTECTS)
  const id = await started(rig)
  await rig.until('campaign.inPlace')
  await rig.until('wave.soaking', 'test-user')
  const legal = world.createGroup({ displayName: 'Legal' })
  const includeTargets = [target(theirs), target(ours), target(legal)]
  world.setCampaign({ includeTargets, snoozeDurationInDays: 7 })
  await rig.act(ONA, 'rollback', id)
  await rig.until('campaign.conflict')
  expect((await rig.show(id)).state).toBe('rollingBack')
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(changes(rig).at(-1)?.after).toMatchObject({
    ...{ state: 'enabled', snoozeDurationInDays: 7, includeTargets: [target(theirs), target(legal)] },
    excludeTargets: [],
  })
  const { campaign } = await rig.show(id)
  expect(campaign).toMatchObject({ stands: 'conflict', says: expect.stringContaining('another hand set') })
  expect(breachesOf(await seen.testify())).toEqual([])
})

test('while the rollout is held the campaign is not touched; an end without a change changes nothing', async () => {
  const { rig } = await tenant()
  const id = await rig.draft(plan())
  await rig.act(ANDERS, 'approve', id)
  await rig.act(METTE, 'start', id)
  await rig.act(ONA, 'pause', id, { ifMatch: undefined })
  await rig.pass(60 * MINUTE)
  expect(changes(rig)).toEqual([])
  expect((await rig.show(id)).campaign).toMatchObject({ stands: 'waiting' })
  const explained = async () => (await rig.wavegate.service.explain(id)).join(' ')
  expect(await explained()).toContain('not changed yet')
  await rig.act(ONA, 'abort', id)
  await rig.pass(MINUTE)
  expect((await rig.show(id)).campaign).toMatchObject({ stands: 'restored', says: 'nothing was changed' })
  expect(await explained()).toContain('back as it was')
  expect(changes(rig)).toEqual([])
})

test('two rollouts with a campaign at once: 409; a restart after a restore that failed keeps the first before-image', async () => {
  const { rig, world, theirs } = await tenant()
  const first = await started(rig)
  await rig.until('campaign.inPlace')
  const before = changes(rig)[0]?.before
  const group = world.createGroup({ displayName: 'Other MFA' })
  await rig.pass(MINUTE)
  expect(group).not.toBe(theirs)
  const enforce = { by: 'conditional-access', group: 'Other MFA', policy: 'Other policy' } as const
  const second = await rig.draft(plan(ASKED, { name: 'second', enforce }))
  await rig.act(ANDERS, 'approve', second)
  await expect(rig.act(METTE, 'start', second)).rejects.toMatchObject({
    ...{ code: 'targetInUse', status: 409, message: expect.stringContaining('registration campaign') },
  })
  world.permissions.delete('Policy.ReadWrite.AuthenticationMethod')
  await rig.act(ONA, 'abort', first, { ifMatch: undefined })
  await rig.until('campaign.failed')
  expect((await rig.show(first)).campaign).toMatchObject({
    ...{ stands: 'restoring', says: expect.stringContaining('Policy.ReadWrite.AuthenticationMethod') },
  })
  world.permissions.add('Policy.ReadWrite.AuthenticationMethod')
  await rig.act(METTE, 'start', second)
  await rig.until('campaign.inPlace')
  await rig.act(ONA, 'abort', second, { ifMatch: undefined })
  await rig.until('campaign.restored')
  expect(changes(rig).at(-1)?.after).toEqual(before)
})

test.each([
  ['campaignGroup', { ...ASKED, group: 'Nobody’s' }],
  ['campaignMethodDiffers', { ...ASKED, method: 'passkey' }],
] as const)('a campaign that cannot be is refused at the start or before: %s', async (code, campaign) => {
  const { rig } = await tenant()
  if (code === 'campaignGroup')
    return await expect(rig.create(plan(campaign))).rejects.toMatchObject({ code: 'planInvalid' })
  const id = await rig.draft(plan(campaign))
  await rig.act(ANDERS, 'approve', id)
  const refused = { code: 'preflightFailed', details: { findings: [{ code }] } }
  await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject(refused)
  expect(changes(rig)).toEqual([])
})

test('what only beta knows goes to beta, and a campaign that Microsoft manages goes back to Microsoft', async () => {
  const { rig, world, ours } = await tenant()
  const everybody = [target('all_users')]
  world.setCampaign({ state: 'default', snoozeDurationInDays: 1, includeTargets: everybody })
  const id = await started(rig, plan({ ...ASKED, method: 'passkey', requireAfterSnoozes: false }))
  await rig.until('campaign.inPlace')
  expect(changes(rig)[0]?.after).toMatchObject({
    ...{ state: 'enabled', enforceRegistrationAfterAllowedSnoozes: false },
    includeTargets: [target(ours, 'Fido2')],
  })
  await rig.act(ONA, 'abort', id, { ifMatch: undefined })
  await rig.until('campaign.restored')
  expect(changes(rig)[1]?.after).toEqual(changes(rig)[0]?.before)
})

test.each(['beforeCall', 'afterCall'] as const)(
  'killed between the intent and the answer and started again, it is changed once and put back whole: %s',
  async (when) => {
    const whole = await tenant()
    const at = whole.rig.committed.length
    await started(whole.rig)
    await whole.rig.until('campaign.inPlace')
    const wrote = whole.rig.committed.slice(at).map(({ wrote: words }) => words)
    // Asked for with the start, then the intent.
    const [, intent = 0] = wrote.flatMap((words, index) => (words.includes('saveCampaign') ? [index] : []))
    const { rig } = await tenant({ byHand: true, mayLog: MAY_LOG })
    const before = rig.committed.length
    const id = await rig.draft(plan())
    await rig.act(ANDERS, 'approve', id)
    const death = rig.killedAfter(intent + 1 - (rig.committed.length - before), when)
    await rig.act(METTE, 'start', id)
    rig.until('campaign.inPlace').catch(() => {})
    await death
    const patched = changes(rig).length
    expect(patched).toBe(when === 'beforeCall' ? 0 : 1)
    await rig.reopen()
    await rig.until('campaign.inPlace')
    expect(changes(rig)).toHaveLength(1)
    await rig.act(ONA, 'abort', id, { ifMatch: undefined })
    await rig.until('campaign.restored')
    expect(changes(rig)[1]?.after).toEqual(changes(rig)[0]?.before)
    await rig.close()
  },
)

test.each(['resetAfter', 'resetBefore'] as const)(
  'an answer that is lost is settled by reading: %s',
  async (kind) => {
    const { rig } = await tenant()
    const path = 'authenticationMethodsPolicy'
    rig.tenant.addFault({ method: 'PATCH', path, times: 1, do: { kind } })
    const id = await started(rig)
    await rig.until('campaign.inPlace')
    expect(changes(rig)).toHaveLength(1)
    await rig.act(ONA, 'abort', id, { ifMatch: undefined })
    await rig.until('campaign.restored')
    expect(changes(rig)[1]?.after).toEqual(changes(rig)[0]?.before)
  },
)

test('a campaign that Graph does not show whole refuses the start: nothing of it is taken for empty', async () => {
  const { rig } = await tenant()
  const id = await rig.draft(plan())
  await rig.act(ANDERS, 'approve', id)
  const body = {
    registrationEnforcement: { authenticationMethodsRegistrationCampaign: { state: 'enabled' } },
  }
  const fault = { kind: 'status', status: 200, body } as const
  rig.tenant.addFault({ method: 'GET', path: 'authenticationMethodsPolicy', do: fault })
  await expect(rig.act(METTE, 'start', id)).rejects.toThrow()
  expect((await rig.show(id)).state).toBe('draft')
  expect(changes(rig)).toEqual([])
})

test('a run that begins while an earlier one is not put back takes over, and leaves it as it was before both', async () => {
  const { rig, world } = await tenant()
  const first = await started(rig)
  await rig.until('campaign.inPlace')
  const before = changes(rig)[0]?.before
  const refused = { kind: 'status', status: 403, code: 'accessDenied' } as const
  rig.tenant.addFault({ method: 'PATCH', path: 'authenticationMethodsPolicy', times: 2, do: refused })
  await rig.act(ONA, 'abort', first, { ifMatch: undefined })
  await rig.until('campaign.failed')
  world.createGroup({ displayName: 'Other MFA' })
  const others = world.createGroup({ displayName: 'East' })
  await rig.pass(MINUTE)
  const enforce = { by: 'conditional-access', group: 'Other MFA', policy: 'Other policy' } as const
  const second = await started(rig, plan({ ...ASKED, group: 'East' }, { name: 'second', enforce }))
  await rig.until('campaign.inPlace')
  expect(changes(rig).at(-1)?.after.includeTargets).toContainEqual(target(others))
  await rig.until('campaign.handedOver')
  expect((await rig.show(first)).campaign).toMatchObject({
    ...{ stands: 'handedOver', says: expect.stringContaining(second) },
  })
  await rig.act(ONA, 'abort', second, { ifMatch: undefined })
  await rig.until('campaign.restored')
  expect(changes(rig).at(-1)?.after).toEqual(before)
})

test('what another hand changes of the campaign is told within hours, before the end, and when it is put right again', async () => {
  const { rig, world, theirs, ours } = await tenant()
  const id = await started(rig, plan(ASKED, { gates: gates({ soak: { for: '72h' } }) }))
  await rig.until('campaign.inPlace')
  await rig.pass(5 * HOUR)
  const told = () => rig.events.filter(({ type }) => /^campaign\.(changed|asSentAgain|notRead)/.test(type))
  expect(told()).toEqual([])
  world.setCampaign({ snoozeDurationInDays: 7, includeTargets: [target(theirs)] })
  await rig.pass(3 * HOUR)
  expect(told().map(({ type, reason }) => [type, reason])).toEqual([
    ['campaign.changed', 'snooze in days: 3 → 7; whom it asks: To register (microsoftAuthenticator) is gone'],
  ])
  const view = await rig.show(id)
  expect(view.campaign).toMatchObject({
    stands: 'inPlace',
    changed: ['snooze in days: 3 → 7', expect.any(String)],
  })
  expect(view.holds).toEqual([])
  expect((await rig.wavegate.service.explain(id)).join('\n')).toContain('snooze in days: 3 → 7')
  world.setCampaign({ snoozeDurationInDays: 3, includeTargets: [target(theirs), target(ours)] })
  await rig.pass(3 * HOUR)
  expect(told().map(({ type }) => type)).toEqual(['campaign.changed', 'campaign.asSentAgain'])
  expect((await rig.show(id)).campaign).toMatchObject({ changed: [] })
  await rig.ended(id)
  await rig.until('campaign.restored')
  expect(told()).toHaveLength(2)
})
