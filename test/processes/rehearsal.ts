import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { JournalEntry } from '../../src/emulator/journal.ts'
import type { Role } from '../../src/service/verbs.ts'
import type { EventView, MemberView, RolloutView, VerbAnswer } from '../../src/service.ts'
import { openStream } from '../api/streams.ts'
import { wavegate } from '../cli/run.ts'
import { killAll, type Running, started } from './running.ts'

/** A day of Microsoft's takes about nine seconds. */
const DELAYS = '0.0001'

export interface TenantSaid {
  graph: string
  tenant: string
  authority: string
  tenantId: string
  clientId: string
  clientSecret: string
  ca: string
}

export type Tokens = Record<Role, string>

/** A tenant and a server that know each other by their addresses only, and whoever calls the server. */
export interface Rehearsal {
  tenant(): TenantSaid
  startTenant(): Promise<void>
  killTenant(): Promise<void>
  /** The tenant answers nobody until it is thawed. */
  freezeTenant(): void
  thawTenant(): void
  startServer(): Promise<void>
  killServer(): Promise<void>
  stopServer(): Promise<number | null>
  /** One token a role, made over the local socket while the server runs. */
  makeTokens(): Promise<void>
  /** The command line without an address: over the socket while a server runs, else on the database itself. */
  local(args: readonly string[]): ReturnType<typeof wavegate>
  api<T>(role: Role, method: string, path: string, body?: unknown): Promise<T>
  act(role: Role, verb: string, rollout: string, wave?: string): Promise<VerbAnswer>
  show(rollout: string): Promise<RolloutView>
  members(rollout: string, wave: string): Promise<MemberView[]>
  /** Resolves with the first event that passes, stored ones included. */
  event(rollout: string, passes: (event: EventView) => boolean, after?: number): Promise<EventView>
  journal(): Promise<JournalEntry[]>
  /** What a collection of the tenant's plain twin holds, all pages. */
  read<T>(path: string): Promise<T[]>
}

export async function rehearsal(options: { people: number; seed?: number }): Promise<Rehearsal> {
  const folder = mkdtempSync(join(tmpdir(), 'wavegate-processes-'))
  onTestFinished(async () => {
    await killAll()
    rmSync(folder, { recursive: true, force: true })
  })
  const db = join(folder, 'wavegate.db')
  const ca = join(folder, 'tenant.pem')
  let tenant: Running<TenantSaid>
  let server: Running<{ api: string }>
  const tokens = {} as Tokens

  function environment(): Record<string, string> {
    const { said } = tenant
    return {
      AZURE_TENANT_ID: said.tenantId,
      AZURE_CLIENT_ID: said.clientId,
      AZURE_CLIENT_SECRET: said.clientSecret,
      WAVEGATE_GRAPH_URL: said.tenant,
      WAVEGATE_AUTHORITY: said.authority,
      WAVEGATE_DB: db,
      WAVEGATE_PORT: server === undefined ? '0' : new URL(server.said.api).port,
      NODE_EXTRA_CA_CERTS: ca,
    }
  }

  async function startTenant(): Promise<void> {
    const ports =
      tenant === undefined
        ? []
        : ['--port', new URL(tenant.said.tenant).port, '--graph-port', new URL(tenant.said.graph).port]
    const size = ['--people', String(options.people), '--seed', String(options.seed ?? 1)]
    const state = ['--state', join(folder, 'tenant.jsonl'), '--delays', DELAYS]
    tenant = await started<TenantSaid>(['emulator', ...size, ...state, ...ports, '--json'], {})
    writeFileSync(ca, tenant.said.ca)
  }

  async function startServer(): Promise<void> {
    server = await started<{ api: string }>(
      ['serve', '--delays', DELAYS, '--db', db, '--json'],
      environment(),
    )
  }

  async function api<T>(role: Role, method: string, path: string, body?: unknown, etag?: string): Promise<T> {
    const answer = await fetch(`${server.said.api}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens[role]}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(etag === undefined ? {} : { 'if-match': etag }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const read = (await answer.json()) as T
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(read)}`)
    return read
  }
  const show = (rollout: string) => api<RolloutView>('viewer', 'GET', `/rollouts/${rollout}`)

  return {
    tenant: () => tenant.said,
    startTenant,
    killTenant: () => tenant.kill(),
    freezeTenant: () => tenant.freeze(),
    thawTenant: () => tenant.thaw(),
    startServer,
    killServer: () => server.kill(),
    stopServer: () => server.stop(),
    local: (args) => wavegate(environment(), args),
    async makeTokens() {
      for (const role of ['viewer', 'onCall', 'changeManager', 'approver'] as const) {
        const args = ['token', 'create', '--for', `${role}@contoso.com`, '--role', role, '--json']
        const made = await wavegate({ WAVEGATE_DB: db }, args)
        tokens[role] = (JSON.parse(made.out) as { token: string }).token
      }
    },
    api,
    show,
    async act(role, verb, rollout, wave) {
      const { etag } = await show(rollout)
      const place = wave === undefined ? '' : `/waves/${wave}`
      const path = `/rollouts/${rollout}${place}/${verb}`
      return await api(role, 'POST', path, { reason: 'part of the rehearsal' }, etag)
    },
    async members(rollout, wave) {
      const path = `/rollouts/${rollout}/waves/${wave}/members?limit=1000`
      return (await api<{ members: MemberView[] }>('viewer', 'GET', path)).members
    },
    async event(rollout, passes, after = 0) {
      const url = `${server.said.api}/api/v1/rollouts/${rollout}/events?after=${after}`
      const stream = await openStream(url, { authorization: `Bearer ${tokens.viewer}` })
      await Promise.race([stream.until(passes), stream.ended])
      stream.hangUp()
      const found = stream.events.find(passes)
      if (found === undefined) throw new Error('the stream ended before the event came')
      return found
    },
    async journal() {
      const answer = await fetch(`${tenant.said.graph}/_tenant/journal?after=0`)
      return ((await answer.json()) as { changes: JournalEntry[] }).changes
    },
    async read<T>(path: string) {
      const found: T[] = []
      for (let next: string | undefined = `${tenant.said.graph}/v1.0${path}`; next !== undefined; ) {
        const page = (await (await fetch(next)).json()) as { value: T[]; '@odata.nextLink'?: string }
        found.push(...page.value)
        next = page['@odata.nextLink']
      }
      return found
    },
  }
}
