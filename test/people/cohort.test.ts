import { expect, test } from 'vitest'
import { assignWaves } from '../../src/people/cohort.ts'
import { EMERGENCY, person, planOf } from './people.ts'

const REST = '{ name: everyone, members: rest }'
const PILOT = '{ name: pilot, members: { group: IT } }'

function refusals(waves: string[], people: ReturnType<typeof person>[], groups = {}) {
  const given = assignWaves(planOf(waves), [...EMERGENCY, ...people], {
    groups: { Robots: [], IT: [], ...groups },
  })
  return given.findings
    .filter((finding) => finding.severity === 'error')
    .map(({ code, path, message }) => ({ code, path, message }))
}

test('everybody is in one wave, or is listed with the reason why not', () => {
  const people = [
    ...EMERGENCY,
    person('t1'),
    person('robot'),
    person('boss', { isAdmin: true }),
    person('riddle', { isAdmin: undefined }),
    person('left', { accountEnabled: false }),
    person('visitor', { userType: 'Guest' }),
    person('ann'),
    person('ben'),
  ]
  const given = assignWaves(planOf([PILOT, REST]), people, {
    groups: { Robots: ['robot'], IT: ['ann', 't1', 'boss', 'a-device'] },
  })
  expect(given.waves.map(({ cut, ...cohort }) => cohort)).toEqual([
    { wave: 'test-user', members: ['t1'], elsewhere: [], excluded: [] },
    {
      wave: 'pilot',
      members: ['ann'],
      elsewhere: [{ id: 't1', wave: 'test-user', reason: 'earlierWave' }],
      excluded: [{ id: 'boss', reason: 'directoryRole' }],
    },
    { wave: 'everyone', members: ['ben'], elsewhere: [], excluded: [] },
  ])
  expect(given.outside).toEqual([
    { id: 'bg1', reason: 'protectedEmergency' },
    { id: 'bg2', reason: 'protectedEmergency' },
    { id: 'boss', reason: 'directoryRole' },
    { id: 'left', reason: 'disabledAccount' },
    { id: 'riddle', reason: 'directoryRoleUnknown' },
    { id: 'robot', reason: 'protectedGroup' },
    { id: 'visitor', reason: 'guest' },
  ])
  expect(given.findings).toEqual([])
})

test('a person who is named waits for the wave that names them, even where a group of an earlier wave holds them', () => {
  const plan = planOf([PILOT, '{ name: bosses, members: { users: [ann@contoso.com] } }', REST])
  const given = assignWaves(plan, [...EMERGENCY, person('t1'), person('ann'), person('ben'), person('cy')], {
    groups: { Robots: [], IT: ['ann', 'ben'] },
  })
  expect(given.waves.map((wave) => wave.members)).toEqual([['t1'], ['ben'], ['ann'], ['cy']])
  expect(given.waves[1]?.elsewhere).toEqual([{ id: 'ann', wave: 'bosses', reason: 'namedWave' }])
})

test.each([
  ['privileged', { isAdmin: true }, 'privilegedInWave'],
  ['perhaps privileged', { isAdmin: undefined }, 'privilegedInWave'],
  ['disabled', { accountEnabled: false }, 'disabledInWave'],
  ['a guest', { userType: 'Guest' as const }, 'guestInWave'],
])('a wave that names somebody who is %s is refused', (_what, over, code) => {
  const found = refusals([REST], [person('t1', over), person('ann')])
  expect(found[0]).toMatchObject({ code, path: 'waves[0].members.users[0]' })
})

test('a wave that names a member of a protected group is refused', () => {
  const found = refusals([REST], [person('t1'), person('ann')], { Robots: ['t1'] })
  expect(found[0]).toMatchObject({ code: 'protectedInWave', path: 'waves[0].members.users[0]' })
})

test('an emergency account is recognised by object id where the wave uses the id', () => {
  const found = refusals(['{ name: more, members: { users: [bg1] } }', REST], [person('t1'), person('ann')])
  expect(found[0]).toMatchObject({ code: 'emergencyAccountInWave', path: 'waves[1].members.users[0]' })
})

test('one person under sign-in name and object id is one person', () => {
  const waves = ['{ name: more, members: { users: [ann@contoso.com, ANN] } }', REST]
  expect(refusals(waves, [person('t1'), person('ann')])[0]).toMatchObject({
    code: 'personInTwoWaves',
    path: 'waves[1].members.users[1]',
  })
})

test('people and groups that do not exist are refused, protected ones too', () => {
  const plan = planOf([PILOT, REST])
  const found = assignWaves(plan, [person('bg1'), person('ann')], { groups: { IT: 'ambiguous' } }).findings
  expect(found.map(({ code, path }) => `${code} ${path}`)).toEqual([
    'unknownPerson protect.emergencyAccounts[1]',
    'unknownGroup protect.groups[0]',
    'unknownPerson waves[0].members.users[0]',
    'emptyWave waves[0].members',
    'ambiguousGroup waves[1].members.group',
    'emptyWave waves[1].members',
  ])
})

test('a group without anybody refuses the plan, a share that catches nobody only warns', () => {
  const plan = planOf([PILOT, '{ name: tenth, members: { share: 0.01% } }', REST])
  const given = assignWaves(plan, [...EMERGENCY, person('t1')], { groups: { Robots: [], IT: ['t1'] } })
  expect(given.findings.map(({ code, path, severity }) => `${severity} ${code} ${path}`)).toEqual([
    'error emptyWave waves[1].members',
    'warning emptyWave waves[2].members',
    'warning emptyWave waves[3].members',
  ])
})

test('a frozen wave keeps its people, and a newcomer goes to what is still open', () => {
  const plan = planOf([
    '{ name: tenth, members: { share: 10% } }',
    '{ name: most, members: { share: 80% } }',
    REST,
  ])
  const before = Array.from({ length: 200 }, (_, index) => person(`p${index}`))
  const first = assignWaves(plan, [...EMERGENCY, person('t1'), ...before], { groups: { Robots: [] } })
  const tenth = first.waves[1]!.members
  const newcomers = Array.from({ length: 200 }, (_, index) => person(`n${index}`))
  const frozen = { 'test-user': ['t1'], tenth }
  const people = [...EMERGENCY, person('t1'), ...before, ...newcomers]
  const later = assignWaves(plan, people, { groups: { Robots: [] } }, frozen)
  expect(later.waves[1]!.members).toEqual(tenth)
  expect(later.waves.flatMap((wave) => wave.members).length).toBe(401)
})
