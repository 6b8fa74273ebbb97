import { join } from 'node:path'
import type { Clock } from '../src/clock/clock.ts'
import { trust } from '../src/demo/trust.ts'
import type { Tenant } from '../src/emulator/tenant.ts'
import { createLog, type Server, serve } from '../src/main.ts'

export type Known = Pick<Tenant, 'tenant' | 'authority' | 'tenantId' | 'clientId' | 'clientSecret' | 'ca'>

/** Server and engine on what is kept in `folder`. */
export async function serveFor(folder: string, known: Known, clock: Clock): Promise<Server> {
  trust(known.ca)
  const { tenant: graphUrl, authority, tenantId, clientId, clientSecret } = known
  const where = { graphUrl, authority, tenantId, clientId }
  const db = join(folder, 'bench.db')
  const config = { db, port: 0, ...where, logLevel: 'warn' as const, delays: 1 }
  return await serve({ config, secrets: { clientSecret }, clock, log: createLog('warn') })
}
