import { expect, test } from 'vitest'
import { assignWaves } from '../../src/people/cohort.ts'
import { readPeopleFile } from '../../src/people/csv-people.ts'
import type { Person } from '../../src/people/person.ts'
import { compilePlan } from '../../src/plan/compile.ts'
import { loadPlan } from '../../src/plan/load.ts'
import { EMERGENCY, person } from './people.ts'

const DIGEST = `sha256:${'0'.repeat(64)}`

function assign(
  csv: string,
  { waves = ['members: { csv: list.csv }'], people = [] as Person[], groups = {}, frozen = {} } = {},
) {
  const loaded = loadPlan(
    `
version: 1
name: plan
timezone: UTC
enforce: { by: conditional-access, group: MFA, policy: Require MFA }
protect: { emergencyAccounts: [bg1@contoso.com, bg2@contoso.com], groups: [Robots] }
waves:
  - { name: test-user, members: { users: [t1@contoso.com] } }
${waves.map((wave, index) => `  - { name: w${index + 1}, ${wave} }`).join('\n')}
`,
    undefined,
    { 'list.csv': DIGEST },
  )
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const plan = compilePlan(loaded.plan, { 'list.csv': DIGEST })
  const files = { [DIGEST]: readPeopleFile(new TextEncoder().encode(csv)) }
  const all = [...EMERGENCY, person('t1'), ...people]
  return assignWaves(plan, all, { groups: { Robots: [], ...groups }, files }, frozen)
}

const ABC = ['a', 'b', 'c'].map((id) => person(id))
const said = (given: ReturnType<typeof assign>) =>
  given.findings.map(({ code, severity, message }) => `${severity} ${code}: ${message}`)

test('a file names people by sign-in name or object id, in any case of letters', () => {
  const given = assign('Username\nA@contoso.com\nb\n', { people: ABC })
  expect(given.waves[1]?.members).toEqual(['a', 'b'])
  expect(given.findings).toEqual([])
})

test('the object id finds the person; a sign-in name that is another’s is told', () => {
  const given = assign('id,UPN\na,\nb,c@contoso.com\ngone,c@contoso.com\n', { people: ABC })
  expect(given.waves[1]?.members).toEqual(['a'])
  expect(said(given)).toEqual([
    'error csvPersonMissing: list.csv:4: there is no gone in the tenant.',
    'error csvPersonAmbiguous: list.csv:3: the id b and the sign-in name c@contoso.com are two people.',
  ])
})

test('rows that lower, stand twice, or name nobody refuse the plan, each with its line', () => {
  const given = assign('UPN,State\na,Enabled\na,Enforced\nb,Disabled\nc,Disabled\nx,Enabled\n,Enabled\n', {
    people: ABC,
  })
  expect(said(given)).toEqual([
    'error csvLowering: list.csv:4: 2 rows say Disabled, the first here; lowering is only ever a restore.',
    'error csvPersonMissing: list.csv:6: there is no x in the tenant.',
    'error csvPersonMissing: list.csv:7: nobody is named.',
    'error csvPersonTwice: list.csv:3: a stands in line 2 already.',
  ])
})

test('whoever must never be in a wave refuses the plan; who cannot be in one now is left out', () => {
  const people = [
    person('admin', { isAdmin: true }),
    person('robot'),
    person('off', { accountEnabled: false }),
    person('ok'),
  ]
  const csv = 'UPN\nbg1\nadmin\nrobot\noff\nt1\nok\n'
  const given = assign(csv, { people, groups: { Robots: ['robot'] } })
  expect(given.findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'error emergencyAccountInWave',
    'error privilegedInWave',
    'error protectedInWave',
    'warning disabledInWave',
    'error personInTwoWaves',
  ])
  expect(given.waves[1]?.members).toEqual(['ok'])
  expect(given.waves[1]?.excluded).toContainEqual({ id: 'off', reason: 'disabledAccount' })
})

test('many rows of one kind are told by twenty lines and a number', () => {
  const lines = Array.from({ length: 50 }, (_, index) => `x${index}@contoso.com`)
  const given = assign(`UPN\na\n${lines.join('\n')}\n`, { people: ABC })
  const missing = given.findings.filter(({ code }) => code === 'csvPersonMissing')
  expect(missing).toHaveLength(21)
  expect(missing.at(-1)?.message).toBe('list.csv:23: 30 more of the same, from this line on.')
})

