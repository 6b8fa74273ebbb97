import { expect, test } from 'vitest'
import { assignWaves } from '../../src/people/cohort.ts'
import { whyPerson } from '../../src/people/why.ts'
import { EMERGENCY, person, planOf } from './people.ts'

const ADMINS = '{ name: admins, members: administrators }'
const PILOT = '{ name: pilot, members: { group: IT } }'
const REST = '{ name: everyone, members: rest }'
const GROUPS = { groups: { Robots: ['robot'], IT: ['ann', 'boss'] } }

function withOwnPolicy(waves: string[]) {
  return planOf(waves, 'plan', 'administrators: own-policy')
}

const PEOPLE = [
  ...EMERGENCY,
  person('t1'),
  person('robot', { isAdmin: true }),
  person('boss', { isAdmin: true }),
  person('asleep', { isAdmin: true, accountEnabled: false }),
  person('riddle', { isAdmin: undefined }),
  person('ann'),
  person('ben'),
]

const membersOf = (waves: string[], frozen = {}) =>
  Object.fromEntries(
    assignWaves(withOwnPolicy(waves), PEOPLE, GROUPS, frozen).waves.map((one) => [one.wave, one.members]),
  )

test('administrators go with their own wave alone, and nobody else does, wherever it stands', () => {
  const expected = { 'test-user': ['t1'], admins: ['boss'], pilot: ['ann'], everyone: ['ben'] }
  expect(membersOf([ADMINS, PILOT, REST])).toEqual(expected)
  expect(membersOf([PILOT, REST, ADMINS])).toEqual(expected)
})

test('protected and disabled administrators, and who may be one, are in no wave', () => {
  const { outside } = assignWaves(withOwnPolicy([ADMINS, REST]), PEOPLE, GROUPS)
  expect(Object.fromEntries(outside.map(({ id, reason }) => [id, reason]))).toEqual({
    bg1: 'protectedEmergency',
    bg2: 'protectedEmergency',
    robot: 'protectedGroup',
    asleep: 'directoryRole',
    riddle: 'directoryRoleUnknown',
  })
})

test('who came too late for a frozen wave never goes with the administrators', () => {
  const waves = [PILOT, ADMINS]
  const frozen = { 'test-user': ['t1'], pilot: [] }
  expect(membersOf(waves, frozen)['admins']).toEqual(['boss'])
})

test('why an administrator is in their wave is said without calling them untouchable', () => {
  const lines = whyPerson(withOwnPolicy([ADMINS, REST]), PEOPLE, GROUPS, {}, 'boss')
  expect(lines[0]).toContain('is in the wave admins')
  expect(lines.join(' ')).toContain('who have a policy of their own; takes this person')
  expect(lines.join(' ')).not.toContain('nothing of ours may touch them')
})
