import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wallClock } from '../src/clock/wall-clock.ts'
import { trust } from '../src/demo/trust.ts'
import { startTenant, type Tenant } from '../src/emulator/tenant.ts'
import { createLog, localOperator, type Server, serve } from '../src/main.ts'
import type { LimitsView } from '../src/service.ts'
import { planOf } from './one-wave.ts'
import { printTable } from './table.ts'

// How long `disarm` takes, from the request at our API to Graph's answer to the PATCH, on the wall clock:
// node bench/disarm.ts [times each]
// The server is real, the tenant simulated and in the same process. The queue is filled with questions what a rearm would
// do, each of which reads the policies: over a hundred calls wait for the same limit in another lane.

const times = Number(process.argv[2] ?? 20)
const WAITING = 100
/** Microsoft's and our own waits; time itself is the wall's. */
const DELAYS = 0.0001

interface Bench {
  server: Server
  tenant: Tenant
  token: string
  rollout: string
  close(): Promise<void>
}

async function open(): Promise<Bench> {
  const clock = wallClock()
  const tenant = await startTenant({ clock, people: 300, delays: DELAYS })
  trust(tenant.ca)
  const folder = mkdtempSync(join(tmpdir(), 'wavegate-bench-'))
  const config = {
    db: join(folder, 'bench.db'),
    port: 0,
    graphUrl: tenant.tenant,
    authority: tenant.authority,
    tenantId: tenant.tenantId,
    clientId: tenant.clientId,
    logLevel: 'silent' as const,
    delays: DELAYS,
  }
  const secrets = { clientSecret: tenant.clientSecret }
  const server = await serve({ config, secrets, clock, log: createLog('silent') })
  const { service } = server.wavegate
  const operator = localOperator()
  const { token } = await service.createToken(operator, 'bench@contoso.com', 'onCall')
  const { rollout } = await service.createRollout(operator, planOf('{ people: 10, per: 1h }'))
  const { id, etag } = rollout
  await service.act(operator, { verb: 'start', rollout: id, reason: 'bench', dryRun: false, ifMatch: etag })
  for (let seen = 0; ; ) {
    const events = await service.events(id, seen, 1_000)
    seen = events.at(-1)?.seq ?? seen
    if (events.some(({ type }) => type === 'wave.soaking')) break
    await clock.sleep(100)
  }
  const close = async () => {
    await server.close()
    await tenant.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { server, tenant, token, rollout: id, close }
}

async function call({ server, token }: Bench, method: string, path: string, body?: unknown) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
  })
  return { status: answer.status, body: await answer.json() }
}

async function waiting(bench: Bench): Promise<number> {
  const { buckets } = (await call(bench, 'GET', '/limits')).body as LimitsView
  const bucket = buckets.find((one) => one.bucket === 'conditionalAccess')
  return Object.values(bucket?.waiting ?? {}).reduce((sum, count) => sum + count, 0)
}

/** Asks what a rearm would do, each time reading the policies, until so many calls wait; they end when the server does. */
async function fill(bench: Bench, least: number): Promise<void> {
  const { service } = bench.server.wavegate
  const more = least + 20 - (await waiting(bench))
  for (let place = 0; place < more; place++) {
    const why = { reason: 'fills the queue', dryRun: true }
    const { etag } = await service.showRollout(bench.rollout)
    const ask = { verb: 'rearm' as const, rollout: bench.rollout, ...why, ifMatch: etag }
    service.act({ ...localOperator(), channel: 'rest' }, ask).catch(() => {})
  }
  for (let tries = 0; (await waiting(bench)) < least; tries++) {
    if (tries > 50) throw new Error(`only ${await waiting(bench)} calls wait`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Milliseconds from our request to Graph's answer that the policy is in report-only. */
async function disarmOnce(bench: Bench): Promise<{ ms: number; tries: number }> {
  const real = globalThis.fetch
  let tries = 0
  let answered: (at: number) => void = () => {}
  const at = new Promise<number>((resolve) => {
    answered = resolve
  })
  globalThis.fetch = async (input, init) => {
    const answer = await real(input, init)
    const url = input instanceof Request ? input.url : String(input)
    if (init?.method === 'PATCH' && url.includes('/conditionalAccess/policies/')) {
      tries++
      if (answer.ok) answered(performance.now())
    }
    return answer
  }
  const began = performance.now()
  const done = call(bench, 'POST', `/rollouts/${bench.rollout}/disarm`, { reason: 'bench' })
  const { status, body } = await done
  globalThis.fetch = real
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`)
  return { ms: (await at) - began, tries }
}

async function measure(name: string, bench: Bench, queue: number, load: number) {
  bench.tenant.world.setOtherLoad({ conditionalAccess: load })
  const taken: { ms: number; tries: number }[] = []
  let least = Number.POSITIVE_INFINITY
  for (let time = 0; time < times; time++) {
    if (queue > 0) await fill(bench, queue)
    // Somewhere within the beat of what waits.
    await new Promise((resolve) => setTimeout(resolve, 1_500 + ((time * 397) % 1_250)))
    least = Math.min(least, await waiting(bench))
    taken.push(await disarmOnce(bench))
  }
  const sorted = taken.map(({ ms }) => ms).sort((a, b) => a - b)
  const at = (part: number) => Math.round(sorted[Math.ceil(part * sorted.length) - 1] as number)
  const tries = Math.max(...taken.map((one) => one.tries))
  return [name, times, queue > 0 ? least : 0, at(0.5), at(0.95), at(1), tries]
}

const bench = await open()
const rows = [
  await measure('nothing waits', bench, 0, 0),
  await measure('the queue is full', bench, WAITING, 0),
  await measure('full, another application at half the ceiling', bench, WAITING, 0.5),
  await measure('full, another application at 0.8 of the ceiling', bench, WAITING, 0.8),
]
await bench.close()
console.log('\n`disarm`: milliseconds from the request to Graph’s answer\n')
printTable(['', 'times', 'calls waiting at least', 'median', '95 %', 'longest', 'tries at most'], rows)
process.exit(0)
