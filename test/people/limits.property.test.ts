import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { assignWaves, type WaveAssignment } from '../../src/people/cohort.ts'
import type { Person } from '../../src/people/person.ts'
import { mostOfDepartment } from '../../src/people/pick.ts'
import { EMERGENCY, person, planOf } from './people.ts'

const DEPARTMENTS = ['Sales', 'IT', 'Legal', ' sales ', undefined]
const NOBODY_NAMED = [...EMERGENCY, person('t1')]

/** People with departments, some with a manager among themselves. */
const company = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 90 }).chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc
        .record({
          department: fc.constantFrom(...DEPARTMENTS),
          managerId: fc.option(fc.constantFrom(...ids), { nil: undefined }),
        })
        .map((over) => person(id, over)),
    ),
  ),
)

const percent = fc.integer({ min: 1, max: 99 })
const share = fc.record({
  share: percent,
  cap: fc.option(percent),
  max: fc.option(fc.integer({ min: 1, max: 30 })),
  apart: fc.boolean(),
})
type Share = { share: number; cap: number | null; max: number | null; apart: boolean }
const shares = fc.array(share, { minLength: 1, maxLength: 3 })

function sayShare({ share, cap, max, apart }: Share, index: number): string {
  const limits = [
    cap === null ? '' : `, maxPerDepartment: ${cap}%`,
    max === null ? '' : `, max: ${max}`,
    apart ? ', managerApart: true' : '',
  ]
  return `{ name: w${index}, members: { share: ${share}%${limits.join('')} } }`
}

function assign(people: readonly Person[], waves: string[], group: readonly string[] = []): WaveAssignment {
  return assignWaves(planOf([...waves, '{ name: rest, members: rest }']), [...NOBODY_NAMED, ...people], {
    groups: { Robots: [], IT: group },
  })
}

function waveOf(given: WaveAssignment): Map<string, number> {
  return new Map(given.waves.flatMap((wave, index) => wave.members.map((id) => [id, index] as const)))
}

function sizes(people: readonly Person[], ids?: readonly string[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const { id, department } of people) {
    if (department === undefined || (ids && !ids.includes(id))) continue
    const key = department.trim().toLowerCase()
    found.set(key, (found.get(key) ?? 0) + 1)
  }
  return found
}

test('under every limit, everybody is in exactly one wave, whatever the order in which they come', () => {
  const shuffled = company.chain((people) =>
    fc.tuple(fc.constant(people), fc.shuffledSubarray(people, { minLength: people.length })),
  )
  fc.assert(
    fc.property(shuffled, shares, ([people, other], given) => {
      const waves = given.map(sayShare)
      const first = assign(people, waves)
      const placed = first.waves.flatMap((wave) => wave.members)
      expect(placed.toSorted()).toEqual(['t1', ...people.map(({ id }) => id)].toSorted())
      expect(assign(other, waves).waves.map((wave) => wave.members)).toEqual(
        first.waves.map((wave) => wave.members),
      )
    }),
  )
})

test('no wave has more people than its max, nor more of a department than its share of it', () => {
  fc.assert(
    fc.property(company, shares, (people, given) => {
      const all = sizes(people)
      const { waves } = assign(people, given.map(sayShare))
      for (const [index, { cap, max }] of given.entries()) {
        const members = waves[index + 1]!.members
        if (max !== null) expect(members.length).toBeLessThanOrEqual(max)
        for (const [department, count] of cap === null ? [] : sizes(people, members)) {
          expect(count).toBeLessThanOrEqual(mostOfDepartment(cap! * 100, all.get(department)!))
        }
      }
    }),
  )
})

test('nobody is in a wave with their manager, where waves keep them apart and a last one takes all', () => {
  fc.assert(
    fc.property(company, shares, (people, given) => {
      const placed = waveOf(
        assign(
          people,
          given.map((one, index) => sayShare({ ...one, apart: true }, index)),
        ),
      )
      for (const { id, managerId } of people) {
        if (managerId === undefined || managerId === id || placed.get(id) === given.length + 1) continue
        expect(placed.get(managerId)).not.toBe(placed.get(id))
      }
    }),
  )
})

test('raising a share under a cap, a max or apart from managers only adds people to its wave', () => {
  fc.assert(
    fc.property(company, share, percent, (people, one, more) => {
      const before = assign(people, [sayShare(one, 0)]).waves[1]!.members
      const after = assign(people, [sayShare({ ...one, share: Math.min(100, one.share + more) }, 0)])
      expect(before.filter((id) => !after.waves[1]!.members.includes(id))).toEqual([])
    }),
  )
})

