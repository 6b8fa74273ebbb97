import { expect, test } from 'vitest'
import type { Person } from '../../src/people/person.ts'
import { whyPerson } from '../../src/people/why.ts'
import { EMERGENCY, person, planOf } from './people.ts'

const PLAN = planOf(
  [
    '{ name: pilot, members: { group: IT, spread: department, max: 2 } }',
    '{ name: sellers, members: { filter: { department: [Sales, Legal], country: DK }, managerApart: true } }',
    '{ name: named, members: { users: [nora] } }',
    '{ name: wave-1, members: { share: 30%, maxPerDepartment: 30% } }',
    '{ name: wave-2, members: { share: 40% } }',
    '{ name: everyone, members: rest }',
  ],
  'mfa-2027',
)

const PEOPLE: Person[] = [
  ...EMERGENCY,
  person('t1'),
  person('ida', { department: 'IT' }),
  person('ivo', { department: 'Network' }),
  person('ian', { department: 'IT' }),
  person('boss', { department: 'Sales', country: 'DK' }),
  person('sam', { department: 'Sales', country: 'DK', managerId: 'boss' }),
  person('sue', { department: 'Sales', country: 'SE' }),
  person('nora'),
  person('robot'),
  person('gone', { accountEnabled: false }),
  ...Array.from({ length: 12 }, (_, index) => person(`r${index}`, { department: 'Research' })),
]

const GROUPS = { groups: { Robots: ['robot'], IT: ['ida', 'ivo', 'ian'] } }
const FROZEN = {
  'test-user': ['t1'],
  pilot: ['ida', 'ivo'],
  sellers: ['boss', 'sam', 'left'],
  named: ['nora'],
  'wave-2': ['r1'],
}

test('the plan’s answer to "why" is told wave by wave', async () => {
  const text = (frozen: Record<string, string[]>, ids: string[]) =>
    ids.map((id) => whyPerson(PLAN, PEOPLE, GROUPS, frozen, id).join('\n  ')).join('\n')
  const some = [
    'bg1',
    't1',
    'ida',
    'ian',
    'boss',
    'sam',
    'sue',
    'nora',
    'robot',
    'gone',
    'r10',
    'r11',
    'nobody',
  ]
  await expect(`${text({}, some)}\n`).toMatchFileSnapshot('why.golden.txt')
  await expect(`${text(FROZEN, ['ida', 'ian', 'r3', 'r11', 'left'])}\n`).toMatchFileSnapshot(
    'why.frozen.golden.txt',
  )
})

test('the answer is the same by sign-in name', () => {
  expect(whyPerson(PLAN, PEOPLE, GROUPS, {}, 'SAM@contoso.com')).toEqual(
    whyPerson(PLAN, PEOPLE, GROUPS, {}, 'sam'),
  )
})

test('who stays in no wave since a department is full, and who goes together with a manager, reads why', () => {
  const people = [
    ...EMERGENCY,
    person('t1'),
    person('boss', { department: 'Sales' }),
    person('ann', { department: 'Sales', managerId: 'boss' }),
    person('ben', { department: 'Legal' }),
  ]
  const why = (wave: string, id: string) =>
    whyPerson(planOf([wave, '{ name: last, members: { users: [ben] } }']), people, GROUPS, {}, id).slice(-2)
  expect(why('{ name: all, members: { share: 100%, maxPerDepartment: 50% } }', 'ann')).toEqual([
    'last: takes people by name; this person is not among them.',
    'No later wave takes whom a full department kept back.',
  ])
  expect(why('{ name: all, members: { share: 100%, managerApart: true } }', 'ann').at(-1)).toBe(
    'all: takes 100 % of all who are left, buckets 0 to 9999; takes this person together with boss@contoso.com, since no later wave would.',
  )
})
