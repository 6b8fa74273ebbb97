import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { writeLockNote } from '../../src/store/lock.ts'
import { PLAN, type Served, served } from '../api/served.ts'
import { wavegate } from './run.ts'

function planFile({ config }: Served, plan = PLAN): string {
  const file = `${config.db}.plan.yaml`
  writeFileSync(file, plan)
  return file
}

test('over the network: each person with a token of their own, from draft to the first approval', async () => {
  const all = await served()
  const as = (role: keyof Served['tokens']) => ({
    WAVEGATE_URL: all.server.url,
    WAVEGATE_TOKEN: all.tokens[role],
  })
  const made = await wavegate(as('changeManager'), ['rollout', 'create', planFile(all)])
  expect(made.code).toBe(0)
  const id = /ro_[0-9a-f]+/.exec(made.out)?.[0] ?? ''

  const weak = await wavegate(as('viewer'), ['rollout', 'start', id, '--reason', 'go'])
  expect(weak).toMatchObject({
    code: 1,
    err: expect.stringContaining('error roleTooWeak: viewer@contoso.com is viewer'),
  })

  const watching = wavegate(as('viewer'), ['rollout', 'watch', id])
  const start = await wavegate(as('changeManager'), [
    'rollout',
    'start',
    id,
    '--reason',
    'the change was agreed',
  ])
  expect(start.code).toBe(0)
  expect(start.err).toContain('Seen just now: rollout mfa-test is draft')
  expect(start.out).toContain('Now: rollout mfa-test is running')

  const stale = await wavegate(as('changeManager'), [
    'rollout',
    'resume',
    id,
    '--reason',
    'x',
    '--if-match',
    'old',
  ])
  expect(stale).toMatchObject({ code: 6, err: expect.stringContaining('error ifMatchStale') })

  const shown = JSON.parse((await wavegate(as('viewer'), ['rollout', 'show', id, '--json'])).out)
  expect(shown).toMatchObject({ id, state: 'running', startedBy: 'changeManager@contoso.com' })

  const abort = await wavegate(as('onCall'), ['rollout', 'abort', id, '--reason', 'enough seen', '--json'])
  expect(JSON.parse(abort.out)).toMatchObject({ verb: 'abort', changed: true })
  const watched = await watching
  expect(watched.code).toBe(4)
  expect(watched.out).toMatch(
    /rollout\.draft .*\n[\s\S]*verb\.start .*the change was agreed\n[\s\S]*rollout\.aborted /,
  )
  expect((await wavegate(as('viewer'), ['rollout', 'show', id])).code).toBe(4)
}, 60_000)

test('on the machine itself: through the local socket, without a token', async () => {
  const all = await served()
  const env = { WAVEGATE_DB: all.config.db }
  expect((await wavegate(env, ['rollout', 'list'])).err).toContain('There is no rollout yet')
  const made = JSON.parse((await wavegate(env, ['rollout', 'create', planFile(all), '--json'])).out)
  const { id, createdBy } = made.rollout
  expect(createdBy).toMatch(/@localhost$/)
  expect((await wavegate(env, ['rollout', 'list'])).out).toMatch(
    new RegExp(`^ID +NAME[^\\n]*\\n${id} +mfa-test +draft`),
  )
  expect((await wavegate(env, ['rollout', 'pause', id, '--reason', 'x'])).code).toBe(6)
  expect((await wavegate(env, ['rollout', 'explain', id])).out).toContain(
    'Possible now: start, abort, adopt.',
  )
  expect((await wavegate(env, ['rollout', 'watch', id, '--timeout', '1s'])).code).toBe(7)
  expect((await wavegate(env, ['rollout', 'gates', id, 'none'])).err).toContain('error waveNotFound')
  expect((await wavegate(env, ['person', 'show', id, 'nobody@contoso.com'])).err).toContain(
    'error personNotFound',
  )
}, 60_000)

test('nobody serves: the database is opened by the command itself', async () => {
  const all = await served()
  const token = await wavegate({ WAVEGATE_DB: all.config.db }, [
    'token',
    'create',
    '--for',
    'ann',
    '--role',
    'viewer',
  ])
  expect(token.out).toMatch(/^wg_\S+\n$/)
  const { id } = await all.draft()
  await all.server.close()
  // As a server leaves it that was killed.
  writeLockNote(all.config.db, { pid: 1, socket: '/tmp/wavegate-nobody.sock' })
  const env = {
    WAVEGATE_DB: all.config.db,
    AZURE_TENANT_ID: all.config.tenantId,
    AZURE_CLIENT_ID: all.config.clientId,
    AZURE_CLIENT_SECRET: all.secrets.clientSecret,
  }
  expect((await wavegate(env, ['rollout', 'list'])).out).toContain(id)
  const aborted = await wavegate(env, ['rollout', 'abort', id, '--reason', 'not this year'])
  expect(aborted).toMatchObject({ code: 0, out: expect.stringContaining('is aborted') })
  const watched = await wavegate(env, ['rollout', 'watch', id])
  expect(watched).toMatchObject({ code: 4, out: expect.stringContaining('not this year') })
  const listed = JSON.parse((await wavegate(env, ['token', 'list', '--json'])).out)
  expect(listed.tokens).toContainEqual(expect.objectContaining({ person: 'ann', role: 'viewer' }))
}, 60_000)

test('a plan that the tenant refuses is told by file, line and column', async () => {
  const all = await served()
  const file = planFile(all, PLAN.replace('IT department', 'IT departement'))
  const ran = await wavegate({ WAVEGATE_DB: all.config.db }, ['rollout', 'create', file])
  expect(ran.code).toBe(2)
  expect(ran.err).toMatch(
    /plan\.yaml:\d+:\d+: error unknownGroup: .+\n {4}.+\nerror planInvalid: The plan is refused/,
  )
}, 60_000)
