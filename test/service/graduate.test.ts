import { describe, expect, test, vi } from 'vitest'
import type { PlanInput } from '../../src/plan/schema.ts'
import { joined, members, policy } from '../engine/journal.ts'
import { ledgerOf } from '../engine/ledger.ts'
import { addSender, mails, mailsTo, SENDER, startApproved } from '../engine/mails.ts'
import { GROUP, PILOT, planText, TEST_USER, TEST_WAVE } from '../engine/plan-of-waves.ts'
import {
  ANDERS,
  DAY,
  HANNE,
  HOUR,
  METTE,
  MINUTE,
  ONA,
  openRig,
  type Rig,
  type RigOptions,
} from '../engine/rig.ts'

vi.setConfig({ testTimeout: 120_000 })

const EXCEPTIONS = `${GROUP} exceptions`
const REPORT_ONLY = 'enabledForReportingButNotEnforced'

/** One wave of the test user has ended; everybody else is in no wave. */
async function completed(change: Partial<PlanInput> = {}, options: RigOptions = {}) {
  const rig = await openRig({ people: 40, ...options })
  // Beyond what an installation has to have: without it the group of the exceptions stays, empty.
  rig.tenant.world.permissions.add('Group.ReadWrite.All')
  const id = await rig.started(planText({ waves: [TEST_WAVE], graduate: 'all-users', ...change }))
  await rig.ended(id)
  return { rig, id }
}

async function graduated(rig: Rig, id: string) {
  await rig.act(METTE, 'graduate', id)
  await rig.act(ANDERS, 'graduate', id)
  await rig.until('rollout.graduated')
}

/** Everybody goes back: who holds a directory role, once a second person has named them. */
async function rolledBack(rig: Rig, id: string) {
  const from = rig.events.length
  const answer = await rig.act(ONA, 'rollback', id)
  await confirmed(rig, id, from)
  return { answer, view: await rig.ended(id) }
}

async function confirmed(rig: Rig, id: string, from = 0) {
  while (!rig.events.slice(from).some(({ type }) => type === 'policy.narrowed')) await rig.pass(MINUTE)
  const rows = await rig.wavegate.store.read.membersOfRollout(id)
  const people = rows.filter(({ restore }) => restore === 'leftIn').map(({ personId }) => personId)
  expect(people.length).toBeGreaterThan(0)
  await rig.act(ANDERS, 'rollback', id, { people })
}

const excepted = (rig: Rig) =>
  rig.tenant.world.groups.some(({ displayName }) => displayName === EXCEPTIONS)
    ? rig.tenant.world.members(EXCEPTIONS).toSorted()
    : []
const users = (rig: Rig) => policy(rig)?.conditions?.users
const ready = (rig: Rig) => {
  const robots = rig.tenant.world.members('Service accounts')
  return rig.tenant.world.people.filter(({ kind, id }) => kind === 'member' && !robots.includes(id))
}

test('whom a graduation catches is written to once, before the policy covers them; a sender that may not send holds it', async () => {
  const notices = { sender: SENDER, before: ['1h'], contact: 'Help desk, 4545' }
  const rig = await openRig({ people: 40 })
  addSender(rig)
  const plan = planText({ waves: [TEST_WAVE], graduate: 'all-users', prepare: { notices } })
  const id = await startApproved(rig, plan)
  await rig.ended(id)
  const dry = await rig.act(METTE, 'graduate', id, { dryRun: true })
  expect(dry.says).toContain('gets one mail of it@contoso.com right before')
  const caught = dry.people.filter(({ why }) => why.includes('newly caught')).map(({ personId }) => personId)
  expect(caught.length).toBeGreaterThan(3)
  const [silent] = caught as [string]
  rig.tenant.world.patchUser(silent, { mail: null })
  rig.tenant.world.restrictMail([])
  await rig.pass(MINUTE)
  const sent = mails(rig).length
  await rig.act(METTE, 'graduate', id)
  await rig.act(ANDERS, 'graduate', id)
  const hold = await rig.until('hold.placed')
  expect(hold.data).toMatchObject({ hold: { kind: 'error', code: 'senderRefused' } })
  expect(users(rig)?.includeUsers).not.toEqual(['All'])
  rig.tenant.world.restrictMail(null)
  await rig.act(ONA, 'resume', id)
  const { at } = await rig.until('policy.widening')
  await rig.until('rollout.graduated')
  for (const person of caught.filter((one) => one !== silent)) {
    const [mail, ...more] = mailsTo(rig, person)
    expect([mail?.at ?? Number.NaN, more]).toEqual([expect.any(Number), []])
    expect(mail?.at).toBeLessThanOrEqual(at)
  }
  expect(mails(rig)).toHaveLength(sent + caught.length - 1)
  const card = async (person: string) => (await rig.wavegate.service.member(id, person)).notices
  expect(await card(silent)).toMatchObject([{ notice: 'graduate', state: 'noAddress' }])
  expect(await card(caught[1] ?? '')).toMatchObject([{ notice: 'graduate', state: 'accepted' }])
})

