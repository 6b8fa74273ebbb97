import { expect, test } from 'vitest'
import type { Caller, Keep } from '../../src/service.ts'
import { members, readyPeople } from '../engine/journal.ts'
import { gates, planText, REST, TEST_USER, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { DAY, HANNE, HOUR, ONA, openRig, type Rig } from '../engine/rig.ts'

async function everybodyIn(): Promise<{ rig: Rig; id: string; people: string[] }> {
  const rig = await openRig()
  const id = await rig.started(planText({ waves: [TEST_WAVE, REST], gates: gates({ soak: { for: '10d' } }) }))
  await rig.until('wave.soaking', 'test-user')
  const wave = { wave: 'test-user' }
  await rig.act({ ...ONA, roles: ['changeManager'] }, 'advance', id, wave)
  await rig.until('wave.soaking', 'everyone')
  return { rig, id, people: members(rig) }
}

test('the help desk takes back one person at a time, so many a day, never themselves, never a wave', async () => {
  const { rig, id, people } = await everybodyIn()
  const [first, second, ...rest] = people as [string, string, ...string[]]
  const weak = { code: 'roleTooWeak', status: 403 }
  await expect(rig.act(HANNE, 'rollback', id, { people: [first, second] })).rejects.toMatchObject(weak)
  await expect(rig.act(HANNE, 'rollback', id)).rejects.toMatchObject(weak)
  await expect(rig.act(HANNE, 'rollback', id, { wave: 'everyone' })).rejects.toMatchObject(weak)
  const own: Caller = { ...HANNE, person: rig.tenant.world.person(first).userPrincipalName.toUpperCase() }
  await expect(rig.act(own, 'rollback', id, { people: [first] })).rejects.toMatchObject(weak)
  expect(members(rig)).toEqual(people)

  for (const person of rest.slice(0, 10)) {
    expect(await rig.act(HANNE, 'rollback', id, { people: [person] })).toMatchObject({ changed: true })
  }
  await expect(rig.act(HANNE, 'rollback', id, { people: [second] })).rejects.toMatchObject(weak)
  expect(await rig.act(ONA, 'rollback', id, { people: [second] })).toMatchObject({ changed: true })
  await rig.pass(DAY + HOUR)
  expect(await rig.act(HANNE, 'rollback', id, { people: [first] })).toMatchObject({ changed: true })
})

test('somebody who is in no wave is refused by name, and nobody of the list is touched', async () => {
  const { rig, id, people } = await everybodyIn()
  const list = [people[0] as string, 'nobody@contoso.com']
  await expect(rig.act(ONA, 'rollback', id, { people: list })).rejects.toMatchObject({
    code: 'personNotFound',
    details: { person: 'nobody@contoso.com' },
  })
  await rig.pass(DAY)
  expect(members(rig)).toEqual(people)
})

test('a card says of each person what was asked, what is in place and what is proven', async () => {
  const rig = await openRig()
  const people = readyPeople(rig, 2)
  const waves = [{ name: 'test-user', members: { users: [TEST_USER, ...people] } }]
  const id = await rig.started(planText({ waves }))
  const { service } = rig.wavegate
  await rig.until('members.requested')
  const card = () => service.member(id, TEST_USER.toUpperCase())
  expect(await card()).toMatchObject({
    outcome: 'pending',
    requestedAt: expect.any(String),
    inPlaceAt: null,
    provenAt: null,
    isItUs: { isUs: null },
  })
  await rig.until('wave.soaking')
  expect(await card()).toMatchObject({ outcome: 'done', inPlaceAt: expect.any(String), provenAt: null })
  await rig.until('wave.completed')
  const proven = await card()
  expect(proven).toMatchObject({ wave: 'test-user', provenAt: expect.any(String), lockedOutNow: false })
  expect(proven.isItUs).toMatchObject({ isUs: true, by: 'ours', outcome: 'asked' })
  expect(proven.isItUs.lines.length).toBeGreaterThan(0)
  expect(Date.parse(proven.provenAt as string)).toBeGreaterThan(Date.parse(proven.inPlaceAt as string))
})

test('an answer is kept under its caller’s key, and the key is refused for another request', async () => {
  const rig = await openRig({ people: 30 })
  const { service } = rig.wavegate
  const keep: Keep = { key: 'key', request: 'one', kept: (answer) => answer, isKept: false }
  await service.remember(ONA, keep, { status: 200, body: { a: 1 } })
  expect(await service.answered(ONA, 'key', 'one')).toEqual({ status: 200, body: { a: 1 } })
  await expect(service.answered(ONA, 'key', 'two')).rejects.toMatchObject({ code: 'idempotencyKeyReused' })
  expect(await service.answered(HANNE, 'key', 'two')).toBeUndefined()
})
