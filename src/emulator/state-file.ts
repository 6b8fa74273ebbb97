import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { Change } from './directory/change.ts'
import type { Hand } from './journal.ts'
import { SCENARIOS } from './scenario.ts'
import type { Certificate } from './service/certificate.ts'

const head = z.object({
  format: z.literal(1),
  tenantId: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  certificate: z.object({ key: z.string(), cert: z.string() }),
  people: z.number(),
  seed: z.number(),
  scenario: z.enum(SCENARIOS),
  delays: z.number(),
  epoch: z.number(),
})

/** What a tenant is, once and for all. */
export interface TenantIdentity extends Omit<z.infer<typeof head>, 'format'> {
  certificate: Certificate
}

/** A change that came from outside. All else in the tenant follows from its seed and these. */
export interface OutsideChange {
  at: number
  change: Change
  hand: Hand
}

export interface StateFile {
  identity: TenantIdentity
  changes: OutsideChange[]
  append(change: OutsideChange): void
}

/**
 * Opens the file, or begins one. The first line says what the tenant is, each further line is one change; a line that
 * a crash cut short was never answered for and is dropped.
 */
export async function openStateFile(path: string, begin: () => Promise<TenantIdentity>): Promise<StateFile> {
  const [first, ...rest] = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
  const stored = first ? (head.parse(JSON.parse(first)) as TenantIdentity) : undefined
  const identity = stored ?? (await begin())
  const whole = rest.slice(0, -1)
  const changes = whole.map((line) => JSON.parse(line) as OutsideChange)
  const text = [JSON.stringify({ format: 1, ...identity }), ...whole].map((line) => `${line}\n`).join('')
  writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
  return {
    identity,
    changes,
    append: (change) => appendFileSync(path, `${JSON.stringify(change)}\n`, { flush: true }),
  }
}
