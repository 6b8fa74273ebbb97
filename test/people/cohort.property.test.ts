import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { assignWaves } from '../../src/people/cohort.ts'
import type { Person } from '../../src/people/person.ts'
import { EMERGENCY, person, planOf } from './people.ts'

const NO_GROUPS = { groups: { Robots: [] } }

const anybody = fc
  .record({
    id: fc.uuid(),
    accountEnabled: fc.boolean(),
    guest: fc.boolean(),
    isAdmin: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ id, guest, ...rest }) => person(id, { ...rest, userType: guest ? 'Guest' : 'Member' }))
const plain = fc.uuid().map((id) => person(id))
const crowd = fc.uniqueArray(fc.oneof(plain, anybody), { selector: ({ id }) => id, maxLength: 120 })
const shares = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 })

function waveOf(people: readonly Person[], percents: number[], rest: boolean): Map<string, number> {
  const waves = percents.map((percent, index) => `{ name: w${index}, members: { share: ${percent}% } }`)
  const plan = planOf(rest ? [...waves, '{ name: rest, members: rest }'] : waves)
  const given = assignWaves(plan, [...EMERGENCY, person('t1'), ...people], NO_GROUPS)
  return new Map(given.waves.flatMap((wave, index) => wave.members.map((id) => [id, index] as const)))
}

test('nobody is in two waves, and everybody is in one or is listed outside', () => {
  fc.assert(
    fc.property(crowd, shares, (people, percents) => {
      const waves = percents.map((percent, index) => `{ name: w${index}, members: { share: ${percent}% } }`)
      const given = assignWaves(planOf(waves), [...EMERGENCY, person('t1'), ...people], NO_GROUPS)
      const placed = given.waves.flatMap((wave) => wave.members)
      expect(new Set(placed).size).toBe(placed.length)
      const all = [...placed, ...given.outside.map(({ id }) => id)].toSorted()
      expect(all).toEqual(['bg1', 'bg2', 't1', ...people.map(({ id }) => id)].toSorted())
    }),
  )
})

test('nobody who is protected, privileged, perhaps privileged, disabled or a guest is in a wave', () => {
  fc.assert(
    fc.property(crowd, shares, (people, percents) => {
      const placed = waveOf(people, percents, true)
      for (const who of people) {
        const free = who.isAdmin === false && who.accountEnabled && who.userType === 'Member'
        expect(placed.has(who.id)).toBe(free)
      }
      for (const { id } of EMERGENCY) expect(placed.has(id)).toBe(false)
    }),
  )
})

test('the order in which people come does not matter', () => {
  const shuffled = crowd.chain((people) =>
    fc.tuple(fc.constant(people), fc.shuffledSubarray(people, { minLength: people.length })),
  )
  fc.assert(
    fc.property(shuffled, shares, ([people, other], percents) => {
      const sorted = (map: Map<string, number>) => [...map].toSorted()
      expect(sorted(waveOf(people, percents, true))).toEqual(sorted(waveOf(other, percents, true)))
    }),
  )
})

test('who joins or leaves the tenant moves nobody else', () => {
  fc.assert(
    fc.property(crowd, plain, shares, (people, newcomer, percents) => {
      fc.pre(people.every(({ id }) => id !== newcomer.id))
      const before = waveOf(people, percents, true)
      const after = waveOf([...people, newcomer], percents, true)
      for (const [id, wave] of before) expect(after.get(id)).toBe(wave)
    }),
  )
})

test('raising a share only adds people to its wave, and puts nobody into a later one', () => {
  const raise = shares.chain((percents) =>
    fc.tuple(fc.constant(percents), fc.nat(percents.length - 1), fc.integer({ min: 0, max: 99 })),
  )
  fc.assert(
    fc.property(crowd, raise, (people, [percents, which, more]) => {
      const raised = percents.with(which, Math.min(100, percents[which]! + more))
      const before = waveOf(people, percents, true)
      const after = waveOf(people, raised, true)
      for (const [id, wave] of before) {
        if (wave === which + 1) expect(after.get(id)).toBe(wave)
        expect(after.get(id)).toBeLessThanOrEqual(wave)
      }
    }),
  )
})
