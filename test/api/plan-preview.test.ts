import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { wavegate } from '../cli/run.ts'
import { PLAN, served } from './served.ts'

const REST = `${PLAN}  - { name: everyone, members: rest }\n`
const MAILS = '  notices: { sender: it@contoso.com, before: [14d, 1d], contact: the help desk }\n'
const CAMPAIGN = '  campaign: { method: passkey, group: all_users, snooze: 3d, requireAfterSnoozes: false }\n'
const EVIL = '<script>alert("1")</script> & co'

test('a preview comes as JSON, as a page that runs nothing, and as a table of everybody; and as a command', async () => {
  const { call, tenant, server, tokens } = await served()
  tenant.world.hire({ userPrincipalName: 'aa.evil@contoso.com', displayName: EVIL })
  tenant.world.hire({ userPrincipalName: 'aa.sum@contoso.com', displayName: '=1+1' })
  const preview = (more: object = {}, headers: Record<string, string> = {}) =>
    call('POST', '/api/v1/plans/preview', { body: { plan: REST, ...more }, headers })

  const { status, body } = await preview({ names: 1 })
  expect(status).toBe(200)
  expect(body.people).toBe(62)
  expect(body.waves.map(({ name }: { name: string }) => name)).toEqual(['test-user', 'pilot', 'everyone'])
  for (const part of [...body.verdicts, ...body.untouched]) {
    expect(part.names).toHaveLength(1)
    expect(part.more).toBe(part.people - 1)
    expect(part.names[0].why).not.toBe('')
  }

  const page = await preview({ names: 1000 }, { accept: 'text/html' })
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.body).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; co')
  expect(page.body).not.toMatch(/<script|<link|<img|https?:\/\//)
  expect(page.body).toContain("default-src 'none'")

  const table = await preview({}, { accept: 'text/csv' })
  const lines = table.body.trim().split('\r\n')
  expect(lines).toHaveLength(63)
  expect(lines[0]).toContain('UserPrincipalName')
  expect(table.body).toContain("'=1+1")

  const refused = await call('POST', '/api/v1/plans/preview', { body: { plan: 'waves: []' } })
  expect(refused).toMatchObject({ status: 422, body: { code: 'planInvalid' } })
  expect((await preview({ names: -1 })).status).toBe(400)

  const folder = mkdtempSync(join(tmpdir(), 'wavegate-preview-'))
  const file = join(folder, 'preview.html')
  const env = { WAVEGATE_URL: server.url, WAVEGATE_TOKEN: tokens.viewer }
  const html = await wavegate(env, ['plan', 'preview', '-', '--html', file], REST)
  expect(html).toMatchObject({ code: 0, out: '', err: `${file} is written.\n` })
  expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>/)
  const lost = await wavegate(env, ['plan', 'preview', '-', '--html', join(folder, 'no/where.html')], REST)
  expect(lost).toMatchObject({ code: 2, err: expect.stringContaining('fileUnwritable') })
  const text = await wavegate(env, ['plan', 'preview', '-'], REST)
  expect(text.out).toContain('NEVER TOUCHED BY THIS PLAN')
  rmSync(folder, { recursive: true })
})

test('why is answered for a plan and for a rollout, by sign-in name or object id', async () => {
  const { call, draft, tenant } = await served()
  const { id } = await draft(REST)
  const inPlan = (person: string) => call('POST', '/api/v1/plans/why', { body: { plan: REST, person } })
  const tester = await inPlan('test.user@contoso.com')
  expect(tester).toMatchObject({ status: 200, body: { wave: 'test-user', displayName: 'Test User' } })
  const { personId } = tester.body
  const { body } = await call('GET', `/api/v1/people/${personId}/why?rollout=${id}`)
  const says = (view: typeof body) => [view.says, ...view.steps.map((one: { says: string }) => one.says)]
  expect(says(body)).toEqual(says(tester.body))
  const account = tenant.world.people.find(({ userPrincipalName }) => userPrincipalName.startsWith('bg1@'))
  expect((await inPlan(account?.id ?? '')).body).toMatchObject({
    wave: null,
    steps: [{ about: 'protection' }, { about: 'verdict', says: expect.stringContaining('protected') }],
  })
  expect(await inPlan('nobody@contoso.com')).toMatchObject({ status: 404, body: { code: 'personUnknown' } })
  const none = await call('GET', `/api/v1/people/${personId}/why?rollout=ro_none`)
  expect(none).toMatchObject({ status: 404, body: { code: 'rolloutNotFound' } })
})

test('whose number would be registered before the switch is said by name, and whose nobody could, with why', async () => {
  const { call, tenant } = await served({ people: 200 })
  const { body: before } = await call('POST', '/api/v1/plans/preview', { body: { plan: REST } })
  expect(before.preparing).toEqual([])
  const plan = `${REST}prepare:\n  phones: { from: directory, region: DK }\n${MAILS}${CAMPAIGN}`
  const { status, body } = await call('POST', '/api/v1/plans/preview', { body: { plan, names: 1000 } })
  expect(status).toBe(200)
  const [{ step, groups, warnings }, notices, campaign] = body.preparing
  expect(step).toBe('phones')
  expect(campaign).toMatchObject({ step: 'campaign', says: expect.stringContaining('asks everybody') })
  expect(notices).toMatchObject({ step: 'notices', says: expect.stringContaining('sooner than 14 d') })
  const members = body.waves.reduce((sum: number, one: { people: number }) => sum + one.people, 0)
  const count = (some: { people: number }[]) => some.reduce((sum, { people }) => sum + people, 0)
  expect(count(groups)).toBe(members)
  expect(count(notices.groups)).toBe(members)
  const asked = warnings.find(({ says }: { says: string }) => says.includes('(GB)'))
  expect(asked.says).toContain(
    'have a number with a warning: numbers of GB need asking for at Microsoft first',
  )
  expect(asked.names).toHaveLength(asked.people)
  const seen = await call('POST', '/api/v1/plans/preview', {
    body: { plan },
    headers: { accept: 'text/html' },
  })
  expect(seen.body).toContain('numbers of GB need asking for')
  const none = groups.filter(({ says }: { says: string }) => says.startsWith('get none'))
  expect(none.length).toBeGreaterThan(0)
  const numbers = tenant.world.people.map(({ mobilePhone }) => mobilePhone).filter(Boolean)
  expect(numbers.length).toBeGreaterThan(50)
  for (const number of numbers) expect(JSON.stringify(body)).not.toContain(number)
  const calls = body.calls.rows.filter(({ what }: { what: string }) => what.startsWith('numbers'))
  expect(calls.length).toBeGreaterThan(0)
  expect(tenant.world.journal.entries).toEqual([])
})
