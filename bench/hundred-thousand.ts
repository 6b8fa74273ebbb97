import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { simulatedClock } from '../src/clock/simulated-clock.ts'
import { trust } from '../src/demo/trust.ts'
import { startTenant } from '../src/emulator/tenant.ts'
import { createLog, localOperator, serve } from '../src/main.ts'
import { planOf } from './one-wave.ts'
import { remembering } from './remembering.ts'
import { printTable } from './table.ts'

// A tenant of a hundred thousand people: node bench/hundred-thousand.ts [people] [requests]
// Server, engine and tenant in one process on the simulated clock; the requests go over HTTP, one after another.

const people = Number(process.argv[2] ?? 100_000)
const requests = Number(process.argv[3] ?? 3_000)

const clock = simulatedClock({ start: Date.parse('2026-11-30T07:00:00Z') })
const tenant = await startTenant({ clock, people })
trust(tenant.ca)
const folder = mkdtempSync(join(tmpdir(), 'wavegate-bench-'))
const config = {
  db: join(folder, 'bench.db'),
  port: 0,
  graphUrl: tenant.tenant,
  authority: tenant.authority,
  tenantId: tenant.tenantId,
  clientId: tenant.clientId,
  logLevel: 'warn' as const,
  delays: 1,
}
const secrets = { clientSecret: tenant.clientSecret }
const server = await serve({ config, secrets, clock, log: createLog('warn') })
const { service } = server.wavegate
const operator = localOperator()
const { token } = await service.createToken(operator, 'bench@contoso.com', 'changeManager')
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/yaml' }

async function create(): Promise<{ id: string; ms: number }> {
  const began = performance.now()
  const body = planOf('{ people: 100000, per: 1h }')
  const answer = await fetch(`${server.url}/api/v1/rollouts`, { method: 'POST', headers, body })
  const text = await answer.text()
  if (answer.status !== 201) throw new Error(`${answer.status} ${text}`)
  return { id: JSON.parse(text).rollout?.id ?? JSON.parse(text).id, ms: performance.now() - began }
}

/** Resolves when an event of this type of the wave has been. */
async function until(id: string, type: string, wave: string): Promise<void> {
  let seen = 0
  let reading = Promise.resolve()
  await new Promise<void>((resolve) => {
    const read = async () => {
      const events = await service.events(id, seen, 1_000)
      seen = events.at(-1)?.seq ?? seen
      if (process.env['V']) for (const e of events) console.log(e.at, e.wave, e.type, e.reason.slice(0, 200))
      if (events.some((event) => event.type === type && event.wave === wave)) resolve()
    }
    service.onEvents(() => {
      reading = reading.then(read)
    })
  })
}

const answers = remembering(tenant.tenant)
const whole = await create()
answers.replay()
const own = await create()
answers.stop()
console.log(`create ${(whole.ms / 1000).toFixed(1)} s with the tenant, ${(own.ms / 1000).toFixed(1)} s our own`)

const enforcing = until(own.id, 'wave.enforcing', 'everyone')
const { etag } = await service.showRollout(own.id)
const why = { reason: 'a measurement', dryRun: false, ifMatch: etag }
let t0 = performance.now()
await service.act(operator, { verb: 'start', rollout: own.id, ...why })
await enforcing
console.log('to enforcing', performance.now() - t0)

const times: number[] = []
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
t0 = performance.now()
const cpu = process.cpuUsage()
let last: any
let first: any
const stall = Number(process.env['GAP'] ?? 10)
while (times.length < requests) {
  const began = performance.now()
  const answer = await fetch(`${server.url}/api/v1/rollouts/${own.id}`, { headers })
  last = await answer.json()
  first ??= last
  times.push(performance.now() - began)
  await new Promise((resolve) => setTimeout(resolve, stall))
}
const sorted = times.toSorted((a, b) => a - b)
const at = (part: number) => (sorted[Math.ceil(part * sorted.length) - 1] as number).toFixed(1)
const c = (v: any) => v.waves[1].counts
console.log(first.waves[1].state, last.waves[1].state, c(first).inPlace, c(last).inPlace, c(last).members, 'in s', (performance.now() - t0) / 1000)
printTable(['requests', 'median', '95 %', '99 %', 'longest'], [[times.length, at(0.5), at(0.95), at(0.99), at(1)]])
console.log(times.flatMap((t, i) => t > 20 ? [`${i}:${t.toFixed(0)}`] : []).join(' ').slice(0, 1500))
process.exit(0)