describe('graduate', () => {
  test('shows by name who is newly caught and who stays out, and asks; a second person confirms', async () => {
    const { rig, id } = await completed()
    const seen = await rig.act(METTE, 'graduate', id, { dryRun: true })
    const caught = seen.people.filter(({ why }) => why.includes('is newly caught'))
    const out = seen.people.filter(({ why }) => why.includes('stays out'))
    expect(caught.length).toBeGreaterThan(5)
    expect(out.length).toBeGreaterThan(2)
    expect(seen.says).toContain(`${caught.length} people are newly caught, and ${out.length} stay out`)
    await expect(rig.act(ANDERS, 'graduate', id)).rejects.toMatchObject({ code: 'notApplicable' })
    expect(await rig.act(METTE, 'graduate', id)).toMatchObject({ changed: true })
    expect((await rig.show(id)).state).toBe('completed')
    await expect(rig.act({ ...METTE, roles: ['approver'] }, 'graduate', id)).rejects.toMatchObject({
      code: 'ownRequest',
    })
    await expect(rig.act(ONA, 'graduate', id)).rejects.toMatchObject({ code: 'roleTooWeak' })
    expect(users(rig)?.includeUsers).toEqual([])
    expect(await rig.act(ANDERS, 'graduate', id)).toMatchObject({ changed: true })
    await rig.until('rollout.graduated')
    expect(users(rig)).toMatchObject({ includeUsers: ['All'], includeGroups: [] })
    expect(policy(rig)?.state).toBe('enabled')
    expect(users(rig)?.excludeGroups).toContain(rig.tenant.world.group(EXCEPTIONS).id)
    expect(users(rig)?.excludeUsers).toContain('GuestsOrExternalUsers')
    expect(excepted(rig)).toEqual(out.map(({ personId }) => personId).toSorted())
    const row = await rig.wavegate.service.member(id, caught[0]!.personId)
    expect(row).toMatchObject({ outcome: 'done', wave: '', deferred: null })
    expect(await rig.wavegate.service.member(id, out[0]!.personId)).toMatchObject({
      deferred: expect.any(String),
    })
    expect(await rig.act(METTE, 'graduate', id)).toMatchObject({ changed: false, says: 'It is so already.' })
  })

  test('without the key in the plan it says what to write', async () => {
    const { rig, id } = await completed({ graduate: undefined })
    await expect(rig.act(METTE, 'graduate', id)).rejects.toMatchObject({
      code: 'notApplicable',
      hint: expect.stringContaining('graduate: all-users'),
    })
    expect((await rig.show(id)).possible).not.toContain('graduate')
  })

  test('a group of another hand by the name of ours is not used', async () => {
    const { rig, id } = await completed()
    rig.tenant.world.createGroup({ displayName: EXCEPTIONS })
    await rig.pass(HOUR)
    await rig.act(METTE, 'graduate', id)
    await rig.act(ANDERS, 'graduate', id)
    await rig.until('hold.placed')
    expect(await rig.show(id)).toMatchObject({
      state: 'graduating',
      holds: [{ kind: 'error', code: 'groupForeign' }],
    })
    expect(users(rig)?.includeUsers).toEqual([])
    rig.tenant.world.deleteGroup(EXCEPTIONS)
    await rig.pass(HOUR)
    await rig.act(METTE, 'resume', id)
    await rig.until('rollout.graduated')
    expect(users(rig)?.includeUsers).toEqual(['All'])
  })

  test('the plan may name an empty group, which stays when all is taken back', async () => {
    const rig = await openRig({ people: 40 })
    rig.tenant.world.createGroup({ displayName: 'Left out of MFA' })
    await rig.pass(HOUR)
    const enforce = { by: 'conditional-access' as const, group: GROUP, policy: 'Require MFA (wavegate)' }
    const plan = { ...{ enforce: { ...enforce, exceptions: 'Left out of MFA' } }, waves: [TEST_WAVE] }
    const id = await rig.started(planText({ ...plan, graduate: 'all-users' }))
    await rig.ended(id)
    await graduated(rig, id)
    expect(rig.tenant.world.members('Left out of MFA').length).toBeGreaterThan(0)
    expect((await rolledBack(rig, id)).view.state).toBe('rolledBack')
    expect(rig.tenant.world.members('Left out of MFA')).toEqual([])
  })

  test('who is hired after the names were confirmed stays out, and says so', async () => {
    const { rig, id } = await completed()
    await rig.act(METTE, 'graduate', id)
    const hired = rig.tenant.world.hire({
      displayName: 'Nora Ny',
      userPrincipalName: 'nora.ny@contoso.com',
    } as never)
    await rig.pass(HOUR)
    await rig.act(ANDERS, 'graduate', id)
    await rig.until('rollout.graduated')
    expect(excepted(rig)).toContain(hired)
  })

  test('while frozen nothing is widened', async () => {
    const { rig, id } = await completed()
    await rig.act(METTE, 'graduate', id)
    rig.when('verb.graduate', () => {
      void rig.wavegate.service.freeze(ONA, 'a change freeze')
    })
    await rig.act(ANDERS, 'graduate', id)
    await rig.pass(2 * HOUR)
    expect((await rig.show(id)).holds).toMatchObject([{ kind: 'freeze' }])
    expect(users(rig)?.includeUsers).toEqual([])
    await rig.wavegate.service.thaw(ONA, 'it is over')
    await rig.pass(HOUR)
    expect((await rig.show(id)).state).toBe('graduated')
  })
})

