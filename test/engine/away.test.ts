import { expect, test } from 'vitest'
import { gates, planText, TEST_WAVE } from './plan-of-waves.ts'
import { DAY, MONDAY, openRig } from './rig.ts'

test('who is away waits for the catch-up, is no success, and is taken once they sign in again', async () => {
  const rig = await openRig({ people: 120 })
  const { world } = rig.tenant
  const person = world.people.find((one) => one.habit.away && one.quietDays && one.kind === 'member')
  const [legacy, phone] = world.people.filter((one) => one.department === 'IT' && one.index > 2)
  if (!person || !legacy || !phone) throw new Error('too few people')
  for (const one of [person, legacy, phone]) world.setMethods(one.id, ['microsoftAuthenticatorPush'])
  const waves = [TEST_WAVE, { name: 'pilot', members: { users: [person.id, legacy.id, phone.id] } }]
  const id = await rig.started(planText({ waves, catchUp: { name: 'leftovers', every: '1d' } }))
  await rig.until('wave.completed', 'pilot')
  const pilot = (await rig.show(id)).waves[1]
  expect(pilot?.counts).toMatchObject({ members: 3, deferred: 1, away: 1, inPlace: 2 })
  const { service } = rig.wavegate
  expect(await service.member(id, person.id)).toMatchObject({
    outcome: 'pending',
    deferred: 'away',
    readiness: expect.stringMatching(/^last signed in on 20\d\d-\d\d-\d\d, \d+ days ago$/),
  })
  expect(await service.leftovers(id)).toMatchObject([{ personId: person.id, reason: 'away' }])
  world.comeBack(person.id)
  const end = await rig.ended(id)
  expect(end.state).toBe('completed')
  expect((await service.member(id, person.id)).inPlaceAt).not.toBeNull()
  expect(rig.now()).toBeLessThan(MONDAY + 20 * DAY)
})

test('where a wave waits until nearly all are ready, who is away stays behind all the same', async () => {
  const rig = await openRig({ people: 120 })
  const { world } = rig.tenant
  const person = world.people.find((one) => one.habit.away && one.quietDays && one.kind === 'member')
  const [one, two] = world.people.filter((some) => some.department === 'IT' && some.index > 2)
  if (!person || !one || !two) throw new Error('too few people')
  for (const some of [person, one, two]) world.setMethods(some.id, ['microsoftAuthenticatorPush'])
  const waves = [TEST_WAVE, { name: 'pilot', members: { users: [person.id, one.id, two.id] } }]
  const readiness = { unready: 'hold', min: '60%' } as const
  const id = await rig.started(planText({ waves, gates: gates({ readiness }) }))
  await rig.until('wave.soaking', 'pilot')
  const { service } = rig.wavegate
  expect(await service.member(id, person.id)).toMatchObject({ deferred: 'away', requestedAt: null })
  expect((await service.member(id, one.id)).inPlaceAt).not.toBeNull()
})

test('a phone that Microsoft serves no longer than the wave takes is not ready; with a provider it is', async () => {
  const start = Date.parse('2027-01-31T07:00:00Z')
  const rig = await openRig({ people: 60, start })
  const { world } = rig.tenant
  const [phone, app] = world.people.filter((one) => one.department === 'IT' && one.index > 2)
  if (!phone || !app) throw new Error('too few people')
  world.setMethods(phone.id, ['mobilePhone'])
  world.setMethods(app.id, ['microsoftAuthenticatorPush'])
  await rig.pass(6 * 3_600_000)
  const waves = [{ name: 'pilot', members: { users: [phone.id, app.id] } }]
  const id = await rig.started(planText({ waves: [TEST_WAVE, ...waves] }))
  await rig.until('wave.enforcing', 'pilot')
  expect(await rig.wavegate.service.member(id, phone.id)).toMatchObject({
    deferred: 'notReady',
    readiness: expect.stringContaining('mobilePhone and nothing else'),
  })
  expect((await rig.wavegate.service.member(id, app.id)).deferred).toBeNull()
})
