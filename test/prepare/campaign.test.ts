import { expect, test } from 'vitest'
import type { Campaign } from '../../src/graph/directory/campaign.ts'
import { campaignSent, campaignWith, otherMethods } from '../../src/prepare/campaign.ts'
import { campaignBack } from '../../src/prepare/campaign-back.ts'
import { sayCampaignChanges } from '../../src/prepare/say-campaign.ts'

const group = (id: string, method = 'microsoftAuthenticator') => ({ id, targetType: 'group', method })
const out = (id: string, targetType = 'group') => ({ id, targetType })

const standing = (more: Partial<Campaign> = {}): Campaign => ({
  ...{ state: 'enabled', snoozeDays: 1, requireAfterSnoozes: null, include: [group('sales')], exclude: [] },
  ...more,
})
const wanted = {
  method: 'microsoftAuthenticator',
  snoozeDays: 3,
  requireAfterSnoozes: null,
  target: 'pilot',
  exceptPeople: ['bg1'],
  exceptGroups: ['services'],
}
const NAMES = new Map([
  ['sales', 'Sales'],
  ['pilot', 'Pilot'],
])

test('ours is added to what stands, the protected are excluded, and the same again changes nothing', () => {
  const before = standing({ exclude: [out('board')] })
  const after = campaignWith(before, wanted)
  expect(after).toEqual({
    ...{ state: 'enabled', snoozeDays: 3, requireAfterSnoozes: null },
    include: [group('sales'), group('pilot')],
    exclude: [out('board'), out('bg1', 'user'), out('services')],
  })
  expect(campaignWith(after, wanted)).toEqual(after)
  expect(sayCampaignChanges(after, after, NAMES)).toEqual([])
})

test('what changes for others is said: snooze, state, and whom a campaign that was off asks again', () => {
  const said = (before: Campaign, snoozeDays: number | null = 3) =>
    sayCampaignChanges(before, campaignWith(before, { ...wanted, snoozeDays }), NAMES).join(' ')
  expect(said(standing())).toContain('from 1 day to 3 days for everybody it asks, Sales among them')
  expect(said(standing(), null)).not.toContain('Its snooze goes')
  expect(said(standing(), 0)).toContain('to none (asked at every MFA)')
  expect(said(standing({ state: 'disabled' }))).toContain(
    'It names Sales besides: they are asked again, too.',
  )
  const managed = said(standing({ state: 'default', include: [group('all_users', 'Fido2')] }))
  expect(managed).toContain('Microsoft managed (state default)')
  expect(managed).toContain('asks Pilot alone')
  expect(managed).toContain('after a completed MFA only')
  expect(managed).toContain('required after three snoozes stays as the tenant has it')
})

test('a campaign asks for one method: what Microsoft manages is nobody’s choice', () => {
  expect(otherMethods(standing({ include: [group('sales', 'Fido2')] }), 'microsoftAuthenticator')).toEqual([
    'Fido2',
  ])
  expect(otherMethods(standing({ include: [group('sales', 'fido2')] }), 'Fido2')).toEqual([])
  const managed = standing({ state: 'default', include: [group('all_users', 'Fido2')] })
  expect(otherMethods(managed, 'microsoftAuthenticator')).toEqual([])
})

test.each([
  ['one that ran', standing({ exclude: [out('board')] })],
  ['one that was off', standing({ state: 'disabled' })],
  ['one that Microsoft manages', standing({ state: 'default', include: [group('all_users', 'Fido2')] })],
])('%s comes back as it was', (_, before) => {
  const sent = campaignWith(before, wanted)
  expect(campaignBack(before, sent, sent)).toEqual({ back: before, conflicts: [] })
  // The change was never made, or is back already.
  expect(campaignBack(before, sent, before)).toEqual({ back: before, conflicts: [] })
})

test('a target for all users of another method is put aside, and comes back', () => {
  const before = standing({ state: 'default', include: [group('all_users', 'Fido2')] })
  const sent = campaignWith(before, { ...wanted, target: 'all_users' })
  expect(sent.include).toEqual([group('all_users')])
  expect(campaignBack(before, sent, sent).back).toEqual(before)
})

test('what another hand changed meanwhile stays, and is told', () => {
  const before = standing()
  const sent = campaignWith(before, wanted)
  const now = { ...sent, snoozeDays: 7, include: [...sent.include, group('legal')] }
  expect(campaignBack(before, sent, now)).toEqual({
    back: { ...before, snoozeDays: 7, include: [group('sales'), group('legal')] },
    conflicts: ['the snooze in days is 7, which another hand set'],
  })
  const changed = { ...sent, include: [group('sales'), group('pilot', 'Fido2')] }
  expect(campaignBack(before, sent, changed)).toMatchObject({
    back: { include: changed.include },
    conflicts: ['the target pilot was changed by another hand'],
  })
})

test('a campaign that was off stays on for those whom another hand has it ask meanwhile', () => {
  const before = standing({ state: 'disabled', include: [] })
  const sent = campaignWith(before, wanted)
  const now = { ...sent, include: [...sent.include, group('legal')] }
  const { back, conflicts } = campaignBack(before, sent, now)
  expect(back).toMatchObject({ state: 'enabled', snoozeDays: 1, include: [group('legal')], exclude: [] })
  expect(conflicts).toEqual(['it stays enabled: another hand added legal'])
})

test('of a run that follows one not put back, both runs’ targets are ours, and another hand’s is not', () => {
  const before = standing()
  const first = campaignWith(before, wanted)
  const now = { ...first, include: [...first.include, group('legal')] }
  const second = campaignWith(now, { ...wanted, target: 'east' })
  const sent = campaignSent(before, first, now, second)
  expect(sent.include).toEqual([group('sales'), group('pilot'), group('east')])
  expect(campaignBack(before, sent, second).back.include).toEqual([group('sales'), group('legal')])
})
