import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { PLAN, type Served, served } from '../api/served.ts'
import { wavegate } from './run.ts'

const WITH_FILE = PLAN.replace('{ group: IT department }', '{ csv: pilot.csv }')

/** A folder with a plan and the file it names. */
function folder(all: Served, csv: string, plan = WITH_FILE): string {
  const place = join(dirname(all.config.db), 'plans')
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'pilot.csv'), csv)
  writeFileSync(join(place, 'plan.yaml'), plan)
  return place
}

function listOf({ tenant }: Served, count: number): string {
  const people = tenant.world.people.filter(
    (one) => one.index !== 2 && one.kind === 'member' && one.roles.length === 0 && !one.unreported,
  )
  return `UPN;MFA Status\r\n${people
    .slice(0, count)
    .map(({ userPrincipalName }) => `${userPrincipalName};Enabled\r\n`)
    .join('')}`
}

test('a plan with its file is checked, made a draft, compared and revised', async () => {
  const all = await served()
  const place = folder(all, listOf(all, 5))
  const file = join(place, 'plan.yaml')
  const env = { WAVEGATE_URL: all.server.url, WAVEGATE_TOKEN: all.tokens.changeManager }
  const lint = await wavegate({}, ['plan', 'lint', file])
  expect(lint.code).toBe(0)
  const hash = /Plan hash ([0-9a-f]{64})/.exec(lint.out)?.[1]
  const made = await wavegate(env, ['rollout', 'create', file, '--json'])
  expect(made).toMatchObject({ code: 0, err: '' })
  const { rollout } = JSON.parse(made.out)
  expect(rollout.planHash).toBe(hash)

  folder(all, listOf(all, 4))
  const diff = await wavegate(env, ['plan', 'diff', rollout.id, file])
  expect(diff.code).toBe(0)
  expect(diff.out).toMatch(/^waves\.pilot\.file: sha256:[0-9a-f]{64} → sha256:[0-9a-f]{64}\n/)
  expect(diff.out).toContain('0 people move to another wave, 0 are newly in one, 1 are in none any more.')
  const whole = JSON.parse((await wavegate(env, ['plan', 'diff', rollout.id, file, '--json'])).out)
  expect(whole.moves).toMatchObject([{ from: 'pilot', to: null }])

  const revised = await wavegate(env, ['rollout', 'revise', rollout.id, file, '--reason', 'one is on leave'])
  expect(revised).toMatchObject({ code: 0, out: expect.stringContaining('Revision 2 is in force.') })
  const plan = await wavegate(env, ['rollout', 'plan', rollout.id])
  expect(plan.out.trimEnd()).toBe(WITH_FILE.trimEnd())
  expect(plan.err).toContain('Revision 2 by changeManager@contoso.com')
}, 60_000)

test('on the socket of the server a file goes up as well', async () => {
  const all = await served()
  const file = join(folder(all, listOf(all, 3)), 'plan.yaml')
  const made = await wavegate({ WAVEGATE_DB: all.config.db }, ['rollout', 'create', file])
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining('is kept. Nobody was touched') })
}, 60_000)

test('what is wrong with the file is told by its line, without a server', async () => {
  const all = await served()
  const place = folder(all, 'UPN;State\nann@contoso.com;Disabled\nbo@contoso.com;Off\n')
  const ran = await wavegate({}, ['plan', 'lint', join(place, 'plan.yaml')])
  expect(ran.code).toBe(2)
  expect(ran.out).toContain(
    'error csvLowering: pilot.csv:2: 1 row says Disabled, the first here; lowering is only ever a restore.',
  )
  expect(ran.out).toContain(
    'error csvStateUnknown: pilot.csv:3: the MFA status is neither Enabled nor Enforced.',
  )
}, 60_000)

test('a list of hardware tokens goes by its own door, its bad rows are told, and no secret is said', async () => {
  const all = await served({ secretKey: 'a key for tests, longer than a word is' })
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  const list = [
    'upn,serial number,secret key,time interval,manufacturer,model',
    `test.user@contoso.com,T1,${secret},30,Contoso,One`,
    `nobody@contoso.com,T2,${secret},45,Contoso,One`,
  ]
  const place = folder(all, '', `${PLAN}prepare: { tokens: { from: tokens.csv } }\n`)
  writeFileSync(join(place, 'tokens.csv'), list.join('\n'))
  const file = join(place, 'plan.yaml')
  const lint = await wavegate({}, ['plan', 'lint', file])
  expect(lint.code).toBe(0)
  const says = 'csvTokenUnusable: tokens.csv:3: The time interval is neither 30 nor 60 seconds.'
  expect(lint.out + lint.err).toContain(says)
  const env = { WAVEGATE_URL: all.server.url, WAVEGATE_TOKEN: all.tokens.changeManager }
  const made = await wavegate(env, ['rollout', 'create', file])
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining('is kept. Nobody was touched') })
  expect(made.err).toContain('tokens.csv:3: nobody@contoso.com: The time interval')
  expect(JSON.stringify([lint, made])).not.toContain(secret)
}, 60_000)

test('a plan fetches no file from outside its folder, by whatever way, and says which one is missing', async () => {
  const all = await served()
  const place = folder(all, 'UPN\nann@contoso.com\n')
  const secret = join(dirname(all.config.db), 'secret.csv')
  writeFileSync(secret, 'UPN\nann@contoso.com\n')
  symlinkSync(secret, join(place, 'link.csv'))
  for (const name of ['../secret.csv', secret, 'link.csv']) {
    writeFileSync(join(place, 'plan.yaml'), WITH_FILE.replace('pilot.csv', name))
    const ran = await wavegate({}, ['plan', 'lint', join(place, 'plan.yaml')])
    expect(ran.code, name).toBe(2)
    expect(ran.err, name).toContain('it lies outside the folder of the plan')
  }
  writeFileSync(join(place, 'plan.yaml'), WITH_FILE.replace('pilot.csv', 'none.csv'))
  const ran = await wavegate({}, ['plan', 'lint', join(place, 'plan.yaml')])
  expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('none.csv cannot be read') })
}, 60_000)

test('where nobody serves the database, a file goes into it all the same', async () => {
  const all = await served()
  const file = join(folder(all, listOf(all, 3)), 'plan.yaml')
  const ca = join(dirname(all.config.db), 'ca.pem')
  writeFileSync(ca, all.tenant.ca)
  await all.server.close()
  const env = {
    WAVEGATE_DB: all.config.db,
    WAVEGATE_GRAPH_URL: all.config.graphUrl,
    WAVEGATE_AUTHORITY: all.config.authority,
    AZURE_TENANT_ID: all.config.tenantId,
    AZURE_CLIENT_ID: all.config.clientId,
    AZURE_CLIENT_SECRET: all.secrets.clientSecret,
    NODE_EXTRA_CA_CERTS: ca,
  }
  const made = await wavegate(env, ['rollout', 'create', file])
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining('is kept. Nobody was touched') })
}, 60_000)
