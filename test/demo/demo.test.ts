import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Role } from '../../src/service/verbs.ts'
import type { EventView } from '../../src/service.ts'
import { wavegate } from '../cli/run.ts'
import { exampleText } from '../plan/plan-text.ts'
import { told } from './told.ts'

// Whole processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'wavegate-demo-test-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

test('the demo turns MFA on for everybody who is ready, names who is left over, and is done', async () => {
  const ran = await wavegate({}, ['demo', '--once', '--people', '90'])
  expect(ran.err).toBe('')
  expect(ran.code).toBe(0)
  expect(ran.out).toContain('mfa-2027 (CHG0012345')
  expect(ran.out).toContain('completed with leftovers')
  const [, many] = /^Left over: (\d+) people are not under MFA by this rollout\.$/m.exec(ran.out) ?? []
  const named = [
    ...ran.out.matchAll(/^ {2}[\w-]+, (?:notReady|away|legacyClient|question) \((\d+)\): (.+)$/gm),
  ]
  const counted = named.reduce((sum, [, count]) => sum + Number(count), 0)
  expect(counted).toBe(Number(many))
  for (const [, count, names] of named) expect(names?.split(', ')).toHaveLength(Number(count))
})

test('as JSON it says addresses and tokens first, then an event a line, and at last how it ended', async () => {
  const ran = await wavegate({}, ['demo', '--once', '--people', '60', '--json'])
  expect(ran.code).toBe(0)
  const { addresses, events, end } = told(ran.out)
  expect(Object.keys(addresses)).toEqual(['api', 'graph', 'tenant', 'token', 'tokens'])
  expect(addresses.api).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(addresses.graph).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(addresses.tenant).toMatch(/^https:\/\/localhost:\d+$/)
  expect(Object.keys(addresses.tokens).toSorted()).toEqual(Role.options.toSorted())
  expect(addresses.token).toBe(addresses.tokens.onCall)
  const seqs = events.map(({ seq }) => seq)
  // Between them lie those of no rollout: what was read of people.
  expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b))
  expect(events[0]?.type).toBe('rollout.draft')
  expect(events.at(-1)?.type).toBe('rollout.completedWithLeftovers')
  expect(end).toMatchObject({ state: 'completedWithLeftovers', phase: 'Healthy', holds: [] })
  expect(end.leftovers).toBeGreaterThan(0)
})

test('with bad numbers a wave spends its budget, is taken back, and then everything: exit code 5', async () => {
  const ran = await wavegate({}, ['demo', '--once', '--people', '300', '--scenario', 'bad-numbers', '--json'])
  expect(ran.code).toBe(5)
  const { events, end } = told(ran.out)
  const kinds = events
    .filter(({ type }) => type === 'hold.placed')
    .map(({ data }) => (data.hold as { kind: string }).kind)
  expect(kinds).toEqual(['budgetSpent', 'waveRolledBack'])
  expect(events.map(({ type }) => type)).toContain('member.lockedOut')
  expect(end.state).toBe('rolledBack')
  expect(end.waves.filter(({ counts }) => counts.inPlace > 0)).toEqual([])
})

test('one seed tells one story, another seed another', async () => {
  const story = async (seed: string) => {
    const ran = await wavegate({}, ['demo', '--once', '--people', '60', '--seed', seed, '--json'])
    expect([0, 3], ran.err).toContain(ran.code)
    return told(ran.out).events.map(withoutIds)
  }
  const first = await story('5')
  expect(await story('5')).toEqual(first)
  expect(await story('6')).not.toEqual(first)
})

/** Ids of rollouts and requests are drawn anew each time; all else follows from the seed. */
function withoutIds({ rollout, data, ...event }: EventView) {
  const { requestId, clientRequestId, ...rest } = data
  return { ...event, rollout: rollout !== null, data: rest }
}

test('a wrong plan is refused with its place in the file, and nothing is left behind', async () => {
  const plan = join(folder(), 'wrong.yaml')
  writeFileSync(plan, exampleText().replace('timezone: Europe/Copenhagen', 'timezone: Europe/Kopenhagen'))
  const db = join(folder(), 'demo.db')
  const ran = await wavegate({}, ['demo', '--once', '--people', '60', '--plan', plan, '--db', db])
  expect(ran.code).toBe(2)
  expect(ran.err).toContain(`${plan}:5:11: error unknownZone: `)
  expect(ran.err).toContain('error planInvalid: ')
  expect(ran.out).toBe('')
  expect(existsSync(db)).toBe(false)
})

test('a database that exists is not written over; a new one stays', async () => {
  const db = join(folder(), 'demo.db')
  const first = await wavegate({}, ['demo', '--once', '--people', '30', '--db', db, '--json'])
  const { end } = told(first.out)
  expect(existsSync(db)).toBe(true)
  const again = await wavegate({}, ['demo', '--once', '--people', '30', '--db', db])
  expect(again).toMatchObject({ code: 1, out: '' })
  expect(again.err).toContain('exists already')
  const shown = await wavegate({ WAVEGATE_DB: db }, ['rollout', 'show', end.id, '--json'])
  expect(JSON.parse(shown.out)).toMatchObject({ id: end.id, state: end.state })
})
