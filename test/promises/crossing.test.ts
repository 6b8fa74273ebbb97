import { expect, test, vi } from 'vitest'
import { crossingPlan, stateOf } from '../engine/crossing-tale.ts'
import { members, readyPeople } from '../engine/journal.ts'
import { ANDERS, DAY, HOUR, METTE, ONA, openRig, type Rig } from '../engine/rig.ts'
import { breachesOf } from './judge.ts'
import { witness } from './witness.ts'

vi.setConfig({ testTimeout: 120_000 })

const PROTECT = {
  emergencyAccounts: ['bg1@contoso.onmicrosoft.com', 'bg2@contoso.onmicrosoft.com'],
  groups: ['Service accounts'],
}

/** Five people of one wave, four of them under per-user MFA before; some have gone over. */
async function crossing(gone: number) {
  const rig = await openRig({ people: 60 })
  const people = readyPeople(rig, 5).toSorted()
  for (const person of people.slice(0, -1)) rig.tenant.world.setPerUserMfa(person, 'enforced')
  await rig.pass(HOUR)
  const before = witness(rig, PROTECT)
  const id = await rig.started(crossingPlan(people))
  const over = await overIn(rig, id, gone)
  return { rig, id, people, over, before }
}

async function overIn(rig: Rig, id: string, count: number): Promise<string[]> {
  for (;;) {
    const rows = await rig.wavegate.store.read.membersOfRollout(id)
    const over = rows.filter((row) => row.perUserMfa === 'retired').map((row) => row.personId)
    if (over.length >= count) return over
    await rig.until('members.retired')
  }
}

const drifted = (rig: Rig) => rig.until('drift.found')

test('a crossing, forward and back: no promise is broken', async () => {
  const { rig, id, people, before } = await crossing(2)
  await rig.pass(4 * DAY)
  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(people.map((person) => stateOf(rig, person))).toEqual([...Array(4).fill('enforced'), 'disabled'])
  expect(breachesOf(await before.testify())).toEqual([])
})

test('switched on again by another hand in the middle, reverted, disarmed, rearmed, all taken back: no promise is broken', async () => {
  const { rig, id, people, over, before } = await crossing(1)
  const [person = ''] = over
  rig.tenant.world.setPerUserMfa(person, 'enforced')
  await drifted(rig)
  await rig.act(ONA, 'revert', id)
  await rig.until('members.retired')
  expect(stateOf(rig, person)).toBe('disabled')
  await rig.act(ONA, 'disarm', id, { ifMatch: undefined })
  await rig.until('perUserMfa.restored')
  await rig.act(METTE, 'rearm', id)
  await rig.pass(2 * DAY)
  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
  expect(members(rig)).toEqual([])
  expect(people.map((one) => stateOf(rig, one))).toEqual([...Array(4).fill('enforced'), 'disabled'])
  expect(breachesOf(await before.testify())).toEqual([])
})

test('switched on again and accepted, a keeper switched off and given back, then off for good: no promise is broken', async () => {
  const { rig, id, people, over, before } = await crossing(1)
  const [person = ''] = over
  rig.tenant.world.setPerUserMfa(person, 'enforced')
  await drifted(rig)
  await rig.act(ANDERS, 'accept', id, { findings: ['person.perUserMfa.raised'] })
  await rig.until('members.keepPerUserMfa')
  const rows = await rig.wavegate.store.read.membersOfRollout(id)
  const keeper = rows.find((row) => row.perUserReason === 'notProven')?.personId as string
  rig.tenant.world.setPerUserMfa(keeper, 'disabled')
  await drifted(rig)
  await rig.act(ONA, 'revert', id)
  expect(stateOf(rig, keeper)).toBe('enforced')
  rig.tenant.world.setPerUserMfa(keeper, 'disabled')
  await drifted(rig)
  await rig.act(ANDERS, 'accept', id, { findings: ['person.perUserMfa.lowered'] })
  await rig.pass(2 * DAY)
  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
  for (const one of people)
    expect(stateOf(rig, one)).toBe(one === keeper || one === people.at(-1) ? 'disabled' : 'enforced')
  const after = await rig.wavegate.store.read.membersAmong(id, [person, keeper])
  expect(after.map((row) => row.restore)).toEqual(['conflict', 'conflict'])
  expect(breachesOf(await before.testify())).toEqual([])
})
