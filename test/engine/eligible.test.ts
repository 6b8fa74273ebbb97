import { expect, test } from 'vitest'
import { begun, membersOf, turns } from './crossing-tale.ts'
import { joined, members, readyPeople } from './journal.ts'
import { planText, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, DAY, METTE, MINUTE, ONA, openRig, type Rig } from './rig.ts'

const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
const NOTE = 'Who may take on a directory role for some hours (PIM) cannot be read'

const makeEligible = (rig: Rig, person: string) =>
  rig.tenant.world.person(person).eligibleRoles.push(GLOBAL_ADMINISTRATOR)

test('whoever may take on a directory role goes with no wave of people, as if they held it', async () => {
  const rig = await openRig()
  rig.tenant.world.setPremiumP2(true)
  const waves = [TEST_WAVE, { name: 'rest', members: 'rest' as const }]
  const [person = '', other = ''] = readyPeople(rig, 2)
  makeEligible(rig, person)
  const id = await rig.started(planText({ waves }))
  await rig.until('wave.soaking', 'rest')
  expect(joined(rig)).toContain(other)
  expect(joined(rig)).not.toContain(person)
  const out = await rig.wavegate.service.leftOut(id)
  expect(out.find(({ personId }) => personId === person)).toMatchObject({ reason: 'directoryRole' })
})

test('a rollback leaves them in until a second person names them', async () => {
  const rig = await openRig()
  rig.tenant.world.setPremiumP2(true)
  const people = readyPeople(rig, 2) as [string, string]
  const id = await rig.started(planText({ waves: [TEST_WAVE, { name: 'few', members: { users: people } }] }))
  await rig.until('wave.soaking', 'few')
  makeEligible(rig, people[0])
  await rig.pass(30 * MINUTE)
  await rig.act(ONA, 'rollback', id, { wave: 'few', ifMatch: undefined })
  await rig.until('members.leftIn')
  await rig.pass(30 * MINUTE)
  expect(members(rig)).toContain(people[0])
  expect(members(rig)).not.toContain(people[1])
})

test('no machine switches off their per-user MFA', async () => {
  const tale = await begun()
  const { rig, people } = tale
  rig.tenant.world.setPremiumP2(true)
  await rig.until('wave.soaking')
  for (const person of people) makeEligible(rig, person)
  await rig.until('members.keepPerUserMfa')
  await rig.pass(2 * DAY)
  expect(turns(rig)).toEqual([])
  const kept = (await membersOf(tale)).filter((one) => one.perUserReason === 'directoryRole')
  expect(kept.length).toBeGreaterThan(1)
})

test('where that cannot be read, start says so once, and asks only that emergency accounts are vouched for', async () => {
  const rig = await openRig()
  const start = async (isForbidden = false) => {
    const id = await rig.draft(planText({ waves: [TEST_WAVE] }))
    if (isForbidden) {
      const refused = { code: 'preflightFailed', message: expect.stringContaining('does not show its roles') }
      await expect(rig.act(METTE, 'start', id, { dryRun: true })).rejects.toMatchObject(refused)
      await rig.act(ANDERS, 'accept', id, { findings: ['emergencyAccountUnproven'] })
    }
    return (await rig.act(METTE, 'start', id, { dryRun: true })).says
  }
  const unlicensed = await start()
  expect(unlicensed.split(NOTE)).toHaveLength(2)
  expect(unlicensed).toContain('Without Entra ID P2 there is nobody of the kind')
  rig.tenant.world.setPremiumP2(true)
  expect(await start()).not.toContain(NOTE)
  rig.tenant.world.permissions.delete('RoleManagement.Read.Directory')
  rig.tenant.world.permissions.delete('RoleEligibilitySchedule.Read.Directory')
  const forbidden = await start(true)
  expect(forbidden.split(NOTE)).toHaveLength(2)
  expect(forbidden).toContain('RoleEligibilitySchedule.Read.Directory')
})
