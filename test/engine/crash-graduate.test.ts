import { describe, expect, test } from 'vitest'
import { everyDeath, MAY_LOG } from './deaths.ts'
import { members, policy, policyStates, readyPeople } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { GROUP, planText, TEST_USER } from './plan-of-waves.ts'
import { ANDERS, METTE, ONA, openRig, type Rig } from './rig.ts'

const EXCEPTIONS = `${GROUP} exceptions`

interface Story {
  rig: Rig
  id: string
  people: string[]
}

/** Two people in a wave that has ended; everybody else is caught by the policy, or stays out. */
async function completed(): Promise<Story> {
  const rig = await openRig({ people: 24, byHand: true, mayLog: MAY_LOG })
  rig.tenant.world.permissions.add('Group.ReadWrite.All')
  const people = [rig.tenant.world.person(TEST_USER).id, ...readyPeople(rig, 1)].toSorted()
  const waves = [{ name: 'test-user', members: { users: people } }]
  const id = await rig.started(planText({ waves, graduate: 'all-users' }))
  await rig.ended(id)
  return { rig, id, people }
}

async function forward({ rig, id }: Story): Promise<void> {
  if ((await rig.show(id)).state === 'completed') {
    await rig.act(METTE, 'graduate', id)
    await rig.act(ANDERS, 'graduate', id)
  }
  if ((await rig.show(id)).state !== 'graduated') await rig.until('rollout.graduated')
}

async function back({ rig, id }: Story): Promise<void> {
  if ((await rig.show(id)).state === 'graduated') await rig.act(ONA, 'rollback', id)
  const { read } = rig.wavegate.store
  if ((await read.graduation(id))?.wideAt != null) await rig.until('policy.narrowed')
  const rows = await rig.wavegate.store.read.membersOfRollout(id)
  const left = rows.filter(({ restore }) => restore === 'leftIn').map(({ personId }) => personId)
  if (left.length > 0) await rig.act(ANDERS, 'rollback', id, { people: left })
  expect((await rig.ended(id)).state).toBe('rolledBack')
}

/** What we did to the exceptions group, in order: made, joined by each once, deleted. */
function exceptionsDone({ rig }: Story): { made: number; joined: string[]; left: string[]; deleted: number } {
  const found = { made: 0, joined: [] as string[], left: [] as string[], deleted: 0 }
  const ids = new Set<string>()
  for (const { actor, target, before, after } of rig.tenant.world.journal.entries) {
    if (actor !== 'app') continue
    const [, groupId = '', personId] = /^groups\/([^/]+)(?:\/members\/(.+))?$/.exec(target) ?? []
    if (personId === undefined) {
      if ((after as { displayName?: string } | null)?.displayName === EXCEPTIONS) {
        ids.add(groupId)
        found.made++
      } else if ((before as { displayName?: string } | null)?.displayName === EXCEPTIONS) found.deleted++
    } else if (ids.has(groupId)) {
      if ((after as { member: boolean }).member) found.joined.push(personId)
      else found.left.push(personId)
    }
  }
  return found
}

/** The group once, each exception once, the policy widened once, and one open before-image for whoever was caught. */
async function checkForward(story: Story): Promise<void> {
  const { rig, id, people } = story
  const done = exceptionsDone(story)
  expect(done).toMatchObject({ made: 1, left: [], deleted: 0 })
  const out = rig.tenant.world.members(EXCEPTIONS).toSorted()
  expect(done.joined.toSorted()).toEqual(out)
  expect(out.length).toBeGreaterThan(3)
  expect(members(rig)).toEqual(people)
  expect(policy(rig)).toMatchObject({ state: 'enabled', conditions: { users: { includeUsers: ['All'] } } })
  // Made, switched on, widened.
  expect(policyStates(rig)).toHaveLength(3)
  expect((await rig.show(id)).state).toBe('graduated')
  const ledger = await ledgerOf(rig)
  const caught = ledger.members.filter(({ wave_id, outcome }) => wave_id === '' && outcome === 'done')
  expect(caught.length).toBeGreaterThan(3)
  const images = ledger.images.filter(({ effect }) => effect === 'coveredByPolicy')
  expect(images.map((image) => image.person_id).toSorted()).toEqual(
    caught.map((member) => member.person_id).toSorted(),
  )
  expect(ledger.images.every((image) => image.closed_at === null)).toBe(true)
  expect(caught.every((member) => member.in_place_at !== null)).toBe(true)
}

/** The policy narrowed once and off once, everybody out once, the exceptions gone, every before-image closed. */
async function checkBack(story: Story): Promise<void> {
  const { rig } = story
  expect(members(rig)).toEqual([])
  expect(policyStates(rig)).toHaveLength(5)
  expect(policy(rig)).toMatchObject({
    state: 'enabledForReportingButNotEnforced',
    conditions: { users: { includeUsers: [], includeGroups: [rig.tenant.world.group(GROUP).id] } },
  })
  const done = exceptionsDone(story)
  expect(done.left.toSorted()).toEqual(done.joined.toSorted())
  expect(done.deleted).toBe(1)
  const ledger = await ledgerOf(rig)
  expect(ledger.images.filter((image) => image.closed_at === null)).toEqual([])
  expect(ledger.tenantImages.every((image) => image.closed_at !== null)).toBe(true)
  const changed = ledger.members.filter((member) => member.requested_at !== null)
  expect(changed.every((member) => member.restore === 'restored')).toBe(true)
}

describe('killed after any commit and started again, a graduation ends as if nothing had happened', () => {
  test.each(['beforeCall', 'afterCall'] as const)('going forward, %s', { timeout: 400_000 }, async (when) => {
    const tale = {
      drafted: completed,
      prepare: async () => {},
      tell: forward,
      check: checkForward,
      ofAKind: 1,
    }
    expect(await everyDeath(tale, when)).toBeGreaterThan(9)
  })

  test.each(['beforeCall', 'afterCall'] as const)('going back, %s', { timeout: 400_000 }, async (when) => {
    const tale = { drafted: completed, prepare: forward, tell: back, check: checkBack, ofAKind: 1 }
    expect(await everyDeath(tale, when)).toBeGreaterThan(9)
  })
})