describe('while it graduates', () => {
  async function asked(options: Partial<PlanInput> = {}) {
    const story = await completed(options)
    await story.rig.act(METTE, 'graduate', story.id)
    return story
  }

  test('a disarm holds it until somebody rearms', async () => {
    const { rig, id } = await asked()
    rig.when('exceptions.making', () => {
      void rig.act(ONA, 'disarm', id)
    })
    await rig.act(ANDERS, 'graduate', id)
    await rig.pass(2 * HOUR)
    expect(await rig.show(id)).toMatchObject({ state: 'graduating', holds: [{ kind: 'disarmed' }] })
    expect(users(rig)?.includeUsers).toEqual([])
    await rig.act(METTE, 'rearm', id)
    await rig.pass(HOUR)
    expect((await rig.show(id)).state).toBe('graduated')
    expect(policy(rig)).toMatchObject({ state: 'enabled', conditions: { users: { includeUsers: ['All'] } } })
  })

  test('a right that is missing holds it, by name, and resume goes on', async () => {
    const { rig, id } = await asked()
    for (const right of ['Group.Create', 'Group.ReadWrite.All']) rig.tenant.world.permissions.delete(right)
    await rig.act(ANDERS, 'graduate', id)
    await rig.until('hold.placed')
    const [hold] = (await rig.show(id)).holds
    expect(hold).toMatchObject({ kind: 'error', code: 'graph.forbidden' })
    expect(hold?.reason).toContain('Group.Create')
    rig.tenant.world.permissions.add('Group.Create')
    await rig.act(METTE, 'resume', id)
    await rig.until('rollout.graduated')
  })

  test('an answer that is lost is read back, not repeated', async () => {
    const { rig, id } = await asked()
    rig.tenant.addFault({ method: 'POST', path: '/groups$', times: 1, do: { kind: 'resetAfter' } })
    await rig.act(ANDERS, 'graduate', id)
    await rig.until('rollout.graduated')
    expect(rig.tenant.world.groups.filter(({ displayName }) => displayName === EXCEPTIONS)).toHaveLength(1)
  })

  test.each([
    ['the rollout', {}],
    ['a wave', { wave: 'test-user' }],
  ])(
    '%s is taken back in the moment of the call: the policy is about its group in the end',
    async (_, on) => {
      const { rig, id } = await asked()
      rig.when('policy.widening', () => {
        void rig.act(ONA, 'rollback', id, on)
      })
      await rig.act(ANDERS, 'graduate', id)
      await rig.until('wave.rolledBack')
      await confirmed(rig, id)
      await rig.pass(HOUR)
      expect((await rig.show(id)).state).toBe('wave' in on ? 'completedWithLeftovers' : 'rolledBack')
      expect(users(rig)).toMatchObject({
        includeUsers: [],
        includeGroups: [rig.tenant.world.group(GROUP).id],
      })
      expect(members(rig)).toEqual([])
    },
  )
})

