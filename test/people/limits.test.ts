import { expect, test } from 'vitest'
import { assignWaves } from '../../src/people/cohort.ts'
import type { Person } from '../../src/people/person.ts'
import { EMERGENCY, person, planOf } from './people.ts'

const NAMED = [...EMERGENCY, person('t1')]
const REST = '{ name: everyone, members: rest }'

function assign(waves: string[], people: Person[], group: string[] = [], frozen = {}) {
  const groups = { groups: { Robots: [], IT: group } }
  return assignWaves(planOf(waves), [...NAMED, ...people], groups, frozen)
}

function crowd(size: number, over: Partial<Person> = {}, prefix = 'p'): Person[] {
  return Array.from({ length: size }, (_, index) => person(`${prefix}${index}`, over))
}

const found = ({ findings }: ReturnType<typeof assign>) =>
  findings.map(({ severity, code, path, message }) => `${severity} ${code} ${path}: ${message}`)

test('a filter takes whom the directory describes so, whatever the case, and every attribute has to fit', () => {
  const people = [
    person('ann', { department: ' sales', usageLocation: 'DK' }),
    person('ben', { department: 'Legal', usageLocation: 'dk' }),
    person('cy', { department: 'Sales', usageLocation: 'SE' }),
    person('di', { usageLocation: 'DK' }),
  ]
  const wave = '{ name: danes, members: { filter: { department: [Sales, Legal], usageLocation: DK } } }'
  const given = assign([wave, REST], people)
  expect(given.waves.map(({ members }) => members)).toEqual([['t1'], ['ann', 'ben'], ['cy', 'di']])
  expect(given.findings).toEqual([])
})

test('a filter value that nobody has is told with the nearest one, and a filter that takes nobody is refused', () => {
  const people = [person('ann', { department: 'Sales' })]
  const waves = [
    '{ name: first, members: { filter: { department: [Sales, Lagal] } } }',
    '{ name: second, members: { filter: { department: Slaes } } }',
    REST,
  ]
  expect(found(assign(waves, [...people, person('ben', { department: 'Legal' })]))).toEqual([
    'warning filterMatchesNobody waves[1].members.filter.department[1]: Nobody in the tenant has the department Lagal.',
    'warning filterMatchesNobody waves[2].members.filter.department: Nobody in the tenant has the department Slaes.',
    'error emptyWave waves[2].members: The wave second is empty.',
  ])
})

test('three of a large and one of a small department, and the overflow goes to the next share', () => {
  const people = [...crowd(10, { department: 'Sales' }), ...crowd(2, { department: 'Legal' }, 'l')]
  const waves = [
    '{ name: first, members: { share: 100%, maxPerDepartment: 30% } }',
    '{ name: second, members: { share: 1%, maxPerDepartment: 30% } }',
    REST,
  ]
  const given = assign(waves, people)
  const counts = given.waves.map(({ members }) => [
    members.filter((id) => id.startsWith('p')).length,
    members.filter((id) => id.startsWith('l')).length,
  ])
  expect(counts).toEqual([
    [0, 0],
    [3, 1],
    [3, 1],
    [4, 0],
  ])
})

test('whose department is full in the last wave that would take them is listed, and the plan says so', () => {
  const given = assign(
    ['{ name: everyone, members: { rest: true, maxPerDepartment: 50% } }'],
    [...crowd(4, { department: 'Sales' }), person('free')],
  )
  expect(given.waves[1]?.members).toHaveLength(3)
  expect(given.outside.filter(({ reason }) => reason === 'departmentFull')).toHaveLength(2)
  expect(found(given)).toEqual([
    'warning departmentUnknown waves[1].members.maxPerDepartment: 1 person is in the wave everyone without a department: the limit does not hold for them.',
    'warning departmentOverflow waves[1].members.maxPerDepartment: 2 people are in no wave: their department is full in everyone, and no later wave takes them.',
  ])
})

test('people of a group whom its max keeps back are left for the waves after it', () => {
  const people = crowd(10)
  const given = assign(
    ['{ name: pilot, members: { group: IT, max: 4 } }', REST],
    people,
    people.map(({ id }) => id),
  )
  expect(given.waves.map(({ members }) => members.length)).toEqual([1, 4, 6])
})

test('who is kept apart from a manager goes later, or stays with a warning where nothing comes later', () => {
  const people = [person('boss'), person('ann', { managerId: 'boss' }), person('cy')]
  const pilot = '{ name: pilot, members: { group: IT, managerApart: true } }'
  const apart = assign([pilot, REST], people, ['boss', 'ann'])
  expect(apart.waves.map(({ members }) => members.length)).toEqual([1, 1, 2])
  expect(apart.findings).toEqual([])
  const other = '{ name: other, members: { users: [cy] } }'
  const together = assign([pilot, other], people, ['boss', 'ann'])
  expect(together.waves[1]?.members).toEqual(['ann', 'boss'])
  expect(found(together)).toEqual([
    'warning managerTogether waves[1].members.managerApart: The wave pilot holds people together with their manager: ann@contoso.com with boss@contoso.com.',
  ])
})

test('a directory without managers keeps nobody apart, and the plan says so', () => {
  const waves = ['{ name: half, members: { share: 100%, managerApart: true } }', REST]
  expect(found(assign(waves, crowd(3)))[0]).toBe(
    'warning managerUnknown waves[1].members.managerApart: Nobody of the wave half has a manager in the directory: nobody is kept apart.',
  )
})

test('who joins the group of a frozen wave goes with the last open one, past every share between', () => {
  const waves = [
    '{ name: pilot, members: { group: IT } }',
    '{ name: half, members: { share: 50% } }',
    '{ name: most, members: { share: 50% } }',
  ]
  const [first, ...late] = crowd(40)
  const frozen = { 'test-user': ['t1'], pilot: [first!.id] }
  const given = assign(waves, [first!, ...late], [first!.id, ...late.map(({ id }) => id)], frozen)
  expect(given.waves.map(({ members }) => members.length)).toEqual([1, 1, 0, 39])
})

test('whom the max of a frozen wave kept back did not come late, and is where a share puts them', () => {
  const waves = [
    '{ name: pilot, members: { group: IT, max: 1 } }',
    '{ name: half, members: { share: 50% } }',
    REST,
  ]
  const people = crowd(40)
  const ids = people.map(({ id }) => id)
  const before = assign(waves, people, ids)
  const frozen = { 'test-user': ['t1'], pilot: before.waves[1]!.members }
  const after = assign(waves, people, ids, frozen)
  expect(after.waves.map(({ members }) => members)).toEqual(before.waves.map(({ members }) => members))
})

test('a leaver stays in the frozen list of names, and counts in no department any more', () => {
  const people = crowd(10, { department: 'Sales' })
  const waves = [
    '{ name: pilot, members: { users: [p0] } }',
    '{ name: cap, members: { share: 100%, maxPerDepartment: 30% } }',
    REST,
  ]
  const frozen = { 'test-user': ['t1'], pilot: ['p0'] }
  expect(assign(waves, people, [], frozen).waves[2]?.members).toHaveLength(3)
  const left = people.map((one) => (one.id === 'p0' ? { ...one, accountEnabled: false } : one))
  expect(assign(waves, left, [], frozen).waves[2]?.members).toHaveLength(2)
})
