import { expect, test } from 'vitest'
import { assignWaves } from '../../src/people/cohort.ts'
import type { Person } from '../../src/people/person.ts'
import { whyPerson } from '../../src/people/why.ts'
import { compilePlan } from '../../src/plan/compile.ts'
import { loadPlan } from '../../src/plan/load.ts'
import { SMALL_PLAN } from '../plan/plan-text.ts'

const person = (id: string): Person => ({
  id,
  upn: `${id}@contoso.com`,
  displayName: id,
  accountEnabled: true,
  userType: 'Member',
  isAdmin: false,
  isMfaCapable: true,
})
const PEOPLE = ['bg1', 'bg2', 'test', 'pilot', 'newcomer'].map(person)
const GROUPS = { groups: { IT: ['pilot', 'newcomer'] } }
const FROZEN = { 'test-user': ['test'], pilot: ['pilot'] }

/** The newcomer joined the group of the pilot after the pilot was prepared. */
function planned(extra: string) {
  const loaded = loadPlan(`${SMALL_PLAN}${extra}\n`)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return compilePlan(loaded.plan)
}

test.each([
  ['tenant: { newJoiners: last-wave }', 'everyone'],
  ['tenant: { newJoiners: catch-up }\ncatchUp: { name: leftovers }', undefined],
  ['tenant: { newJoiners: none }', undefined],
])('%s decides where a newcomer goes', (extra, wave) => {
  const { waves, late } = assignWaves(planned(extra), PEOPLE, GROUPS, FROZEN)
  expect(waves.find(({ members }) => members.includes('newcomer'))?.wave).toBe(wave)
  expect(late).toEqual(wave === undefined ? ['newcomer'] : [])
})

test('why says that the plan sends newcomers to no open wave', () => {
  const said = whyPerson(planned('tenant: { newJoiners: none }'), PEOPLE, GROUPS, FROZEN, 'newcomer')
  expect(said[0]).toContain('is in no wave')
  expect(said.join('\n')).toContain('does not take who came too late for pilot')
})
