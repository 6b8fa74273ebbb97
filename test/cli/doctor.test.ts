import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Served, type ServedOptions, served } from '../api/served.ts'
import { wavegate } from './run.ts'

const EXAMPLE = join(import.meta.dirname, '../../rollout.example.yaml')

/** What differs from run to run: ids, ports, paths. */
function steady(text: string, { server, tenant, config }: Served): string {
  const { port } = new URL(tenant.tenant)
  return text
    .replaceAll(config.db, '<db>')
    .replaceAll(server.url, '<server>')
    .replaceAll(`:${port}`, ':<port>')
    .replaceAll(tenant.clientId, '<application>')
    .replaceAll(tenant.tenantId, '<tenant>')
    .replace(/\[wavegate:[0-9a-f]+\]/g, '[wavegate:<mark>]')
    .replace(/Node \d+\.\d+\.\d+/, 'Node <version>')
}

async function doctorOf(options: ServedOptions, prepare: (one: Served) => void = () => {}) {
  const one = await served(options)
  prepare(one)
  const env = { WAVEGATE_URL: one.server.url, WAVEGATE_TOKEN: one.tokens.viewer }
  const ran = await wavegate(env, ['doctor', EXAMPLE])
  return { ...ran, text: steady(ran.out, one) }
}

test('the doctor of a healthy tenant finds nothing in the way but what the example has to be granted', async () => {
  const { code, text, err } = await doctorOf({}, ({ tenant }) =>
    tenant.world.permissions.add('Group.ReadWrite.All'),
  )
  expect(err).toBe('')
  expect(code).toBe(0)
  expect(text).not.toMatch(/^[✗?]/m)
  await expect(text).toMatchFileSnapshot('doctor.clean.golden.txt')
}, 60_000)

test('the doctor of a tenant without Entra ID P1', async () => {
  const { code, text } = await doctorOf({ scenario: 'no-p1' })
  expect(code).toBe(4)
  expect(text).toContain('✗ licence: The tenant has no Entra ID P1')
  expect(text).toMatch(
    /\? emergencyAccount bg1@.*does not show when it last signed in: the tenant has no Entra ID P1/,
  )
  await expect(text).toMatchFileSnapshot('doctor.no-p1.golden.txt')
}, 60_000)

test('the doctor of a tenant with security defaults on', async () => {
  const { code, text } = await doctorOf({ scenario: 'security-defaults' })
  expect(code).toBe(4)
  expect(text).toContain('✗ securityDefaults: Security defaults are on')
  await expect(text).toMatchFileSnapshot('doctor.security-defaults.golden.txt')
}, 60_000)

test('what may not be read is unknown and names its permission; a foreign mark and a dynamic group are found', async () => {
  const { code, text } = await doctorOf({ scenario: 'untested-emergency' }, ({ tenant: { world } }) => {
    world.permissions.delete('AuditLog.Read.All')
    world.setGroup('MFA required', { membershipRule: '(user.department -eq "IT")' })
    const [policy] = world.policies
    world.setPolicy(policy?.id as string, { description: 'theirs [wavegate:0badcafe]' })
  })
  expect(code).toBe(4)
  expect(text).toContain('✗ permissions: AuditLog.Read.All is not granted; it is for readiness, signIns')
  expect(text).toMatch(
    /\? signInLog: It could not be read: .*\n +→ Grant the application permission AuditLog/,
  )
  expect(text).toMatch(/ emergencyAccount bg2@.* shows no passkey/)
  expect(text).toMatch(/! mark: The policy .* is of another wavegate installation: 0badcafe/)
}, 60_000)

test('a machine without a credential is told so, and which variables are missing', async () => {
  const folder = join(process.env.TMPDIR ?? '/tmp', `wavegate-doctor-${process.pid}`)
  const env = { WAVEGATE_DB: `${folder}.db` }
  const ran = await wavegate(env, ['doctor', '--json'])
  expect(ran.code).toBe(4)
  expect(JSON.parse(ran.out)).toMatchObject({
    is: 'problem',
    findings: expect.arrayContaining([
      expect.objectContaining({ check: 'database', is: 'ok' }),
      expect.objectContaining({ check: 'authority', is: 'problem' }),
    ]),
  })
})

test('plan permissions: the least a plan needs and what for, with what is granted; and without a tenant', async () => {
  const one = await served()
  const env = { WAVEGATE_URL: one.server.url, WAVEGATE_TOKEN: one.tokens.viewer }
  const ran = await wavegate(env, ['plan', 'permissions', EXAMPLE])
  expect(ran.code).toBe(0)
  expect(ran.out).toMatch(/Group\.ReadWrite\.All +NO +makeExceptions/)
  expect(ran.out).toMatch(/GroupMember\.ReadWrite\.All +yes +conditionalAccess, graduate/)
  expect(ran.out).not.toContain('GroupMember.Read.All ')

  const plain = `${one.config.db}.per-user.yaml`
  const body = { plan: PER_USER }
  writeFileSync(plain, PER_USER)
  const perUser = await wavegate(env, ['plan', 'permissions', plain, '--json'])
  const answer = (await one.call('POST', '/api/v1/plans/permissions', { body })).body
  expect(JSON.parse(perUser.out)).toEqual(answer)
  const needed = answer.permissions.map((row: { permission: string }) => row.permission)
  expect(needed).toContain('Policy.ReadWrite.AuthenticationMethod')
  expect(needed.filter((name: string) => /ConditionalAccess|^Group/.test(name))).toEqual([
    'GroupMember.Read.All',
  ])
  expect(answer.notNeeded).toContain('Policy.ReadWrite.ConditionalAccess')
  expect((await one.call('POST', '/api/v1/plans/permissions', { body: { plan: 'no: plan' } })).status).toBe(
    422,
  )
}, 60_000)

const PER_USER = `version: 1
name: per-user
timezone: Europe/Copenhagen
enforce: { by: per-user-mfa }
protect: { emergencyAccounts: [bg1@contoso.onmicrosoft.com, bg2@contoso.onmicrosoft.com] }
waves:
  - { name: test-user, members: { users: [test.user@contoso.com] } }
`
