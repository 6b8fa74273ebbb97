import { describe, expect, test } from 'vitest'
import type { FaultAction } from '../../src/emulator/tenant.ts'
import { joined, left, members, moves, readyPeople } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { GROUP, planText, REST, TEST_USER, TEST_WAVE } from './plan-of-waves.ts'
import { METTE, ONA, openRig, type Rig } from './rig.ts'

const GROUP_WRITE = '^/v1.0/groups/[^/?]+$'

async function withFive(): Promise<{ rig: Rig; people: string[] }> {
  const rig = await openRig()
  const people = [rig.tenant.world.person(TEST_USER).id, ...readyPeople(rig, 4)]
  return { rig, people }
}

function planOf(people: readonly string[]): string {
  return planText({ waves: [{ name: 'test-user', members: { users: [...people] } }] })
}

async function rolledBack(rig: Rig, id: string): Promise<void> {
  await rig.act(ONA, 'rollback', id)
  expect((await rig.ended(id)).state).toBe('rolledBack')
}

test('who joined by another hand between our look and our change stays theirs, and stays in when all is taken back', async () => {
  const { rig, people } = await withFive()
  const theirs = people[2] as string
  rig.whenWritten('intend:apply', () => rig.tenant.world.addMember(GROUP, theirs))
  const id = await rig.started(planOf(people))
  await rig.until('wave.soaking')
  const member = await rig.wavegate.service.member(id, theirs)
  expect(member).toMatchObject({ outcome: 'already' })
  expect(joined(rig).toSorted()).toEqual(people.filter((person) => person !== theirs).toSorted())
  expect(members(rig)).toEqual(people.toSorted())

  await rig.act(ONA, 'rollback', id, { wave: 'test-user' })
  await rig.until('wave.rolledBack')
  expect(members(rig)).toEqual([theirs])
  expect(await rig.wavegate.service.member(id, theirs)).toMatchObject({ restore: 'notOurs' })
})

test('a change whose answer was lost is ours: in place after reading, taken out again by a rollback', async () => {
  const { rig, people } = await withFive()
  rig.tenant.addFault({ method: 'PATCH', path: GROUP_WRITE, times: 1, do: { kind: 'resetAfter' } })
  const id = await rig.started(planOf(people))
  await rig.until('wave.soaking')
  expect(joined(rig)).toHaveLength(5)
  for (const person of people)
    expect(await rig.wavegate.service.member(id, person)).toMatchObject({ outcome: 'done' })
  await rolledBack(rig, id)
  expect(members(rig)).toEqual([])
})

describe('a change that failed on its way is made once, after looking', () => {
  const failures: [string, FaultAction][] = [
    ['a connection that broke before the change', { kind: 'resetBefore' }],
    ['500', { kind: 'status', status: 500 }],
    ['503', { kind: 'status', status: 503 }],
    ['429 with Retry-After', { kind: 'status', status: 429, headers: { 'Retry-After': '120' } }],
    ['429 without Retry-After', { kind: 'status', status: 429 }],
    ['401', { kind: 'status', status: 401, code: 'InvalidAuthenticationToken' }],
  ]
  test.each(failures)('%s', async (_name, action) => {
    const { rig, people } = await withFive()
    rig.tenant.addFault({ method: 'PATCH', path: GROUP_WRITE, times: 1, do: action })
    const id = await rig.started(planOf(people))
    await rig.until('wave.soaking')
    expect(joined(rig).toSorted()).toEqual(people.toSorted())
    for (const person of people) {
      expect(await rig.wavegate.service.member(id, person)).toMatchObject({ outcome: 'done' })
    }
    const { attempts, images } = await ledgerOf(rig)
    expect(images).toHaveLength(5)
    expect(attempts.every((attempt) => attempt.answer !== null)).toBe(true)
  })
})

test('429 for longer than the client asks leaves nobody unknown: the wave waits and goes on by itself', async () => {
  const { rig, people } = await withFive()
  rig.tenant.addFault({ method: 'PATCH', path: GROUP_WRITE, times: 20, do: { kind: 'status', status: 429 } })
  const id = await rig.started(planOf(people))
  await rig.until('hold.placed')
  expect((await rig.show(id)).waves[0]).toMatchObject({
    holds: [{ kind: 'stuck' }],
    counts: { pending: 5, unknown: 0 },
  })
  await rig.until('wave.soaking')
  expect(joined(rig)).toHaveLength(5)
})

test('a person deleted among twenty is found by halving: the others join, the one is gone', async () => {
  const rig = await openRig()
  const id = await rig.started(planText({ waves: [TEST_WAVE, REST] }))
  await rig.until('wave.enforcing', 'everyone')
  const page = await rig.wavegate.service.members(id, 'everyone', { limit: 500, outcome: 'pending' })
  expect(page.members.length).toBeGreaterThan(20)
  const gone = page.members[7]?.personId as string
  rig.whenWritten('intend:apply', () => rig.tenant.world.deleteUser(gone))
  await rig.until('wave.soaking', 'everyone')
  expect(await rig.wavegate.service.member(id, gone)).toMatchObject({ outcome: 'gone' })
  const done = page.members.map((one) => one.personId).filter((person) => person !== gone)
  expect(joined(rig).slice(1).toSorted()).toEqual(done.toSorted())
  expect((await rig.show(id)).waves[1]?.counts).toMatchObject({ gone: 1, failed: 0, unknown: 0 })
})

test('a right that is taken away in the middle holds the wave by its name, and a resume goes on where it was', async () => {
  const rig = await openRig({ people: 60 })
  const { permissions } = rig.tenant.world
  rig.tenant.addFault({
    method: 'PATCH',
    path: GROUP_WRITE,
    after: 2,
    times: 1,
    do: { kind: 'status', status: 403, code: 'Authorization_RequestDenied' },
  })
  const id = await rig.started(planText({ waves: [TEST_WAVE, REST] }))
  const { reason } = await rig.until((event) => event.type === 'hold.placed')
  expect(reason).toContain('GroupMember.ReadWrite.All')
  const before = joined(rig)
  expect(before).toHaveLength(21)
  expect((await rig.show(id)).waves[1]).toMatchObject({ holds: [{ kind: 'error', code: 'graph.forbidden' }] })
  permissions.delete('GroupMember.ReadWrite.All')
  await rig.act(METTE, 'resume', id, { wave: 'everyone' })
  await rig.until('hold.placed')
  expect(joined(rig)).toEqual(before)
  permissions.add('GroupMember.ReadWrite.All')
  await rig.act(METTE, 'resume', id, { wave: 'everyone' })
  await rig.until('wave.soaking', 'everyone')
  expect(new Set(joined(rig)).size).toBe(joined(rig).length)
  expect((await rig.show(id)).waves[1]?.counts).toMatchObject({ pending: 0, unknown: 0, failed: 0 })
})

test('nobody joins twice and nobody leaves, whatever went wrong on the way', async () => {
  const rig = await openRig({ people: 60 })
  for (const [after, kind] of [
    [0, 'resetAfter'],
    [1, 'resetBefore'],
    [2, 'resetAfter'],
    [3, 'empty'],
  ] as const) {
    rig.tenant.addFault({ method: 'PATCH', path: GROUP_WRITE, after, times: 1, do: { kind } })
  }
  const id = await rig.started(planText({ waves: [TEST_WAVE, REST] }))
  await rig.until('wave.soaking', 'everyone')
  expect(new Set(joined(rig)).size).toBe(moves(rig).length)
  expect(left(rig)).toEqual([])
  await rolledBack(rig, id)
  expect(members(rig)).toEqual([])
})
