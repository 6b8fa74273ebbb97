import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PLAN } from '../api/served.ts'
import { wavegate } from './run.ts'

const EXAMPLE = join(import.meta.dirname, '../../rollout.example.yaml')

test('a good plan passes lint, with its hash', async () => {
  const ran = await wavegate({}, ['plan', 'lint', EXAMPLE])
  expect(ran).toMatchObject({ code: 0, err: '' })
  expect(ran.out).toMatch(/good\. Plan hash [0-9a-f]{64}\n$/)
})

test('a bad plan is refused with file, line, column, code and hint', async () => {
  const bad = PLAN.replace('Europe/Copenhagen', 'Europe/Kopenhagen')
  const ran = await wavegate({}, ['plan', 'lint', '-'], bad)
  expect(ran.code).toBe(2)
  expect(ran.out).toMatch(/^-:4:11: error unknownZone: .+\n {4}.+\n-: refused, 1 to mend\.\n$/)
  const json = JSON.parse((await wavegate({}, ['plan', 'lint', '-', '--json'], bad)).out)
  expect(json).toMatchObject({ ok: false, problems: [{ code: 'unknownZone', line: 4, column: 11 }] })
})

test('the schema of a plan is JSON', async () => {
  const { out } = await wavegate({}, ['plan', 'schema'])
  expect(JSON.parse(out)).toHaveProperty('properties.waves')
})

test.each([
  [['rollout', 'shwo'], 'unknown command'],
  [['rollout', 'pause', 'ro_1'], '--reason'],
  [['rollout', 'reject', 'ro_1', '--reason', 'x'], '--wave'],
  [['rollout', 'rollback', 'ro_1', '--reason', 'x', '--wave', 'a', '--person', 'b'], 'cannot be used with'],
  [['token', 'create', '--for', 'ann', '--role', 'king'], 'Allowed choices'],
  [['rollout', 'watch', 'ro_1', '--timeout', 'soon'], '90s'],
])('wrong usage ends with 2 and says what is wrong: %j', async (args, said) => {
  const ran = await wavegate({}, args)
  expect(ran.code).toBe(2)
  expect(ran.err).toContain(said)
})

test('help is no error', async () => {
  const ran = await wavegate({}, ['--help'])
  expect(ran.code).toBe(0)
  expect(ran.out).toContain('Exit codes')
})

test('a plan that is not there, or is no file, is told by name', async () => {
  for (const file of ['/nowhere/plan.yaml', '/']) {
    const ran = await wavegate({}, ['plan', 'lint', file])
    expect(ran.code).toBe(2)
    expect(ran.err).toContain(`error fileUnreadable: ${file} cannot be read`)
  }
})

test('where there is neither server nor database, looking makes none', async () => {
  const ran = await wavegate({ WAVEGATE_DB: '/tmp/wavegate-is-not-here.db' }, ['rollout', 'list'])
  expect(ran.code).toBe(1)
  expect(ran.err).toContain('error databaseMissing: There is no database /tmp/wavegate-is-not-here.db')
})

test('a server that does not answer is told by its address', async () => {
  const ran = await wavegate({ WAVEGATE_URL: 'http://127.0.0.1:9' }, ['rollout', 'list'])
  expect(ran.code).toBe(1)
  expect(ran.err).toContain('error serverUnreachable: http://127.0.0.1:9 does not answer')
})
