import { ClientSecretCredential } from '@azure/identity'
import { onTestFinished } from 'vitest'
import { type SimulatedClock, simulatedClock } from '../../src/clock/simulated-clock.ts'
import { startTenant, type Tenant, type TenantOptions } from '../../src/emulator/tenant.ts'
import { trust } from '../trust.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** A Monday. */
export const START = Date.parse('2026-03-02T07:00:00Z')

// biome-ignore lint/suspicious/noExplicitAny: bodies of Graph as they come
type Body = any

export interface Reply {
  status: number
  headers: Headers
  body: Body
}

export interface RentedTenant {
  tenant: Tenant
  clock: SimulatedClock
  credential: ClientSecretCredential
  graph(
    path: string,
    init?: { method?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Reply>
  twin(path: string, method?: string): Promise<Reply>
  /** Lets simulated time pass. */
  pass(ms: number): Promise<void>
  /** Follows a list to its end. */
  all(path: string): Promise<Body[]>
  journal(after?: number): Promise<Body[]>
}

/** A tenant for one test, asked over real HTTPS with a token from the real credential. */
export async function rentTenant(
  options: Partial<TenantOptions> & { start?: number } = {},
): Promise<RentedTenant> {
  const clock = simulatedClock({ start: options.start ?? START })
  const tenant = await startTenant({ clock, people: 60, ...options })
  onTestFinished(async () => {
    await tenant.close()
    clock.stop()
  })
  trust(tenant.ca)
  const credential = new ClientSecretCredential(tenant.tenantId, tenant.clientId, tenant.clientSecret, {
    authorityHost: tenant.authority,
    disableInstanceDiscovery: true,
  })
  const rented: RentedTenant = {
    tenant,
    clock,
    credential,
    async graph(path, init = {}) {
      const { token } = await credential.getToken('https://graph.microsoft.com/.default')
      const headers = { authorization: `Bearer ${token}`, ...init.headers }
      const content = init.body === undefined ? {} : { 'content-type': 'application/json' }
      const response = await fetch(path.startsWith('http') ? path : tenant.tenant + path, {
        method: init.method ?? 'GET',
        headers: { ...content, ...headers },
        ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      })
      return reply(response)
    },
    twin: async (path, method = 'GET') => reply(await fetch(tenant.graph + path, { method })),
    pass: (ms) => clock.runUntil(clock.now() + ms),
    async all(path) {
      const found: Body[] = []
      let next: string | undefined = path
      while (next) {
        let page: Reply = await rented.graph(next)
        if (page.status === 429) {
          await rented.pass(10_000)
          page = await rented.graph(next)
        }
        found.push(...page.body.value)
        next = page.body['@odata.nextLink']
      }
      return found
    },
    journal: async (after = 0) => (await rented.twin(`/_tenant/journal?after=${after}`)).body.changes,
  }
  return rented
}

async function reply(response: Response): Promise<Reply> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null }
}

export function links(ids: string[]) {
  return { 'members@odata.bind': ids.map((id) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`) }
}

/** A policy that asks the members of a group for a second factor. */
export function mfaPolicy(group: string, state = 'enabled') {
  return {
    displayName: 'Require MFA (test)',
    state,
    conditions: {
      clientAppTypes: ['all'],
      applications: { includeApplications: ['All'] },
      users: { includeGroups: [group] },
    },
    grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  }
}