describe('from a graduated rollout', () => {
  test('a person goes among the exceptions, and out of the group', async () => {
    const { rig, id } = await completed()
    await graduated(rig, id)
    const one = rig.tenant.world.person(TEST_USER).id
    const caught = (await rig.act(ONA, 'rollback', id, { dryRun: true })).people.find(
      ({ personId }) => personId !== one,
    )!
    await rig.act(ONA, 'rollback', id, { people: [one, caught.personId] })
    await rig.pass(10 * MINUTE)
    expect(excepted(rig)).toEqual(expect.arrayContaining([one, caught.personId]))
    expect(members(rig)).toEqual([])
    for (const person of [one, caught.personId])
      expect(await rig.wavegate.service.member(id, person)).toMatchObject({
        restore: 'restored',
        deferred: 'rolledBack',
      })
    // The help desk too, one at a time.
    const next = (await rig.act(ONA, 'rollback', id, { dryRun: true })).people[0]!
    await rig.act(HANNE, 'rollback', id, { people: [next.personId] })
    await rig.pass(10 * MINUTE)
    expect(excepted(rig)).toContain(next.personId)
    expect((await rig.show(id)).state).toBe('graduated')
  })

  test('everything goes back: the policy to its group first, then the people, then the exceptions are gone', async () => {
    const { rig, id } = await completed({ waves: [TEST_WAVE, PILOT] })
    const before = structuredClone(policy(rig)?.conditions)
    await graduated(rig, id)
    const from = rig.tenant.world.journal.entries.length
    const { answer, view } = await rolledBack(rig, id)
    expect(answer.people.length).toBeGreaterThan(10)
    expect(view.state).toBe('rolledBack')
    const after = rig.tenant.world.journal.entries.slice(from).filter(({ actor }) => actor === 'app')
    // Whoever holds a directory role is in the group before the policy is about it again; nobody leaves before that.
    const narrowing = after.findIndex(({ target }) => target.includes('conditionalAccess/policies'))
    const first = after.slice(0, narrowing).map(({ target }) => target)
    expect(first.every((target) => target.startsWith(`groups/${rig.tenant.world.group(GROUP).id}/`))).toBe(
      true,
    )
    expect(after.slice(0, narrowing).every((one) => (one.after as { member: boolean }).member)).toBe(true)
    expect(after.at(-1)?.target).toMatch(/^groups\/[^/]+$/)
    expect(policy(rig)).toMatchObject({ state: REPORT_ONLY, conditions: before })
    expect(members(rig)).toEqual([])
    expect(rig.tenant.world.groups.some(({ displayName }) => displayName === EXCEPTIONS)).toBe(false)
    const ledger = await ledgerOf(rig)
    expect(ledger.images.filter((image) => image.closed_at === null)).toEqual([])
  })

  test('without the right to delete groups the exceptions stay, empty, and it says so', async () => {
    const { rig, id } = await completed()
    await graduated(rig, id)
    rig.tenant.world.permissions.delete('Group.ReadWrite.All')
    expect((await rolledBack(rig, id)).view.state).toBe('rolledBack')
    expect(excepted(rig)).toEqual([])
    const ended = rig.events.find(({ type }) => type === 'exceptions.ended')
    expect(ended?.reason).toContain('stays, empty: deleting it needs Group.ReadWrite.All')
  })

  test('a wave goes back: the policy is about its group again, and may graduate once more', async () => {
    const { rig, id } = await completed({ waves: [TEST_WAVE, PILOT] })
    await graduated(rig, id)
    await rig.act(ONA, 'rollback', id, { wave: 'pilot' })
    await rig.until('wave.rolledBack', 'pilot')
    expect(await rig.show(id)).toMatchObject({ state: 'completedWithLeftovers' })
    expect(users(rig)).toMatchObject({ includeUsers: [], includeGroups: [rig.tenant.world.group(GROUP).id] })
    await confirmed(rig, id)
    await rig.pass(HOUR)
    expect(members(rig)).toEqual([rig.tenant.world.person(TEST_USER).id])
    const pilots = joined(rig).filter((one) => !members(rig).includes(one))
    await graduated(rig, id)
    expect(users(rig)?.includeUsers).toEqual(['All'])
    expect(excepted(rig)).toEqual(expect.arrayContaining(pilots))
    await rig.act(ONA, 'rollback', id)
    expect((await rig.ended(id)).state).toBe('rolledBack')
  })

  test('disarm names everybody it uncovers, and rearm knows the policy as it is now', async () => {
    const { rig, id } = await completed()
    await graduated(rig, id)
    const off = await rig.act(ONA, 'disarm', id)
    expect(policy(rig)?.state).toBe(REPORT_ONLY)
    expect(off.people.length).toBeGreaterThan(ready(rig).length / 4)
    await rig.pass(HOUR)
    await rig.act(METTE, 'rearm', id)
    expect(policy(rig)).toMatchObject({ state: 'enabled', conditions: { users: { includeUsers: ['All'] } } })
    await rig.act(ONA, 'disarm', id)
    rig.tenant.world.setPolicy(policy(rig)!.id!, {
      conditions: { ...policy(rig)!.conditions, users: { includeUsers: ['All'] } },
    })
    await rig.pass(HOUR)
    await expect(rig.act(METTE, 'rearm', id)).rejects.toMatchObject({ code: 'preflightFailed' })
  })
})

describe('another hand on a graduated rollout', () => {
  test('nothing is found where nothing was changed, and a policy made narrower is found and put back', async () => {
    const { rig, id } = await completed()
    await graduated(rig, id)
    await rig.pass(3 * DAY)
    expect((await rig.show(id)).holds).toEqual([])
    const body = structuredClone(policy(rig)!)
    const group = rig.tenant.world.group(GROUP).id
    rig.tenant.world.setPolicy(body.id!, {
      conditions: { ...body.conditions, users: { ...users(rig), includeUsers: [], includeGroups: [group] } },
    })
    await rig.until('drift.found')
    expect(await rig.show(id)).toMatchObject({ state: 'graduated', holds: [{ kind: 'drift' }] })
    const findings = ['policy.conditions.users.includeUsers', 'policy.conditions.users.includeGroups']
    await rig.act(ONA, 'revert', id, { findings })
    expect(users(rig)).toMatchObject({ includeUsers: ['All'], includeGroups: [] })
    expect((await rig.show(id)).holds).toEqual([])
    expect((await rolledBack(rig, id)).view.state).toBe('rolledBack')
  })
})
