import { expect, test } from 'vitest'
import { begun, membersOf, retired, stateOf, type Tale, turns, WAVE } from './crossing-tale.ts'
import { MINUTE, ONA } from './rig.ts'

const REFUSED = {
  method: 'PATCH',
  path: '/users/[^/]+/authentication/requirements',
  do: { kind: 'status', status: 400, code: 'BadRequest' },
} as const

/** Somebody is proven, and their per-user MFA could not be switched off. */
async function refused(until: 'members.retirementFailed' | 'wave.completed'): Promise<Tale> {
  const tale = await begun()
  tale.rig.tenant.addFault(REFUSED)
  await tale.rig.until(until)
  return tale
}

const failedOf = async (tale: Tale) =>
  (await membersOf(tale)).filter((one) => one.perUserMfa === 'failed').map((one) => one.personId)

test('whose per-user MFA could not be switched off is tried again by retry, and the wave stays where it is', async () => {
  const tale = await refused('members.retirementFailed')
  const { rig, id } = tale
  const [person = ''] = await failedOf(tale)
  rig.tenant.clearFaults()
  const [wave] = (await rig.show(id)).waves
  expect(wave).toMatchObject({ state: 'soaking', counts: { perUserFailed: 1 } })
  expect(wave?.possible).toContain('retry')
  const dry = await rig.act(ONA, 'retry', id, { people: [person], dryRun: true })
  expect(dry).toMatchObject({ changed: false, people: [{ personId: person, why: 'goes over again' }] })
  const said = rig.now()
  expect(await rig.act(ONA, 'retry', id, { people: [person] })).toMatchObject({ changed: true })
  expect(await retired(tale, 1)).toEqual([person])
  expect(rig.now() - said).toBeLessThan(5 * MINUTE)
  expect(stateOf(rig, person)).toBe('disabled')
  expect(turns(rig).map((turn) => turn.after)).toEqual(['disabled'])
  expect(rig.events.filter(({ type }) => type === 'wave.enforcing')).toHaveLength(1)
  expect(await rig.act(ONA, 'retry', id, { people: [person] })).toMatchObject({ changed: false })
})

test('retry of a completed wave tries all of them again, and nobody whom nothing has proven', async () => {
  const tale = await refused('wave.completed')
  const { rig, id, people } = tale
  const failed = await failedOf(tale)
  expect(failed.length).toBeGreaterThan(1)
  rig.tenant.clearFaults()
  expect((await rig.show(id)).waves[0]?.possible).toContain('retry')
  const said = rig.now()
  const answer = await rig.act(ONA, 'retry', id, { wave: WAVE })
  expect(answer.people.map(({ personId }) => personId).toSorted()).toEqual(failed.toSorted())
  expect((await retired(tale, failed.length)).toSorted()).toEqual(failed.toSorted())
  expect(rig.now() - said).toBeLessThan(10 * MINUTE)
  const others = people.slice(0, -1).filter((one) => !failed.includes(one))
  for (const person of others) expect(stateOf(rig, person)).toBe('enforced')
  expect((await rig.show(id)).waves[0]).toMatchObject({ state: 'completed', counts: { perUserFailed: 0 } })
  await expect(rig.act(ONA, 'retry', id, { wave: WAVE })).rejects.toMatchObject({ code: 'verbNotPossible' })
})
