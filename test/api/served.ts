import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { type SimulatedClock, simulatedClock } from '../../src/clock/simulated-clock.ts'
import type { Config, Secrets } from '../../src/config.ts'
import { type Scenario, startTenant, type Tenant } from '../../src/emulator/tenant.ts'
import { localOperator, type Server, serve } from '../../src/main.ts'
import { Role } from '../../src/service/verbs.ts'
import { trust } from '../trust.ts'

/** A Monday morning. */
const START = Date.parse('2026-03-02T07:00:00Z')

export interface Served {
  server: Server
  tenant: Tenant
  clock: SimulatedClock
  config: Config
  secrets: Secrets
  /** One token a role; the person is `<role>@contoso.com`. */
  tokens: Record<Role, string>
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** A draft by the change manager. */
  draft(plan?: string): Promise<{ id: string; etag: string }>
}

export interface ServedOptions {
  people?: number
  scenario?: Scenario
  /** How far the tenant's clock is ahead of the server's, milliseconds. */
  tenantAhead?: number
  /** Every line of the log, at its finest. */
  hears?: (line: string) => void
  /** WAVEGATE_SECRET_KEY; absent: the server has none. */
  secretKey?: string
}

export interface CallOptions {
  as?: Role | null
  // biome-ignore lint/suspicious/noExplicitAny: bodies as a caller may write them
  body?: any
  headers?: Record<string, string>
}

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: bodies as a caller reads them
  body: any
}

/** A server on a simulated tenant of its own, for one test. */
export async function served(options: ServedOptions = {}): Promise<Served> {
  const clock = simulatedClock({ start: START })
  const { people = 60, tenantAhead = 0, scenario = 'clean', hears, secretKey } = options
  const tenant = await startTenant({
    clock: { ...clock, now: () => clock.now() + tenantAhead },
    people,
    scenario,
  })
  trust(tenant.ca)
  const folder = mkdtempSync(join(tmpdir(), 'wavegate-api-'))
  const config: Config = {
    db: join(folder, 'wavegate.db'),
    port: 0,
    graphUrl: tenant.tenant,
    authority: tenant.authority,
    tenantId: tenant.tenantId,
    clientId: tenant.clientId,
    logLevel: 'silent',
    delays: 1,
  }
  const secrets = { clientSecret: tenant.clientSecret, ...(secretKey === undefined ? {} : { secretKey }) }
  const log = hears && { log: pino({ level: 'trace' }, { write: hears }) }
  const server = await serve({ config, secrets, clock, ...log })
  onTestFinished(async () => {
    await server.close()
    await tenant.close()
    clock.stop()
    rmSync(folder, { recursive: true })
  })
  const tokens = {} as Record<Role, string>
  for (const role of Role.options) {
    const made = await server.wavegate.service.createToken(localOperator(), `${role}@contoso.com`, role)
    tokens[role] = made.token
  }

  async function call(
    method: string,
    path: string,
    { as = 'viewer', body, headers = {} }: CallOptions = {},
  ): Promise<Answer> {
    const credentials: Record<string, string> = as === null ? {} : { authorization: `Bearer ${tokens[as]}` }
    const isText = typeof body === 'string'
    const type: Record<string, string> =
      body === undefined || isText ? {} : { 'content-type': 'application/json' }
    const answer = await fetch(server.url + path, {
      method,
      headers: { ...credentials, ...type, ...headers },
      body: body === undefined ? null : isText ? body : JSON.stringify(body),
    })
    const text = await answer.text()
    const isJson = (answer.headers.get('content-type') ?? '').includes('json')
    return {
      status: answer.status,
      headers: answer.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    }
  }

  async function draft(plan = PLAN): Promise<{ id: string; etag: string }> {
    const answer = await call('POST', '/api/v1/rollouts', { as: 'changeManager', body: { plan } })
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
    return { id: answer.body.rollout.id, etag: answer.body.rollout.etag }
  }

  return { server, tenant, clock, config, secrets, tokens, call, draft }
}

/** Two waves: the test user, then the IT department. */
export const PLAN = `version: 1
name: mfa-test
change: CHG0012345
timezone: Europe/Copenhagen
enforce:
  by: conditional-access
  group: MFA required
  policy: Require MFA (wavegate)
protect:
  emergencyAccounts: [bg1@contoso.onmicrosoft.com, bg2@contoso.onmicrosoft.com]
  groups: [Service accounts]
pace: { people: 200, per: 1h }
gates:
  readiness: { unready: defer, deferAtMost: 80% }
  approval: { from: approver }
  soak: { for: 24h }
  budget:
    lockedOut: { max: 50%, onSpent: hold }
    failedChanges: { max: 50%, onSpent: hold }
rollback: { window: 30d }
waves:
  - { name: test-user, members: { users: [test.user@contoso.com] } }
  - { name: pilot, members: { group: IT department } }
`
