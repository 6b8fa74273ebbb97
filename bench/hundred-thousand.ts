import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../src/clock/clock.ts'
import { simulatedClock } from '../src/clock/simulated-clock.ts'
import { trust } from '../src/demo/trust.ts'
import { startTenant, type Tenant } from '../src/emulator/tenant.ts'
import { createLog, localOperator, type Server, serve } from '../src/main.ts'
import type { RolloutView } from '../src/service.ts'
import { fastClock } from './fast-clock.ts'
import { planOf } from './one-wave.ts'
import { remembering } from './remembering.ts'
import { printTable } from './table.ts'

// A tenant of a hundred thousand people: node bench/hundred-thousand.ts [people] [requests] [times as fast]
// First on the simulated clock in one process: the draft, and all until the big wave is being enforced. Then server and
// tenant each in a process of its own, on real time so many times as fast, while a client in a thread asks.

const people = Number(process.argv[2] ?? 100_000)
const requests = Number(process.argv[3] ?? 3_000)
const factor = Number(process.argv[4] ?? 10)
const PAUSE_MS = 10

type Known = Pick<Tenant, 'tenant' | 'authority' | 'tenantId' | 'clientId' | 'clientSecret' | 'ca'>

const folder = mkdtempSync(join(tmpdir(), 'wavegate-bench-'))
const stateFile = join(folder, 'tenant.state')
const db = join(folder, 'bench.db')

async function serveFor(known: Known, clock: Clock): Promise<Server> {
  trust(known.ca)
  const { tenant: graphUrl, authority, tenantId, clientId, clientSecret } = known
  const where = { graphUrl, authority, tenantId, clientId }
  const config = { db, port: 0, ...where, logLevel: 'warn' as const, delays: 1 }
  return await serve({ config, secrets: { clientSecret }, clock, log: createLog('warn') })
}

async function create(url: string, token: string): Promise<{ id: string; ms: number }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/yaml' }
  const body = planOf('{ people: 100000, per: 1h }')
  const began = performance.now()
  const answer = await fetch(`${url}/api/v1/rollouts`, { method: 'POST', headers, body })
  const text = await answer.text()
  const ms = performance.now() - began
  if (answer.status !== 201) throw new Error(`${answer.status} ${text}`)
  const made = JSON.parse(text) as RolloutView & { rollout?: RolloutView }
  return { id: made.rollout?.id ?? made.id, ms }
}

async function started({ wavegate }: Server, id: string): Promise<void> {
  const { service } = wavegate
  const over = new Promise<void>((resolve) => {
    const look = async () => {
      const { waves } = await service.showRollout(id)
      if (waves.at(-1)?.state === 'enforcing') resolve()
    }
    service.onEvents(() => void look())
  })
  const { etag } = await service.showRollout(id)
  const why = { reason: 'a measurement', dryRun: false, ifMatch: etag }
  await service.act(localOperator(), { verb: 'start', rollout: id, ...why })
  await over
}

async function untilEnforced() {
  const clock = simulatedClock({ start: Date.parse('2026-11-30T07:00:00Z') })
  const tenant = await startTenant({ clock, people, stateFile })
  const server = await serveFor(tenant, clock)
  const { token } = await server.wavegate.service.createToken(
    localOperator(),
    'bench@contoso.com',
    'changeManager',
  )
  const answers = remembering(tenant.tenant)
  const whole = await create(server.url, token)
  answers.replay()
  const own = await create(server.url, token)
  answers.stop()
  const seconds = (ms: number) => (ms / 1000).toFixed(1)
  console.log(`\nPOST /rollouts with the plan against a tenant of ${people}\n`)
  printTable(
    ['seconds, tenant and all', 'seconds, answers of the tenant at hand'],
    [[seconds(whole.ms), seconds(own.ms)]],
  )
  await started(server, own.id)
  const now = clock.now()
  clock.stop()
  await server.close()
  await tenant.close()
  return { id: own.id, token, now }
}

async function tenantApart(now: number): Promise<{ known: Known; clock: Clock; end(): void }> {
  const wallStart = Date.now()
  const script = join(import.meta.dirname, 'tenant-process.ts')
  const child = spawn(process.execPath, [script, stateFile, String(now), String(wallStart), String(factor)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
  return {
    known: JSON.parse(line) as Known,
    clock: fastClock(now, wallStart, factor),
    end: () => child.kill(),
  }
}

async function wideOf(server: Server, id: string) {
  const view = await server.wavegate.service.showRollout(id)
  const wave = view.waves.at(-1)
  if (!wave) throw new Error('no wave')
  return wave
}

const { id, token, now } = await untilEnforced()
const { known, clock, end } = await tenantApart(now)
const server = await serveFor(known, clock)
// From the first people who are in place.
while ((await wideOf(server, id)).counts.inPlace === 0) await new Promise((on) => setTimeout(on, 200))
const before = await wideOf(server, id)
const began = performance.now()
const url = `${server.url}/api/v1/rollouts/${id}`
const asking = new Worker(new URL('./ask-again.ts', import.meta.url), {
  workerData: { url, token, times: requests, pause: PAUSE_MS },
})
const [taken] = (await once(asking, 'message')) as [number[]]
const after = await wideOf(server, id)
const seconds = (performance.now() - began) / 1000
const sorted = taken.toSorted((a, b) => a - b)
const at = (part: number) => (sorted[Math.ceil(part * sorted.length) - 1] as number).toFixed(1)
console.log(`\nGET /rollouts/{id}, milliseconds, while a wave of ${after.counts.members} is ${after.state}\n`)
printTable(
  ['requests', 'people in place meanwhile', 'seconds', 'median', '95 %', '99 %', 'longest'],
  [
    [
      requests,
      after.counts.inPlace - before.counts.inPlace,
      seconds.toFixed(0),
      at(0.5),
      at(0.95),
      at(0.99),
      at(1),
    ],
  ],
)
end()
await server.close()
rmSync(folder, { recursive: true, force: true })
