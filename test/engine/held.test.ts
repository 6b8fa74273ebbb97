import { expect, test } from 'vitest'
import { joined, members, moves, policyStates } from './journal.ts'
import { planText, REST, TEST_WAVE } from './plan-of-waves.ts'
import { HOUR, METTE, MINUTE, ONA, openRig, type Rig } from './rig.ts'

const WRITE = { method: 'PATCH', path: '/groups/' }
const NO_EFFECT = { kind: 'status', status: 204, body: '' } as const

/** A wave of several groups of twenty, about to put its first in. */
async function manyAboutToJoin(): Promise<{ rig: Rig; id: string }> {
  const rig = await openRig({ people: 160 })
  const id = await rig.started(planText({ waves: [TEST_WAVE, REST] }))
  await rig.until('wave.enforcing', 'everyone')
  return { rig, id }
}

async function peopleOf(rig: Rig, id: string) {
  const { members: page } = await rig.wavegate.service.members(id, 'everyone', { limit: 1000 })
  return page
}

test('a policy is not made once everything was frozen, and is when that is over', async () => {
  const rig = await openRig()
  const id = await rig.draft()
  let frozen: Promise<unknown> = Promise.resolve()
  rig.when('policy.beforeImage', () => {
    frozen = rig.wavegate.service.freeze(ONA, 'incident')
  })
  await rig.act(METTE, 'start', id)
  await rig.until('verb.freeze')
  await frozen
  await rig.pass(2 * HOUR)
  expect(policyStates(rig)).toEqual([])
  await rig.wavegate.service.thaw(ONA, 'over')
  await rig.until('wave.soaking')
  expect(policyStates(rig).at(-1)?.state).toBe('enabled')
})

test('a policy that was made is not switched on while its wave is paused', async () => {
  const rig = await openRig()
  const id = await rig.draft()
  let paused: Promise<unknown> = Promise.resolve()
  rig.when('policy.beforeImage', () => {
    const wait = setInterval(() => {
      if (policyStates(rig).length === 0) return
      clearInterval(wait)
      paused = rig.act(METTE, 'pause', id)
    }, 0)
  })
  await rig.act(METTE, 'start', id)
  await rig.until('verb.pause')
  await paused
  await rig.pass(2 * HOUR)
  expect(policyStates(rig).map(({ state }) => state)).toEqual(['enabledForReportingButNotEnforced'])
  await rig.act(METTE, 'resume', id)
  await rig.until('wave.soaking')
  expect(policyStates(rig).at(-1)?.state).toBe('enabled')
})

test('twenty who are refused are not halved any further once their wave is paused', async () => {
  const { rig, id } = await manyAboutToJoin()
  rig.tenant.addFault({ ...WRITE, times: 1, do: { kind: 'status', status: 400 } })
  rig.whenWritten('answer:refused', () => void rig.act(METTE, 'pause', id, { wave: 'everyone' }))
  await rig.until('verb.pause')
  await rig.pass(HOUR)
  // The test user, and at most the half that was on its way.
  expect(members(rig).length).toBeLessThanOrEqual(11)
  await rig.act(METTE, 'resume', id, { wave: 'everyone' })
  await rig.until('wave.soaking', 'everyone')
  const { counts } = (await rig.show(id)).waves[1] as { counts: { failed: number; pending: number } }
  expect(counts).toMatchObject({ failed: 0, pending: 0 })
})

test('somebody who is taken back before their group of twenty is sent is never put in', async () => {
  const { rig, id } = await manyAboutToJoin()
  await rig.until('members.requested', 'everyone')
  const last = (await peopleOf(rig, id)).filter((one) => !one.deferred && !one.requestedAt).at(-1)
  const person = last?.personId as string
  await rig.act(ONA, 'rollback', id, { people: [person] })
  await rig.until('wave.soaking', 'everyone')
  expect(moves(rig).filter((move) => move.person === person)).toEqual([])
})

test('somebody who is taken back does not wait for the read-back of the others', async () => {
  const { rig, id } = await manyAboutToJoin()
  rig.tenant.addFault({ ...WRITE, after: 2, times: 1, do: NO_EFFECT })
  const asked = await rig.until('members.requested', 'everyone')
  const [person] = asked.data.people as [string]
  await rig.act(ONA, 'rollback', id, { people: [person] })
  const at = rig.now()
  await rig.until('members.restored')
  expect(rig.now() - at).toBeLessThan(5 * MINUTE)
  expect(members(rig)).not.toContain(person)
  await rig.until('wave.soaking', 'everyone')
  expect((await rig.show(id)).waves[1]?.counts).toMatchObject({ unknown: 0, failed: 0, pending: 0 })
})

test.each(['abort', 'stuck'])('whoever was sent before the end of a chunk is on record (%s)', async (how) => {
  const { rig, id } = await manyAboutToJoin()
  if (how === 'abort') {
    rig.whenWritten('intend:apply', () => void rig.act(ONA, 'abort', id))
  } else {
    rig.tenant.addFault({ ...WRITE, after: 1, do: { kind: 'status', status: 429 } })
    await rig.until('hold.placed')
    await rig.act(ONA, 'abort', id)
  }
  await rig.until('rollout.aborted')
  await rig.pass(HOUR)
  const inside = members(rig)
  expect(inside.length).toBeGreaterThan(10)
  const people = await peopleOf(rig, id)
  const onRecord = people.filter((one) => inside.includes(one.personId)).map((one) => one.outcome)
  expect(onRecord.filter((outcome) => !['done', 'unknown'].includes(outcome))).toEqual([])
  expect(people.filter((one) => one.outcome === 'unknown').length).toBeLessThanOrEqual(20)
  expect(joined(rig)).toHaveLength(inside.length)
})
