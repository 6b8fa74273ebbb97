import { describe, expect, test } from 'vitest'
import { begun, type Tale as Crossing, retired, stateOf, turns } from '../engine/crossing-tale.ts'
import { everyDeath, MAY_LOG } from '../engine/deaths.ts'
import { members, moves, policy, policyStates, readyPeople } from '../engine/journal.ts'
import { ledgerOf } from '../engine/ledger.ts'
import { GROUP, gates, planText, TEST_USER } from '../engine/plan-of-waves.ts'
import { ANDERS, METTE, ONA, openRig, type Rig } from '../engine/rig.ts'

interface Story {
  rig: Rig
  id: string
  /** Of nobody's wave, put into the group by another hand. */
  stranger: string
  /** Of ours, taken out of it. */
  lost: string
}

/** A wave in its soak; the policy deleted, one of ours out of the group, one of nobody's in it, and the look has said so. */
async function found(): Promise<Story> {
  const rig = await openRig({ people: 24, byHand: true, mayLog: MAY_LOG })
  const [lost = '', stranger = ''] = readyPeople(rig, 3).slice(1)
  const waves = [{ name: 'test-user', members: { users: [TEST_USER, lost] } }]
  const id = await rig.started(planText({ waves, gates: gates({ soak: { for: '10d' } }) }))
  await rig.until('wave.soaking')
  await rig.pass(600_000)
  rig.tenant.world.deletePolicy(policy(rig)?.id ?? '')
  rig.tenant.world.removeMember(GROUP, lost)
  rig.tenant.world.addMember(GROUP, stranger)
  await rig.until('drift.found')
  return { rig, id, stranger, lost }
}

async function settledHere({ rig, id }: { rig: Rig; id: string }): Promise<boolean> {
  return (await rig.wavegate.store.read.openDrift(id)).length === 0
}

/** Whoever got no answer says it again; of what is found there is none left at the end. */
async function reverted(story: Story): Promise<void> {
  const { rig, id, stranger, lost } = story
  if (!(await settledHere(story))) {
    const open = await rig.wavegate.store.read.openDrift(id)
    const people = open.some((one) => one.personId === stranger) ? [stranger] : []
    await rig.act(ONA, 'revert', id, { people })
  }
  if (!members(rig).includes(lost)) await rig.until('members.inPlace')
}

/** One policy made and enabled once after the deletion, the stranger out once, whoever was lost in once. */
async function checkReverted(story: Story): Promise<void> {
  const { rig, id, stranger, lost } = story
  expect(policy(rig)?.state).toBe('enabled')
  expect((await rig.show(id)).target.policyId).toBe(policy(rig)?.id)
  expect(
    rig.tenant.world.policies.filter((one) => one.displayName === policy(rig)?.displayName),
  ).toHaveLength(1)
  const made = policyStates(rig).map((one) => one.state)
  expect(made.filter((state) => state === 'enabled')).toHaveLength(1)
  expect(members(rig)).toContain(lost)
  expect(members(rig)).not.toContain(stranger)
  const ours = moves(rig).filter(({ actor }) => actor === 'app')
  expect(ours.filter((move) => move.person === stranger).map((move) => move.joined)).toEqual([false])
  expect(ours.filter((move) => move.person === lost).map((move) => move.joined)).toEqual([true, true])
  await rig.pass(3 * 3_600_000)
  expect((await rig.show(id)).holds).toEqual([])
  expect((await rig.wavegate.service.drift(id)).map((one) => one.settled?.how)).not.toContain(undefined)
  const { images } = await ledgerOf(rig)
  expect(images.filter((image) => image.person_id === stranger && image.closed_at === null)).toEqual([])
}

interface PerUserStory extends Crossing {
  person: string
}

/** Somebody whose per-user MFA was ended and is on again. */
async function raised(): Promise<PerUserStory> {
  const tale = await begun({ people: 40, byHand: true, mayLog: MAY_LOG })
  const [person = ''] = await retired(tale, 1)
  tale.rig.tenant.world.setPerUserMfa(person, 'enforced')
  await tale.rig.until('drift.found')
  return { ...tale, person }
}

async function retiredAgain(story: PerUserStory): Promise<void> {
  const { rig, id, person } = story
  if (!(await settledHere(story))) await rig.act(ONA, 'revert', id)
  const mark = async () => (await rig.wavegate.store.read.membersAmong(id, [person]))[0]?.perUserMfa
  while ((await mark()) !== 'retired') await rig.until('members.retired')
}

