import { describe, expect, test } from 'vitest'
import { everyDeath, MAY_LOG } from './deaths.ts'
import { joined, left, members, policy, policyStates, readyPeople } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { planText, TEST_USER } from './plan-of-waves.ts'
import { METTE, ONA, openRig, type Rig } from './rig.ts'

const REPORT_ONLY = 'enabledForReportingButNotEnforced'

interface Story {
  rig: Rig
  id: string
  people: string[]
}

/** Five people, two an hour; small, and yet every kind of commit is in it. */
async function drafted(): Promise<Story> {
  const rig = await openRig({ people: 24, byHand: true, mayLog: MAY_LOG })
  const people = [rig.tenant.world.person(TEST_USER).id, ...readyPeople(rig, 4)].toSorted()
  const waves = [{ name: 'test-user', members: { users: people } }]
  const id = await rig.draft(planText({ waves, pace: { people: 2, per: '1h' } }))
  return { rig, id, people }
}

async function forward({ rig, id }: Story): Promise<void> {
  const { state, waves } = await rig.show(id)
  if (state === 'draft') await rig.act(METTE, 'start', id)
  if (waves[0]?.state !== 'soaking') await rig.until('wave.soaking')
}

async function back({ rig, id }: Story): Promise<void> {
  if ((await rig.show(id)).state === 'running') await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
}

/** Everybody once, the policy on once, and one open before-image each. */
async function checkForward({ rig, id, people }: Story): Promise<void> {
  expect(members(rig)).toEqual(people)
  expect(joined(rig).toSorted()).toEqual(people)
  expect(left(rig)).toEqual([])
  expect(policyStates(rig).map(({ state }) => state)).toEqual([REPORT_ONLY, 'enabled'])
  expect(rig.events.filter((event) => event.type === 'policy.switchedOn')).toHaveLength(1)
  const view = await rig.show(id)
  expect(view.target.policyId).toBe(policy(rig)?.id)
  expect(view.waves[0]?.counts).toMatchObject({ inPlace: 5, pending: 0, unknown: 0, failed: 0, already: 0 })
  const ledger = await ledgerOf(rig)
  expect(ledger.images.map((image) => image.person_id).toSorted()).toEqual(people)
  expect(ledger.images.every((image) => image.closed_at === null && image.image === '{"member":false}')).toBe(
    true,
  )
  expect(ledger.members.every((member) => member.outcome === 'done')).toBe(true)
  expect(ledger.tasks.every((task) => task.state === 'ready')).toBe(true)
}

/** Everybody out once, the policy where it was, every before-image closed. */
async function checkBack({ rig, people }: Story): Promise<void> {
  expect(members(rig)).toEqual([])
  expect(left(rig).toSorted()).toEqual(people)
  expect(policyStates(rig).map(({ state }) => state)).toEqual([REPORT_ONLY, 'enabled', REPORT_ONLY])
  const ledger = await ledgerOf(rig)
  expect(ledger.images).toHaveLength(people.length)
  expect(ledger.images.every((image) => image.closed_at !== null)).toBe(true)
  expect(ledger.members.every((member) => member.restore === 'restored')).toBe(true)
  expect(ledger.tenantImages.every((image) => image.closed_at !== null)).toBe(true)
}

describe('killed after any commit and started again, a rollout ends as if nothing had happened', () => {
  test.each(['beforeCall', 'afterCall'] as const)('going forward, %s', { timeout: 120_000 }, async (when) => {
    expect(
      await everyDeath({ drafted, prepare: async () => {}, tell: forward, check: checkForward }, when),
    ).toBeGreaterThan(20)
  })

  test.each(['beforeCall', 'afterCall'] as const)('going back, %s', { timeout: 120_000 }, async (when) => {
    expect(
      await everyDeath({ drafted, prepare: forward, tell: back, check: checkBack }, when),
    ).toBeGreaterThan(8)
  })

  test.each(['beforeCall', 'afterCall'] as const)('again and again, every few commits, %s', async (when) => {
    const story = await drafted()
    const { rig, id } = story
    await rig.act(METTE, 'start', id)
    let deaths = 0
    while ((await rig.show(id)).waves[0]?.state !== 'soaking') {
      // Six commits bring any of its work a step on.
      const death = rig.killedAfter(6 + (deaths % 3), when)
      void rig.until(() => false)
      await death
      deaths++
      await rig.reopen()
    }
    expect(deaths).toBeGreaterThan(6)
    await checkForward(story)
    await rig.close()
  })
})
