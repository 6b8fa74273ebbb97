import { expect, test } from 'vitest'
import { everyDeath, MAY_LOG } from './deaths.ts'
import { members, readyPeople } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { LIST, listed, listings, listOfPrepared } from './list-of-prepared.ts'
import { planText, TEST_USER } from './plan-of-waves.ts'
import { ANDERS, METTE, ONA, openRig, type Rig } from './rig.ts'

interface Story {
  rig: Rig
  id: string
  people: string[]
}

async function drafted(): Promise<Story> {
  const preparations = listOfPrepared(() => rig)
  const rig: Rig = await openRig({ people: 24, byHand: true, mayLog: MAY_LOG, preparations })
  rig.tenant.world.createGroup({ displayName: LIST })
  const people = [rig.tenant.world.person(TEST_USER).id, ...readyPeople(rig, 2)].toSorted()
  const waves = [{ name: 'test-user', members: { users: people } }]
  const id = await rig.draft(planText({ waves, prepare: {} }))
  await rig.act(ANDERS, 'approve', id)
  return { rig, id, people }
}

async function forward({ rig, id }: Story): Promise<void> {
  const { state, waves } = await rig.show(id)
  if (state === 'draft') await rig.act(METTE, 'start', id)
  if (!['checkingReadiness', 'enforcing', 'soaking'].includes(waves[0]?.state ?? ''))
    await rig.until('wave.checkingReadiness')
}

async function back({ rig, id }: Story): Promise<void> {
  if ((await rig.show(id)).state === 'running') await rig.act(ONA, 'rollback', id, { withPreparation: true })
  expect((await rig.ended(id)).state).toBe('rolledBack')
}

/** Everybody on the list once, by one open before-image each. */
async function checkForward({ rig, id, people }: Story): Promise<void> {
  expect(listed(rig)).toEqual(people)
  expect(listings(rig)).toHaveLength(people.length)
  const { prepared } = (await rig.show(id)).waves[0] ?? {}
  expect(prepared).toEqual([{ step: 'phones', outcome: 'done', warned: 0, people: people.length }])
  const images = (await ledgerOf(rig)).images.filter(({ effect }) => effect === 'listed')
  expect(images.map((image) => image.person_id).toSorted()).toEqual(people)
  expect(images.every((image) => image.closed_at === null && image.image === '{"member":false}')).toBe(true)
}

/** Everybody off it once, and every before-image closed. */
async function checkBack({ rig, people }: Story): Promise<void> {
  expect([listed(rig), members(rig)]).toEqual([[], []])
  expect(listings(rig)).toHaveLength(people.length * 2)
  expect((await ledgerOf(rig)).images.every((image) => image.closed_at !== null)).toBe(true)
}

test.each(['beforeCall', 'afterCall'] as const)(
  'killed after any commit of a preparation and started again, it ends as if nothing had happened, %s',
  {
    timeout: 120_000,
  },
  async (when) => {
    const tale = { drafted, prepare: async () => {}, tell: forward, check: checkForward, ofAKind: 1 }
    expect(await everyDeath(tale, when)).toBeGreaterThan(6)
  },
)

test.each(['beforeCall', 'afterCall'] as const)(
  'killed after any commit of its undoing, the same, %s',
  { timeout: 120_000 },
  async (when) => {
    const tale = { drafted, prepare: forward, tell: back, check: checkBack, ofAKind: 1 }
    expect(await everyDeath(tale, when)).toBeGreaterThan(5)
  },
)