test('an earlier wave leaves whom a file names to the wave that names them', () => {
  const given = assign('UPN\na\n', {
    waves: ['members: { group: G }', 'members: { csv: list.csv }', 'members: rest'],
    people: ABC,
    groups: { G: ['a', 'b'] },
  })
  expect(given.waves.map(({ members }) => members)).toEqual([['t1'], ['b'], ['a'], ['c']])
  expect(given.waves[1]?.elsewhere).toEqual([{ id: 'a', wave: 'w2', reason: 'namedWave' }])
})

test('whom a limit keeps back goes with a later wave, as of any other source', () => {
  const department = { department: 'Sales' }
  const people = ['a', 'b', 'c', 'd'].map((id) => person(id, department))
  for (const limit of ['max: 2', 'maxPerDepartment: 50%']) {
    const given = assign('UPN\na\nb\nc\nd\n', {
      waves: [`members: { csv: list.csv, ${limit} }`, 'members: rest'],
      people,
    })
    expect(given.waves[1]?.members, limit).toHaveLength(2)
    expect([...(given.waves[1]?.members ?? []), ...(given.waves[2]?.members ?? [])].toSorted()).toEqual([
      'a',
      'b',
      'c',
      'd',
    ])
    const late = given.waves[2]?.members[0] as string
    const rules = given.reasons(late).flatMap((one) => (one.kind === 'wave' ? one.verdict.is : []))
    expect(rules).toEqual(['named', 'cut', 'taken'])
  }
})

test('managers and their reports are kept apart in a file too', () => {
  const people = [person('boss'), person('a', { managerId: 'boss' })]
  const given = assign('UPN\na\nboss\n', {
    waves: ['members: { csv: list.csv, managerApart: true }', 'members: rest'],
    people,
  })
  expect(given.waves[1]?.members).toHaveLength(1)
  expect(given.waves[2]?.members).toHaveLength(1)
})

test('who was missing when a wave of a file was frozen goes with the last open wave', () => {
  const given = assign('UPN\na\nb\n', {
    waves: ['members: { csv: list.csv }', 'members: rest'],
    people: ABC,
    frozen: { 'test-user': ['t1'], w1: ['a'] },
  })
  expect(given.waves.map(({ members }) => members)).toEqual([['t1'], ['a'], ['b', 'c']])
})

test('an export of HR makes a wave: by mail, by a second address with a warning, by employee id', () => {
  const people = [
    person('a', { mail: 'ann@contoso.com' }),
    person('b', { addresses: ['SMTP:b@contoso.com', 'smtp:bo@contoso.com'] }),
    person('c', { employeeId: '7' }),
  ]
  const given = assign('UPN,E-mail,Employee ID\n,Ann@contoso.com,\nbo@contoso.com,,\n,,7\n', { people })
  expect(given.waves[1]?.members).toEqual(['a', 'b', 'c'])
  expect(said(given)).toEqual([
    'warning csvPersonByAlias: list.csv:3: bo@contoso.com is an address of b@contoso.com, who is taken.',
  ])
})

test('a name alone is a question, and an address of two people is nobody’s', () => {
  const people = [
    person('a', { displayName: 'Ann Lee', mail: 'shared@contoso.com' }),
    person('b', { displayName: 'Lee, Ann', mail: 'shared@contoso.com' }),
  ]
  const given = assign('Name,E-mail\nAnn Lee,\n,shared@contoso.com\n', { people })
  expect(said(given)).toEqual([
    'error csvPersonAmbiguous: list.csv:2: Ann Lee may be a@contoso.com or b@contoso.com; a name alone decides nothing.',
    'error csvPersonAmbiguous: list.csv:3: several people have the mail address shared@contoso.com.',
    'error emptyWave: The wave w1 is empty.',
  ])
})

test('two rows that give a person different numbers are told with both lines, the numbers masked', () => {
  const given = assign('UPN,Mobile\na,+45 20123456\na,+4520123457\n', { people: ABC })
  expect(said(given)).toContain(
    'error csvContradiction: list.csv:3: the mobile number of a@contoso.com is +45 *** 457 here and another in list.csv:2 (+45 *** 456).',
  )
})

test('a list of tokens is no list of people', () => {
  const csv = 'upn,serial number,secret key,time interval,manufacturer,model\na,1,AAAA,30,Contoso,Key\n'
  expect(said(assign(csv, { people: ABC }))).toEqual([
    'error csvWrongKind: list.csv:1: This is a vendor’s list of hardware tokens with their secrets, not a list of people.',
  ])
})