/** Off again once, and one before-image, still that of the first change. */
async function checkRetired({ rig, person }: PerUserStory): Promise<void> {
  expect(stateOf(rig, person)).toBe('disabled')
  const mine = turns(rig).filter((turn) => turn.person === person)
  expect(mine.map((turn) => turn.after)).toEqual(['disabled', 'disabled'])
  const { images } = await ledgerOf(rig)
  const own = images.filter((one) => one.person_id === person && one.effect === 'perUserMfaRetired')
  expect(own.map(({ image, closed_at }) => [image, closed_at])).toEqual([['{"state":"enforced"}', null]])
}

/** Somebody out of the exceptions of a policy for all users, and somebody else among them. */
async function exceptions(): Promise<Story> {
  const rig = await openRig({ people: 24, byHand: true, mayLog: MAY_LOG })
  rig.tenant.world.permissions.add('Group.ReadWrite.All')
  const users = [rig.tenant.world.person(TEST_USER).id, ...readyPeople(rig, 1)]
  const id = await rig.started(
    planText({ waves: [{ name: 'test-user', members: { users } }], graduate: 'all-users' }),
  )
  await rig.ended(id)
  await rig.act(METTE, 'graduate', id)
  await rig.act(ANDERS, 'graduate', id)
  await rig.until('rollout.graduated')
  const [lost = ''] = rig.tenant.world.members(EXCEPTIONS)
  const stranger = users[1] as string
  rig.tenant.world.removeMember(EXCEPTIONS, lost)
  rig.tenant.world.addMember(EXCEPTIONS, stranger)
  await rig.until('drift.found')
  return { rig, id, stranger, lost }
}

const EXCEPTIONS = `${GROUP} exceptions`

async function exceptedAgain(story: Story): Promise<void> {
  if (!(await settledHere(story))) await story.rig.act(ONA, 'revert', story.id)
}

/** Each moved once by us, and the ledger knows of the one alone. */
async function checkExcepted({ rig, id, lost, stranger }: Story): Promise<void> {
  expect((await rig.show(id)).holds).toEqual([])
  const group = rig.tenant.world.group(EXCEPTIONS).id
  const inGroup = rig.tenant.world.members(EXCEPTIONS)
  expect(inGroup).toContain(lost)
  expect(inGroup).not.toContain(stranger)
  const ours = rig.tenant.world.journal.entries.filter((one) => one.actor === 'app')
  const movesOf = (person: string) => ours.filter((one) => one.target === `groups/${group}/members/${person}`)
  expect(movesOf(lost)).toHaveLength(2)
  expect(movesOf(stranger)).toHaveLength(1)
  const { images } = await ledgerOf(rig)
  const open = images.filter(({ effect, closed_at }) => effect === 'exceptionMember' && closed_at === null)
  expect(open.filter((one) => one.person_id === lost)).toHaveLength(1)
  expect(open.filter((one) => one.person_id === stranger)).toEqual([])
}

describe('killed after any commit of a revert and said again, it ends as if nothing had happened', () => {
  test.each(['beforeCall', 'afterCall'] as const)(
    'of policy and group, %s',
    { timeout: 400_000 },
    async (when) => {
      const tale = {
        drafted: found,
        prepare: async () => {},
        tell: reverted,
        check: checkReverted,
        ofAKind: 1,
      }
      expect(await everyDeath(tale, when)).toBeGreaterThan(6)
    },
  )

  test.each(['beforeCall', 'afterCall'] as const)(
    'of per-user MFA, %s',
    { timeout: 400_000 },
    async (when) => {
      const tale = {
        drafted: raised,
        prepare: async () => {},
        tell: retiredAgain,
        check: checkRetired,
        ofAKind: 1,
      }
      expect(await everyDeath(tale, when)).toBeGreaterThan(4)
    },
  )

  test.each(['beforeCall', 'afterCall'] as const)(
    'of the exceptions, %s',
    { timeout: 400_000 },
    async (when) => {
      const tale = {
        drafted: exceptions,
        prepare: async () => {},
        tell: exceptedAgain,
        check: checkExcepted,
        ofAKind: 1,
      }
      expect(await everyDeath(tale, when)).toBeGreaterThan(4)
    },
  )
})
