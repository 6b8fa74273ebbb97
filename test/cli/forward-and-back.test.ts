import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { PLAN, served } from '../api/served.ts'
import { openStream } from '../api/streams.ts'
import { wavegate } from './run.ts'

const ENTRY = join(import.meta.dirname, '../../src/cli/wavegate.js')

test('watched to its end, a rollout goes forward with its approvals and back with one command', async () => {
  const all = await served()
  const { server, tokens } = all
  const as = (role: keyof typeof tokens) => ({ WAVEGATE_URL: server.url, WAVEGATE_TOKEN: tokens[role] })
  const plan = `${all.config.db}.plan.yaml`
  writeFileSync(plan, PLAN)
  const made = await wavegate(as('changeManager'), ['rollout', 'create', plan, '--json'])
  const { id } = JSON.parse(made.out).rollout

  const stream = await openStream(`${server.url}/api/v1/rollouts/${id}/events`, {
    authorization: `Bearer ${tokens.viewer}`,
  })
  const watching = wavegate(as('viewer'), ['rollout', 'watch', id, '--json', '--timeout', '2m'])
  await wavegate(as('changeManager'), ['rollout', 'start', id, '--reason', 'go'])
  for (const wave of ['test-user', 'pilot']) {
    await stream.until((event) => event.type === 'wave.awaitingApproval' && event.wave === wave)
    const approved = await wavegate(as('approver'), [
      'rollout',
      'approve',
      id,
      '--wave',
      wave,
      '--reason',
      'looks right',
    ])
    expect(approved.code, approved.err).toBe(0)
  }
  const watched = await watching
  const lines = watched.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const seqs = lines.slice(0, -1).map(({ seq }) => seq)
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  expect(new Set(seqs).size).toBe(seqs.length)
  expect(lines.at(-1)).toMatchObject({ id, state: expect.stringMatching(/^completed/) })
  expect(watched.code).toBe(0)

  const members = await wavegate(as('viewer'), ['rollout', 'members', id, 'test-user'])
  expect(members.out).toMatch(/test\.user@contoso\.com +done/)
  const person = await wavegate(as('helpDesk'), ['person', 'show', id, 'test.user@contoso.com'])
  expect(person.out).toContain('wave test-user')
  expect((await wavegate(as('viewer'), ['rollout', 'gates', id, 'test-user'])).out).toContain('lockedOut: ')

  const dry = await wavegate(as('onCall'), ['rollout', 'rollback', id, '--reason', 'what if', '--dry-run'])
  expect(dry.out).toMatch(/Would: /)
  const back = await wavegate(as('onCall'), ['rollout', 'rollback', id, '--reason', 'too many calls'])
  expect(back.code, back.err).toBe(0)
  const end = await wavegate(as('viewer'), ['rollout', 'show', id, '--watch', '--timeout', '2m'])
  expect(end.code).toBe(5)
  expect(end.out).toContain('rolled back')
  stream.hangUp()
}, 120_000)

const HAS_TERMINAL = spawnSync('script', ['--version']).status === 0

test.skipIf(!HAS_TERMINAL)(
  'on a terminal the tree is drawn in colour, and without it where NO_COLOR asks',
  async () => {
    const all = await served()
    const { id } = await all.draft()
    const onTerminal = async (env: Record<string, string>) => {
      const line = `${process.execPath} ${ENTRY} rollout show ${id}`
      const { PATH = '', HOME = '' } = process.env
      const child = spawn('script', ['-qec', line, '/dev/null'], {
        env: { PATH, HOME, WAVEGATE_DB: all.config.db, ...env },
      })
      child.stdin.end()
      return await text(child.stdout)
    }
    const coloured = await onTerminal({ TERM: 'xterm' })
    expect(coloured).toContain('\u001b[')
    expect(stripVTControlCharacters(coloured)).toContain('draft, not started')
    expect(await onTerminal({ TERM: 'xterm', NO_COLOR: '1' })).not.toContain('\u001b[')
  },
  60_000,
)
