import { expect, test, vi } from 'vitest'
import { gates, planText, REST, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, HOUR, ONA, openRig } from '../engine/rig.ts'

vi.setConfig({ testTimeout: 60_000 })

const WAVE = 'everyone'

/** Numbers that nobody can be called at: the last wave has locked people out and stopped itself. */
async function spent() {
  const rig = await openRig({ people: 120, scenario: 'bad-numbers' })
  const budget = { lockedOut: { max: '1%', onSpent: 'hold' }, failedChanges: { max: '50%', onSpent: 'hold' } }
  const id = await rig.started(planText({ waves: [TEST_WAVE, REST], gates: gates({ budget } as never) }))
  await rig.until((event) => (event.data.hold as { kind?: string } | undefined)?.kind === 'budgetSpent')
  const { members } = await rig.wavegate.service.members(id, WAVE, { limit: 500 })
  const people = members.filter((one) => one.lockedOutNow).map((one) => one.personId)
  expect(people.length).toBeGreaterThan(0)
  const waveNow = async () => (await rig.show(id)).waves.find(({ name }) => name === WAVE)
  return { rig, id, people, waveNow }
}

test('who was locked out and is taken back is out: locked out now no more, ever all the same, and the rest can be accepted', async () => {
  const { rig, id, people, waveNow } = await spent()
  const before = (await waveNow())?.counts.everLockedOut ?? 0
  await rig.act(ONA, 'rollback', id, { people, ifMatch: undefined })
  await rig.until((event) => event.type === 'members.restored')
  await rig.pass(HOUR / 2)
  const wave = await waveNow()
  expect(wave?.counts).toMatchObject({ lockedOutNow: 0, restored: people.length })
  expect(wave?.counts.everLockedOut).toBeGreaterThanOrEqual(before)
  for (const person of people) {
    const member = await rig.wavegate.service.member(id, person)
    expect(member).toMatchObject({ lockedOutNow: false, lockedOutAt: expect.any(String) })
  }
  const accepted = await rig.act(ANDERS, 'accept', id, { wave: WAVE, gates: ['lockedOut'] })
  expect(accepted.changed).toBe(true)
})

test('nobody of a wave that was taken back is locked out now', async () => {
  const { rig, id, waveNow } = await spent()
  await rig.act(ONA, 'rollback', id, { wave: WAVE, ifMatch: undefined })
  await rig.until('wave.rolledBack', WAVE)
  await rig.pass(HOUR)
  expect((await waveNow())?.counts).toMatchObject({ lockedOutNow: 0 })
  expect((await waveNow())?.counts.everLockedOut).toBeGreaterThan(0)
})

test('the budget and what is shown beside it are of one number of people: the deferred are in neither', async () => {
  const { rig, id, waveNow } = await spent()
  const { counts } = (await waveNow()) ?? {}
  expect(counts?.deferred).toBeGreaterThan(0)
  expect(counts?.tried).toBe((counts?.members ?? 0) - (counts?.deferred ?? 0) - (counts?.gone ?? 0))
  const gate = (await rig.wavegate.service.gates(id, WAVE)).find((one) => one.gate === 'lockedOut')
  expect(gate?.says).toContain(`${counts?.everLockedOut} of ${counts?.tried} people`)
})