test('raising a share under caps puts nobody into a later wave', () => {
  fc.assert(
    fc.property(company, shares, fc.nat(2), percent, (people, given, which, more) => {
      const capped = given.map((one) => ({ ...one, max: null, apart: false }))
      const at = which % capped.length
      const raised = capped.with(at, { ...capped[at]!, share: Math.min(100, capped[at]!.share + more) })
      const after = waveOf(assign(people, raised.map(sayShare)))
      for (const [id, wave] of waveOf(assign(people, capped.map(sayShare)))) {
        expect(after.get(id)).toBeLessThanOrEqual(wave)
      }
    }),
  )
})

const spread = fc.record({
  max: fc.integer({ min: 1, max: 40 }),
  cap: fc.option(percent),
  apart: fc.boolean(),
})
const sayPilot = ({ max, cap, apart }: { max: number; cap: number | null; apart: boolean }) =>
  `{ name: pilot, members: { group: IT, spread: department, max: ${max}${cap === null ? '' : `, maxPerDepartment: ${cap}%`}, managerApart: ${apart} } }`

test('raising the max of a spread pick only adds people', () => {
  fc.assert(
    fc.property(company, spread, fc.integer({ min: 1, max: 20 }), (people, pilot, more) => {
      const group = people.map(({ id }) => id)
      const before = assign(people, [sayPilot(pilot)], group).waves[1]!.members
      const after = assign(people, [sayPilot({ ...pilot, max: pilot.max + more })], group).waves[1]!.members
      expect(before.filter((id) => !after.includes(id))).toEqual([])
    }),
  )
})

test('a spread pick has somebody of each department before it has a third of any', () => {
  fc.assert(
    fc.property(company, fc.integer({ min: 1, max: 40 }), (people, max) => {
      const group = people.map(({ id }) => id)
      const picked = assign(people, [sayPilot({ max, cap: null, apart: false })], group).waves[1]!.members
      expect(picked).toHaveLength(Math.min(max, people.length))
      const [all, here] = [sizes(people), sizes(people, picked)]
      const most = Math.max(0, ...here.values())
      for (const [department, size] of all) {
        expect(here.get(department) ?? 0).toBeGreaterThanOrEqual(Math.min(size, most - 1))
      }
    }),
  )
})

test('a newcomer takes the place of at most one person in a spread pick', () => {
  fc.assert(
    fc.property(company, spread, fc.uuid(), (people, pilot, id) => {
      fc.pre(people.every((one) => one.id !== id))
      const group = [...people.map((one) => one.id), id]
      const plain = { ...pilot, cap: null, apart: false }
      const before = assign(people, [sayPilot(plain)], group).waves[1]!.members
      const after = assign([...people, person(id, { department: 'IT' })], [sayPilot(plain)], group)
      expect(before.filter((one) => !after.waves[1]!.members.includes(one)).length).toBeLessThanOrEqual(1)
    }),
  )
})

test('a frozen wave keeps its people, and everybody else is still in exactly one wave', () => {
  fc.assert(
    fc.property(company, company, shares, fc.nat(3), (before, after, given, count) => {
      const waves = given.map(sayShare)
      const plan = planOf([...waves, '{ name: rest, members: rest }'])
      const groups = { groups: { Robots: [] } }
      const first = assignWaves(plan, [...NOBODY_NAMED, ...before], groups)
      const frozen = Object.fromEntries(
        first.waves.slice(0, count % plan.waves.length).map(({ wave, members }) => [wave, members]),
      )
      const people = [...new Map([...before, ...after].map((one) => [one.id, one])).values()]
      const later = assignWaves(plan, [...NOBODY_NAMED, ...people], groups, frozen)
      for (const { wave, members } of later.waves) if (frozen[wave]) expect(members).toEqual(frozen[wave])
      const placed = later.waves.flatMap(({ members }) => members)
      expect(placed.toSorted()).toEqual(['t1', ...people.map(({ id }) => id)].toSorted())
      for (const id of placed) {
        const last = later.reasons(id).at(-1)
        expect(last).toMatchObject({ kind: 'wave' })
        expect(
          later.waves.find(({ wave }) => last?.kind === 'wave' && wave === last.wave)?.members,
        ).toContain(id)
      }
    }),
  )
})
