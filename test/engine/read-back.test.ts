import { expect, test } from 'vitest'
import { joined, members, readyPeople } from './journal.ts'
import { ledgerOf } from './ledger.ts'
import { GROUP, planText, TEST_USER, TEST_WAVE } from './plan-of-waves.ts'
import { MINUTE, ONA, openRig, type Rig } from './rig.ts'

const MEMBERS_READ = '/members\\?'

function planOf(people: readonly string[]): string {
  return planText({ waves: [{ name: 'test-user', members: { users: [TEST_USER, ...people] } }] })
}

/** From now on another hand takes this person out whenever we have put them in. */
function keepOut(rig: Rig, person: string): void {
  const undo = () => {
    rig.whenWritten('intend:apply', undo)
    rig.whenWritten('answer:accepted', () => {
      if (members(rig).includes(person)) rig.tenant.world.removeMember(GROUP, person)
    })
  }
  undo()
}

test('nobody counts as in place before the directory shows them, however long it takes', async () => {
  const rig = await openRig()
  const people = readyPeople(rig, 4)
  const id = await rig.started(planOf(people))
  const asked = await rig.until('members.requested')
  expect((await rig.show(id)).waves[0]?.counts).toMatchObject({ inPlace: 0, pending: 5 })
  const seen = await rig.until('members.inPlace')
  expect(seen.at).toBeGreaterThan(asked.at)
  expect(seen.data.people).toHaveLength(5)
})

test('who never appears is unknown, asked for again a few times, then failed; the wave waits for that', async () => {
  const rig = await openRig()
  const [never] = readyPeople(rig, 1) as [string]
  // Taken, says the answer, and nothing comes of it.
  rig.tenant.addFault({ method: 'PATCH', path: '/groups/', do: { kind: 'status', status: 204, body: '' } })
  const id = await rig.started(planOf([never]))
  await rig.until('members.unknown')
  await rig.until('hold.placed')
  const view = await rig.show(id)
  expect(view.waves[0]).toMatchObject({
    state: 'enforcing',
    holds: [{ kind: 'stuck' }],
    counts: { unknown: 2 },
  })
  await rig.until('members.failed')
  await rig.until('hold.placed')
  expect((await rig.show(id)).waves[0]).toMatchObject({
    state: 'enforcing',
    holds: [{ kind: 'budgetSpent', gate: 'failedChanges' }],
  })
  expect(await rig.wavegate.service.member(id, never)).toMatchObject({
    outcome: 'failed',
    reason: 'never seen in the group',
  })
  expect(joined(rig)).toEqual([])
  const { attempts } = await ledgerOf(rig)
  expect(attempts.filter((attempt) => attempt.person_id === never).map((attempt) => attempt.number)).toEqual([
    1, 2, 3, 4, 5,
  ])
})

test('people who failed are taken again when somebody says so, after the cause is gone', async () => {
  const rig = await openRig()
  const people = readyPeople(rig, 3)
  const budget = { failedChanges: { max: '70%' } }
  const waves = [TEST_WAVE, { name: 'three', members: { users: people }, gates: { budget } }]
  const id = await rig.started(planText({ waves }))
  await rig.until('wave.enforcing', 'three')
  const write = { method: 'PATCH', path: '/groups/' }
  // Three are refused together, two of them are taken and never come, the third joins.
  rig.tenant.addFault({ ...write, times: 1, do: { kind: 'status', status: 400 } })
  rig.tenant.addFault({ ...write, times: 1, do: { kind: 'status', status: 204, body: '' } })
  rig.tenant.addFault({ ...write, after: 1, times: 3, do: { kind: 'status', status: 204, body: '' } })
  await rig.until('wave.soaking', 'three')
  expect((await rig.show(id)).waves[1]?.counts).toMatchObject({ failed: 2, inPlace: 1 })
  const answer = await rig.act(ONA, 'retry', id, { wave: 'three' })
  expect(answer.people).toHaveLength(2)
  await rig.until('wave.soaking', 'three')
  expect((await rig.show(id)).waves[1]?.counts).toMatchObject({ failed: 0, inPlace: 3 })
  expect(joined(rig).slice(1).toSorted()).toEqual(people.toSorted())
})

test('a read-back that cannot be made is no read-back: the wave waits until the members can be read', async () => {
  const rig = await openRig()
  const id = await rig.started(planOf(readyPeople(rig, 2)))
  rig.whenWritten('answer:accepted', () =>
    rig.tenant.addFault({ path: MEMBERS_READ, do: { kind: 'status', status: 503 } }),
  )
  await rig.until('members.unknown')
  rig.tenant.clearFaults()
  await rig.until('members.inPlace')
  await rig.until('wave.soaking')
  expect((await rig.show(id)).waves[0]?.counts).toMatchObject({ inPlace: 3, unknown: 0 })
  expect(joined(rig)).toHaveLength(3)
})

test('a rollback does not wait for somebody who never appears', async () => {
  const rig = await openRig()
  const people = readyPeople(rig, 3)
  keepOut(rig, people[1] as string)
  const id = await rig.started(planOf(people))
  await rig.until('members.requested')
  await rig.pass(MINUTE)
  const asked = rig.now()
  await rig.act(ONA, 'rollback', id, { wave: 'test-user' })
  await rig.until('wave.rolledBack')
  expect(rig.now() - asked).toBeLessThan(5 * MINUTE)
  expect(members(rig)).toEqual([])
})

test('somebody taken back while their outcome is unknown does not keep the wave from going on', async () => {
  const rig = await openRig()
  const [never] = readyPeople(rig, 1) as [string]
  keepOut(rig, never)
  const id = await rig.started(planOf([never]))
  await rig.until('members.unknown')
  await rig.act(ONA, 'rollback', id, { people: [never] })
  await rig.until('wave.soaking')
  const { service } = rig.wavegate
  expect(await service.member(id, never)).toMatchObject({ deferred: 'rolledBack', restore: 'restored' })
  const { images } = await ledgerOf(rig)
  expect(images.find((image) => image.person_id === never)?.closed_at).not.toBeNull()
})
