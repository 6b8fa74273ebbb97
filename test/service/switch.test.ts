import { setTimeout as onTheWall } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { policy, policyStates, readyPeople } from '../engine/journal.ts'
import { GROUP, TEST_USER } from '../engine/plan-of-waves.ts'
import { HOUR, METTE, ONA, openRig, type Rig } from '../engine/rig.ts'

const REPORT_ONLY = 'enabledForReportingButNotEnforced'
const MEMBERS = { method: 'GET', path: '/groups/[^/]+/members' }
const SWITCH = { method: 'PATCH', path: '/conditionalAccess/policies/' }

async function disarmed(rig: Rig): Promise<string> {
  const id = await rig.started()
  await rig.until('wave.soaking', 'test-user')
  await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
  return id
}

/** A rearm whose first such request takes long on the wall; it is under way when this answers. */
async function slowRearm(rig: Rig, id: string, slow: { method: string; path: string }) {
  rig.tenant.addFault({ ...slow, times: 1, do: { kind: 'delay', ms: 700 } })
  const ending = rig.act(METTE, 'rearm', id).then(
    () => 'rearmed',
    (error) => error,
  )
  await onTheWall(250)
  return { ending }
}

describe('a rearm under way', () => {
  test.each([
    ['reads the group', MEMBERS],
    ['has sent its call', SWITCH],
  ])('loses to a disarm while it %s', async (_, slow) => {
    const rig = await openRig()
    const id = await disarmed(rig)
    const { ending } = await slowRearm(rig, id, slow)
    const off = await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
    expect(off.says).toContain('read back as report-only')
    expect(await ending).toMatchObject({ code: 'notApplicable', status: 409 })
    expect(policy(rig)?.state).toBe(REPORT_ONLY)
    expect((await rig.show(id)).holds.map((hold) => hold.kind)).toEqual(['disarmed'])
    expect(rig.events.filter((event) => event.type === 'verb.rearm')).toEqual([])
  })

  test('is not waited for by a disarm while it only reads', async () => {
    const rig = await openRig()
    const id = await disarmed(rig)
    const { ending } = await slowRearm(rig, id, MEMBERS)
    const before = policyStates(rig).length
    await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
    await ending
    expect(
      policyStates(rig)
        .slice(before)
        .map((one) => one.state),
    ).not.toContain('enabled')
  })

  test.each([
    ['reads the group', MEMBERS],
    ['has sent its call', SWITCH],
  ])('loses to a freeze while it %s', async (_, slow) => {
    const rig = await openRig()
    const id = await disarmed(rig)
    const { ending } = await slowRearm(rig, id, slow)
    await rig.wavegate.service.freeze(ONA, 'month-end')
    expect(await ending).toMatchObject({ code: 'installationFrozen', status: 409 })
    expect(policy(rig)?.state).toBe(REPORT_ONLY)
    expect((await rig.show(id)).holds.map((hold) => hold.kind)).toContain('disarmed')
  })

  test('can be followed by another one', async () => {
    const rig = await openRig()
    const id = await disarmed(rig)
    const { ending } = await slowRearm(rig, id, MEMBERS)
    await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
    await ending
    expect((await rig.act(METTE, 'rearm', id)).rollout.holds).toEqual([])
    expect(policy(rig)?.state).toBe('enabled')
  })
})

describe('disarm names', () => {
  test('whoever the directory shows in the group, also whom no wave put there', async () => {
    const rig = await openRig()
    const id = await rig.started()
    await rig.until('wave.soaking', 'test-user')
    const [stranger = ''] = readyPeople(rig, 1)
    rig.tenant.world.addMember(GROUP, stranger)
    await rig.pass(2 * HOUR)
    const off = await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
    const name = rig.tenant.world.person(stranger).userPrincipalName
    expect(off.people.map((person) => person.upn).toSorted()).toEqual([name, TEST_USER].toSorted())
  })

  test('whom the ledger knows, while the directory does not answer', async () => {
    const rig = await openRig()
    const id = await rig.started()
    await rig.until('wave.soaking', 'test-user')
    rig.tenant.addFault({
      ...MEMBERS,
      do: { kind: 'status', status: 403, code: 'Authorization_RequestDenied' },
    })
    const off = await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
    rig.tenant.clearFaults()
    expect(off.people.map((person) => person.upn)).toEqual([TEST_USER])
    expect(policy(rig)?.state).toBe(REPORT_ONLY)
  })
})
