import { describe, expect, test } from 'vitest'
import { type Death, ProcessEnded } from './commit-points.ts'
import { joined, left, members, policy, policyStates, readyPeople } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { planText, TEST_USER } from './plan-of-waves.ts'
import { METTE, ONA, openRig, type Rig } from './rig.ts'

const REPORT_ONLY = 'enabledForReportingButNotEnforced'
const MAY_LOG = /the process was killed|driver has already been destroyed/

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

/** Tells, killed after so many commits; then a fresh process on the same file goes on. */
async function killedIn(
  story: Story,
  tell: (story: Story) => Promise<void>,
  commits: number,
  when: Death,
): Promise<void> {
  const { rig } = story
  const death = rig.killedAfter(commits, when).then(() => 'killed' as const)
  const telling = tell(story).catch((error) => {
    if (!(error instanceof ProcessEnded)) throw error
  })
  const first = await Promise.race([death, telling.then(() => 'told' as const)])
  if (first === 'told') await death
  await rig.reopen()
  await tell(story)
}

/** The first two commits of each kind: those after them write the same words again. */
function commitsToDieAt(rig: Rig, from: number): number[] {
  const seen = new Map<string, number>()
  return rig.committed.slice(from).flatMap(({ wrote }, index) => {
    const kind = wrote.join(' ')
    const count = (seen.get(kind) ?? 0) + 1
    seen.set(kind, count)
    return count <= 2 ? [index + 1] : []
  })
}

async function everyDeath(
  prepare: (story: Story) => Promise<void>,
  tell: (story: Story) => Promise<void>,
  check: (story: Story) => Promise<void>,
  when: Death,
): Promise<number> {
  const undisturbed = await drafted()
  await prepare(undisturbed)
  const from = undisturbed.rig.committed.length
  await tell(undisturbed)
  const deaths = commitsToDieAt(undisturbed.rig, from)
  await check(undisturbed)
  await undisturbed.rig.close()
  for (const commits of deaths) {
    const story = await drafted()
    try {
      await prepare(story)
      await killedIn(story, tell, commits, when)
      await check(story)
    } catch (error) {
      const { wrote } = undisturbed.rig.committed[from + commits - 1] ?? {}
      throw new Error(`killed ${when} after commit ${commits} (${wrote?.join(', ')})`, { cause: error })
    } finally {
      await story.rig.close()
    }
  }
  return deaths.length
}

describe('killed after any commit and started again, a rollout ends as if nothing had happened', () => {
  test.each(['beforeCall', 'afterCall'] as const)('going forward, %s', { timeout: 120_000 }, async (when) => {
    expect(await everyDeath(async () => {}, forward, checkForward, when)).toBeGreaterThan(20)
  })

  test.each(['beforeCall', 'afterCall'] as const)('going back, %s', { timeout: 120_000 }, async (when) => {
    expect(await everyDeath(forward, back, checkBack, when)).toBeGreaterThan(8)
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
