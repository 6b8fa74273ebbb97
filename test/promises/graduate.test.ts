import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import { beforeAll, expect, test, vi } from 'vitest'
import { members, policy } from '../engine/journal.ts'
import { GROUP, PILOT, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { ANDERS, DAY, HOUR, METTE, ONA, type Rig } from '../engine/rig.ts'
import type { Case } from './case.ts'
import { exceptionMoves } from './case.ts'
import { back, forward, type Journey, journey, start } from './journey.ts'
import { breachesOf } from './judge.ts'
import { policyChanges } from './replay.ts'

vi.setConfig({ testTimeout: 120_000 })

async function graduated(rig: Rig, id: string): Promise<void> {
  await rig.act(METTE, 'graduate', id)
  await rig.act(ANDERS, 'graduate', id)
  await rig.until('rollout.graduated')
}

/** To the end, wider than its group, two people out of it by name, and everything back. */
async function thereAndBack({ rig }: Journey, id: string): Promise<void> {
  rig.tenant.world.permissions.add('Group.ReadWrite.All')
  expect((await forward(rig, id, 12)).state).toMatch(/^completed/)
  await graduated(rig, id)
  await rig.pass(DAY)
  const covered = (await rig.act(ONA, 'rollback', id, { dryRun: true })).people
  const people = [covered[0]!.personId, covered.at(-1)!.personId]
  await rig.act(ONA, 'rollback', id, { people })
  await rig.pass(HOUR)
  expect((await back(rig, id)).state).toBe('rolledBack')
}

// What really happened, for tests that tell it otherwise in one point.
let genuine: Case

beforeAll(async () => {
  const options = { people: 60, byHand: true }
  const here = await journey('clean', { waves: [TEST_WAVE, PILOT], graduate: 'all-users' }, options)
  await thereAndBack(here, await start(here))
  genuine = await here.witness.testify()
  await here.rig.close()
}, 120_000)

function doctored(change: (told: Case) => unknown): string[] {
  const told = structuredClone(genuine)
  change(told)
  return breachesOf(told)
}

const isWide = (body: ConditionalAccessPolicy | null) =>
  body?.conditions?.users?.includeUsers?.includes('All')

test('at no instant is the policy wider than who has a before-image and a wave or a name, there and back', () => {
  expect(breachesOf(genuine)).toEqual([])
  const changes = policyChanges(genuine)
  const widened = changes.filter(({ before, after }) => !isWide(before) && isWide(after))
  expect(widened.map(({ caught }) => caught.length > 20)).toEqual([true])
  expect(widened[0]?.freed).toEqual([])
  const narrowed = changes.filter(({ before, after }) => isWide(before) && !isWide(after))
  expect(narrowed.map(({ caught }) => caught)).toEqual([[]])
  const excepted = exceptionMoves(genuine).filter(({ towards }) => towards)
  expect(excepted.length).toBeGreaterThan(10)
  // All but the two who were taken back later were among the exceptions before the policy was widened.
  const late = excepted.filter(({ entry }) => entry.seq > (widened[0]?.entry.seq ?? 0))
  expect(late).toHaveLength(2)
})

test('widened over somebody without a before-image, or whom nobody adopted, is a breach', () => {
  const without = doctored(({ records }) => {
    records.images = records.images.filter(({ effect }) => effect !== 'coveredByPolicy')
  })
  expect(without.join('\n')).toContain('switched on or widened over')
  expect(without.join('\n')).toContain('who has no before-image')
  const unnamed = doctored(({ records }) => {
    records.events = records.events.filter(({ type }) => type !== 'members.adopted')
  })
  expect(unnamed.join('\n')).toContain('was adopted by nobody')
})

test('widened before an exception was in place is a breach, and so is a move that is off the record', () => {
  const early = doctored((told) => {
    const widened = policyChanges(told).find(({ after }) => isWide(after))
    const [entry] = told.journal.filter(({ seq }) => seq === widened?.entry.seq)
    const first = told.journal.findIndex(({ seq }) => seq === exceptionMoves(told)[0]?.entry.seq)
    told.journal.splice(told.journal.indexOf(entry!), 1)
    told.journal.splice(first, 0, entry!)
  })
  expect(early.join('\n')).toContain('switched on or widened over')
  const unwritten = doctored(({ records }) => {
    records.attempts = records.attempts.filter(({ effect }) => effect !== 'exceptionMember')
  })
  expect(unwritten.join('\n')).toContain('put among the exceptions')
})

test('taken out of the wide policy without anybody’s word is a breach', () => {
  const unasked = doctored(({ records }) => {
    records.events = records.events.filter(
      ({ type, data }) => !(type === 'verb.rollback' && 'people' in JSON.parse(data)),
    )
  })
  expect(unasked.join('\n')).toMatch(/We took .* out of the policy .*, and nobody had asked for it/)
})

test('a half-done tenant, adopted, graduated and taken back, is as it was', async () => {
  const here = await journey('half-done', { graduate: 'all-users' }, { people: 120 })
  const { rig } = here
  const guests = rig.tenant.world.people.filter(
    ({ kind, id }) => kind === 'guest' && members(rig).includes(id),
  )
  for (const { id } of guests) rig.tenant.world.removeMember(GROUP, id)
  await rig.pass(HOUR)
  const people = members(rig)
  const before = structuredClone(policy(rig))
  const id = await rig.draft(here.plan)
  await rig.act(METTE, 'adopt', id, { people })
  await rig.act(ANDERS, 'adopt', id, { people })
  await rig.act(METTE, 'start', id)
  await thereAndBack(here, id)
  expect(members(rig)).toEqual(people)
  expect(policy(rig)).toMatchObject({ state: 'enabled', conditions: before?.conditions })
  expect(breachesOf(await here.witness.testify())).toEqual([])
})
