import { describe, expect, test, vi } from 'vitest'
import type { Caller } from '../../src/service.ts'
import { joined, left, members, policy, readyPeople } from '../engine/journal.ts'
import { ledgerOf } from '../engine/ledger.ts'
import { GROUP, planText, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, HOUR, METTE, MINUTE, ONA, openRig, type Rig } from '../engine/rig.ts'

vi.setConfig({ testTimeout: 60_000 })

const REPORT_ONLY = 'enabledForReportingButNotEnforced'

/** Two people of the IT department are in the group, and nobody has made a policy yet. */
async function halfDone() {
  const rig = await openRig({ people: 40 })
  const there = readyPeople(rig, 2, 'IT')
  for (const id of there) rig.tenant.world.addMember(GROUP, id)
  await rig.pass(HOUR)
  return { rig, there, id: await rig.draft(planText()) }
}

async function adopted(rig: Rig, id: string, people: string[]) {
  await rig.act(METTE, 'adopt', id, { people, reason: 'they have had it since spring' })
  return await rig.act(ANDERS, 'adopt', id, { people, reason: 'looked at the names' })
}

describe('who is in the group already is adopted by name before the start', () => {
  test('a dry run lists them with name, department and why somebody cannot be adopted', async () => {
    const { rig, id, there } = await halfDone()
    const { world } = rig.tenant
    const guest = world.people.find((person) => person.kind === 'guest')!
    const admin = world.people.find((person) => person.kind === 'member' && person.roles.length > 0)!
    const robot = world.people.find((person) => person.kind === 'service')!
    for (const one of [guest, admin, robot]) world.addMember(GROUP, one.id)
    await rig.pass(HOUR)
    const answer = await rig.act(METTE, 'adopt', id, { dryRun: true })
    expect(answer).toMatchObject({ changed: false, says: '5 people are in the group; 2 can be adopted.' })
    const why = (person: string) => answer.people.find(({ personId }) => personId === person)?.why
    expect(why(there[0]!)).toBe(`${world.person(there[0]!).displayName}, IT: can be adopted`)
    expect(why(guest.id)).toContain('is a guest, and cannot be adopted')
    expect(why(admin.id)).toContain('holds a directory role, and cannot be adopted')
    expect(why(robot.id)).toContain('is in a protected group, and cannot be adopted')
    await expect(rig.act(METTE, 'adopt', id, { people: [there[0]!, guest.id] })).rejects.toMatchObject({
      code: 'notAdoptable',
      message: expect.stringContaining(`${guest.userPrincipalName} is a guest`),
    })
    await expect(
      rig.act(METTE, 'adopt', id, { people: [world.person('test.user@contoso.com').id] }),
    ).rejects.toMatchObject({
      code: 'notAdoptable',
    })
    await expect(rig.act(METTE, 'adopt', id)).rejects.toMatchObject({ code: 'requestInvalid' })
    expect(world.journal.entries.filter(({ actor }) => actor === 'app')).toEqual([])
  })

  test('one asks, another approves the same list; nobody approves their own', async () => {
    const { rig, id, there } = await halfDone()
    const both: Caller = { ...METTE, roles: ['changeManager', 'approver'] }
    await expect(rig.act(ANDERS, 'adopt', id, { people: there })).rejects.toMatchObject({
      code: 'notApplicable',
    })
    const asked = await rig.act(METTE, 'adopt', id, { people: there })
    expect(asked).toMatchObject({ changed: true, says: expect.stringContaining('an approver confirms') })
    // Said again by whoever asked, whatever their roles, it is only asked again.
    await rig.act(both, 'adopt', id, { people: there })
    await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({
      code: 'preflightFailed',
      message: expect.stringContaining(
        `The adoption of 2 people that ${METTE.person} asked for waits for an approver`,
      ),
    })
    await expect(rig.act(ANDERS, 'adopt', id, { people: [there[0]!] })).rejects.toMatchObject({
      code: 'adoptionDiffers',
      message: expect.stringContaining(`it lacks ${there[1]}`),
    })
    expect(await rig.act(ANDERS, 'adopt', id, { people: there, dryRun: true })).toMatchObject({
      changed: false,
    })
    await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({ code: 'preflightFailed' })
    expect(await rig.act(ANDERS, 'adopt', id, { people: there })).toMatchObject({ changed: true })
    expect(await rig.act(ANDERS, 'adopt', id, { people: there })).toMatchObject({ changed: false })
    const events = await rig.wavegate.service.events(id, 0, 100)
    const said = events.filter(({ type }) => type === 'verb.adopt')
    expect(said.map(({ actor, data }) => [actor, data['approved'] ?? false])).toEqual([
      [METTE.person, false],
      [METTE.person, false],
      [ANDERS.person, true],
    ])
  })

  test('a list that was approved and asked for anew is to be approved anew', async () => {
    const { rig, id, there } = await halfDone()
    await adopted(rig, id, there)
    await rig.act(METTE, 'adopt', id, { people: [there[0]!] })
    await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({ code: 'preflightFailed' })
    await adopted(rig, id, there)
    await rig.act(METTE, 'start', id)
    expect((await rig.show(id)).state).toBe('running')
    await expect(rig.act(METTE, 'adopt', id, { people: there })).rejects.toMatchObject({
      code: 'verbNotPossible',
    })
  })

  test('somebody more in the group stops the start by name', async () => {
    const { rig, id, there } = await halfDone()
    await adopted(rig, id, there)
    const [more] = readyPeople(rig, 1)
    rig.tenant.world.addMember(GROUP, more!)
    await rig.pass(HOUR)
    await expect(rig.act(METTE, 'start', id)).rejects.toMatchObject({
      code: 'preflightFailed',
      message: expect.stringContaining(rig.tenant.world.person(more!).userPrincipalName),
    })
  })
})

