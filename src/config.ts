import { z } from 'zod'
import { fault } from './errors.ts'

const Port = z.coerce.number().int().min(0).max(65535)

/** What the environment may say; every variable in the README's table. */
const Environment = z.object({
  AZURE_TENANT_ID: z.string().min(1).optional(),
  AZURE_CLIENT_ID: z.string().min(1).optional(),
  AZURE_CLIENT_SECRET: z.string().min(1).optional(),
  WAVEGATE_SECRET_KEY: z.string().min(32, 'has to be 32 characters or longer').optional(),
  WAVEGATE_DB: z.string().min(1).default('wavegate.db'),
  WAVEGATE_PORT: Port.default(8390),
  WAVEGATE_GRAPH_URL: z.url({ protocol: /^https$/ }).default('https://graph.microsoft.com'),
  WAVEGATE_AUTHORITY: z.url({ protocol: /^https$/ }).default('https://login.microsoftonline.com'),
  WAVEGATE_POLICY_LIMIT: z.coerce.number().int().min(1).max(10_000).optional(),
  WAVEGATE_MICROSOFT_DATES: z.string().min(1).optional(),
  WAVEGATE_LOG: z.enum(['silent', 'error', 'warn', 'info']).default('warn'),
})

export interface Config {
  db: string
  port: number
  graphUrl: string
  authority: string
  tenantId: string
  clientId: string
  logLevel: 'silent' | 'error' | 'warn' | 'info'
  /** Factor on Microsoft's declared times; other than 1 only for a tenant on this machine. */
  delays: number
  /** Conditional Access policies the tenant may have; absent: as Microsoft documents it. */
  policyLimit?: number | undefined
  /** A file that replaces the dates of Microsoft's we know of. */
  datesFile?: string | undefined
}

/** Apart from the configuration, so that that can be printed. */
export interface Secrets {
  clientSecret: string
  /** What the secrets of tokens are sealed with; absent: none are taken. */
  secretKey?: string | undefined
}

export interface Overrides {
  db?: string | undefined
  port?: number | undefined
  delays?: number | undefined
}

/** Reads and checks the environment once. @throws configInvalid naming the variable, delaysRefused */
export function readConfig(
  env: NodeJS.ProcessEnv,
  overrides: Overrides = {},
): { config: Config; secrets: Secrets } {
  const read = Environment.safeParse(env)
  if (!read.success) {
    const [issue] = read.error.issues
    throw fault('configInvalid', { detail: `${issue?.path.join('.')}: ${issue?.message}` })
  }
  const { data } = read
  const config: Config = {
    db: overrides.db ?? data.WAVEGATE_DB,
    port: overrides.port ?? data.WAVEGATE_PORT,
    graphUrl: data.WAVEGATE_GRAPH_URL.replace(/\/$/, ''),
    authority: data.WAVEGATE_AUTHORITY.replace(/\/$/, ''),
    tenantId: data.AZURE_TENANT_ID ?? '',
    clientId: data.AZURE_CLIENT_ID ?? '',
    logLevel: data.WAVEGATE_LOG,
    delays: overrides.delays ?? 1,
    policyLimit: data.WAVEGATE_POLICY_LIMIT,
    datesFile: data.WAVEGATE_MICROSOFT_DATES,
  }
  const { hostname } = new URL(config.graphUrl)
  if (config.delays !== 1 && !isLoopback(hostname)) throw fault('delaysRefused', { host: hostname })
  return {
    config,
    secrets: { clientSecret: data.AZURE_CLIENT_SECRET ?? '', secretKey: data.WAVEGATE_SECRET_KEY },
  }
}

/** @throws configInvalid: whoever serves needs to reach a tenant. */
export function requireTenant(config: Config, secrets: Secrets): void {
  const missing = [
    ['AZURE_TENANT_ID', config.tenantId],
    ['AZURE_CLIENT_ID', config.clientId],
    ['AZURE_CLIENT_SECRET', secrets.clientSecret],
  ].flatMap(([name, value]) => (value === '' ? [name] : []))
  if (missing.length > 0) throw fault('configInvalid', { detail: `${missing.join(', ')} not set` })
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}
