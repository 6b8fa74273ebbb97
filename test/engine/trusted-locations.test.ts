import { expect, test } from 'vitest'
import type { PlanInput } from '../../src/plan/schema.ts'
import { policy } from './journal.ts'
import { GROUP, gates, PILOT, POLICY, planText, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, DAY, METTE, ONA, openRig, type Rig } from './rig.ts'

const LAB = { name: 'Lab', ranges: ['198.51.100.128/25', '2001:db8:1::/48'] }
type Locations = NonNullable<PlanInput['enforce']['trustedLocations']>

function planWith(trustedLocations: Locations, change: Partial<PlanInput> = {}): string {
  const enforce = { by: 'conditional-access', group: GROUP, policy: POLICY, trustedLocations } as const
  return planText({ enforce, waves: [TEST_WAVE], ...change })
}

/** What became of the named locations, by the journal. */
function places(rig: Rig): string[] {
  return rig.tenant.world.journal.entries.flatMap((entry) => {
    if (!entry.target.startsWith('identity/conditionalAccess/namedLocations/')) return []
    const named = (entry.after ?? entry.before) as { displayName: string }
    return [`${entry.actor} ${entry.after ? 'made' : 'deleted'} ${named.displayName}`]
  })
}

test('the policy leaves out exactly the places named, and nobody is asked there', async () => {
  const rig = await openRig({ people: 60 })
  await rig.pass(2 * DAY)
  const made = await rig.create(planWith(['HQ']))
  const warning = made.warnings.find((one) => one.code === 'locationUnprompted')
  expect(warning?.message).toMatch(
    /^Of \d+ people in the sign-in log since 2026-0\d-\d\d, \d+ were seen only there/,
  )
  const { id } = made.rollout
  await rig.act(METTE, 'start', id)
  await rig.until('wave.soaking')
  const locations = policy(rig)?.conditions?.locations
  expect(locations?.includeLocations).toEqual(['All'])
  expect(locations?.excludeLocations).toHaveLength(1)
  expect(locations?.excludeLocations).not.toContain('AllTrusted')
})

test('a place that the plan gives ranges for is made, trusted and read back, with a before-image first', async () => {
  const rig = await openRig()
  const id = await rig.started(planWith([LAB, 'HQ']))
  await rig.until('location.made')
  await rig.until('wave.soaking')
  expect(places(rig)).toEqual(['app made Lab'])
  expect(policy(rig)?.conditions?.locations?.excludeLocations).toHaveLength(2)
  // Our own policy, left in report-only, names it still: it stays, and that is said.
  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(rig.events.find((event) => event.type === 'location.kept')?.reason).toBe(`named by ${POLICY}`)
  expect(places(rig)).toEqual(['app made Lab'])
})

test('a place that was made and is named by no policy goes when the rollout is taken back', async () => {
  const rig = await openRig()
  const waves = [TEST_WAVE, PILOT]
  const asked = gates({ approval: { from: 'approver' }, wouldBlock: { max: '2%' } })
  const id = await rig.started(planWith([LAB], { gates: asked, waves }))
  await rig.until('wave.awaitingApproval')
  await rig.act(ANDERS, 'reject', id, { wave: 'test-user' })
  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(places(rig)).toEqual(['app made Lab', 'app deleted Lab'])
})

test.each<[string, Locations, string]>([
  ['a country', ['Where we work'], 'locationRefused'],
  ['a place nobody trusts', ['Branch offices'], 'locationRefused'],
  ['a place that is not there', ['Nowhere'], 'unknownLocation'],
  ['other ranges than the tenant has', [{ name: 'HQ', ranges: ['198.51.100.0/24'] }], 'locationRefused'],
  ['the whole Internet', [{ name: 'World', ranges: ['0.0.0.0/0'] }], 'locationRefused'],
  ['the whole Internet in IPv6', [{ name: 'World', ranges: ['::/0'] }], 'locationRefused'],
  ['private addresses', [{ name: 'Inside', ranges: ['10.0.0.0/8'] }], 'locationRefused'],
])('%s is refused at its place in the plan', async (_what, locations, code) => {
  const rig = await openRig()
  await expect(rig.create(planWith(locations))).rejects.toMatchObject({
    code: 'planInvalid',
    details: { problems: expect.arrayContaining([expect.objectContaining({ code })]) },
  })
})

test('a very wide range is taken with a warning', async () => {
  const rig = await openRig()
  const { warnings } = await rig.create(planWith([{ name: 'Provider', ranges: ['20.0.0.0/8'] }]))
  expect(warnings.map((one) => one.code)).toContain('locationWide')
})