test('adopted people are in no wave, and are in the group before and after a rollback', async () => {
  const { rig, id, there } = await halfDone()
  await adopted(rig, id, there)
  const { says } = await rig.act(METTE, 'start', id)
  expect(says).toContain('2 people in the group are adopted, and in no wave.')
  await rig.until('wave.soaking', 'test-user')
  expect(policy(rig)?.state).toBe('enabled')
  const view = await rig.ended(id)
  expect(view).toMatchObject({
    adopted: 2,
    leftOut: expect.arrayContaining([{ reason: 'adopted', people: 2 }]),
  })
  const leftOut = await rig.wavegate.service.leftOut(id)
  const named = leftOut.filter(({ reason }) => reason === 'adopted').map(({ personId }) => personId)
  expect(named.toSorted()).toEqual(there.toSorted())
  expect(joined(rig)).not.toEqual(expect.arrayContaining(there))
  const answer = await rig.act(ONA, 'rollback', id)
  const bare = answer.people.filter(({ why }) => why.includes('without MFA by it as before'))
  expect(bare.map(({ personId }) => personId).toSorted()).toEqual(there.toSorted())
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(members(rig)).toEqual(there.toSorted())
  expect(left(rig)).not.toEqual(expect.arrayContaining(there))
  // We made the policy: by it they had no MFA before us, and that is said with their names.
  expect(policy(rig)?.state).toBe(REPORT_ONLY)
  const back = rig.events.find(({ type }) => type === 'policy.switchedBack')
  expect(back?.reason).toContain(rig.tenant.world.person(there[0]!).userPrincipalName)
  const ledger = await ledgerOf(rig)
  expect(ledger.images.filter((image) => image.closed_at === null)).toEqual([])
})

test('a disarm and a rearm go on over adopted people', async () => {
  const { rig, id, there } = await halfDone()
  await adopted(rig, id, there)
  await rig.act(METTE, 'start', id)
  await rig.until('wave.soaking', 'test-user')
  const off = await rig.act(ONA, 'disarm', id)
  expect(off.people.map(({ personId }) => personId)).toEqual(expect.arrayContaining(there))
  await rig.pass(HOUR)
  await rig.act(METTE, 'rearm', id)
  expect(policy(rig)?.state).toBe('enabled')
})

test('a policy made by hand that is not what the plan means is not taken', async () => {
  const rig = await openRig({ people: 40, scenario: 'half-done' })
  const body = policy(rig)!
  rig.tenant.world.setPolicy(body.id!, {
    conditions: { ...body.conditions, clientAppTypes: ['browser'] },
  } as typeof body)
  const id = await rig.draft(planText())
  const refused = await rig.act(METTE, 'start', id).catch((error) => error)
  expect(refused.details.findings).toContainEqual(expect.objectContaining({ code: 'policyDiffers' }))
})

test('who is adopted is in no wave of another text of the plan either', async () => {
  const { rig, id, there } = await halfDone()
  await adopted(rig, id, there)
  await rig.act(METTE, 'start', id)
  const waves = [TEST_WAVE, { name: 'staff', members: { group: 'IT department' } }]
  const to = { text: planText({ waves }) }
  const asked = rig.wavegate.service.diffPlans({ from: { rollout: id }, to, limit: 500 })
  const [{ moves, people }] = await Promise.all([asked, rig.pass(MINUTE)])
  expect(people.moved).toBeGreaterThan(0)
  const moving = moves.map(({ personId }) => personId)
  for (const person of there) expect(moving).not.toContain(person)
})
