import type { EventView } from '../src/service.ts'
import { openBench, planOf, type Bench } from './one-wave.ts'
import { printTable } from './table.ts'

const size = Number(process.argv[2] ?? 14_650)
const bench = await openBench(size)
const { service, store } = bench.wavegate
const began = performance.now()
const reports = () => service.limits().buckets.find((b) => b.bucket === 'reports')!
import { localOperator } from '../src/main.ts'
const op = localOperator()
const { rollout } = await service.createRollout(op, planOf('{ people: 10000, per: 1h }', 'per-user-mfa'))
let seen = 0
let from: any
const rows: any[] = []
const types = new Map<string, number>()
let over!: (e: EventView) => void
const waitFor = (w: string | null, re: RegExp) => new Promise<EventView>((resolve) => { want = { w, re, resolve } })
let want: { w: string | null; re: RegExp; resolve: (e: EventView) => void } | undefined
let reading = Promise.resolve()
service.onEvents(() => { reading = reading.then(async () => {
  const events = await service.events(rollout.id, seen, 1000)
  seen = events.at(-1)?.seq ?? seen
  for (const e of events) {
    types.set(e.type, (types.get(e.type) ?? 0) + 1)
    if (process.env['V']) console.log(e.at, e.wave, e.type, e.reason.slice(0, 150), JSON.stringify(e.data).slice(0, 60))
    if (want && e.wave === want.w && want.re.test(e.type)) want.resolve(e)
  }
}) })
await bench.wavegate.start()
await service.act(op, { verb: 'start', rollout: rollout.id, reason: 'x', dryRun: false, ifMatch: rollout.etag })
await waitFor('everyone', /wave.enforcing/)
let a = { at: bench.clock.now(), sent: reports().sent, thr: reports().throttled, real: performance.now() }
await waitFor('everyone', /wave.soaking/)
let b = { at: bench.clock.now(), sent: reports().sent, thr: reports().throttled, real: performance.now() }
const view = await service.showRollout(rollout.id)
const n = view.waves[1]!.counts.inPlace
const show = (name: string, n: number, a: any, b: any) => console.log(name, n, 'h', (b.at - a.at) / 3.6e6, 'calls/person', (b.sent - a.sent) / n, 'share', (b.sent - a.sent) / ((b.at - a.at) / 10000 * 4), '429', (b.thr - a.thr) / (b.sent - a.sent), 'real', (b.real - a.real) / 1000)
show('apply', n, a, b)
a = b
const p = waitFor(null, /rollout\.rolledBack|rollbackFailed/)
await service.act(op, { verb: 'rollback', rollout: rollout.id, reason: 'x', dryRun: false })
await p
b = { at: bench.clock.now(), sent: reports().sent, thr: reports().throttled, real: performance.now() }
show('rollback', n, a, b)
console.log([...types])
await bench.close()
console.log((performance.now() - began) / 1000)
process.exit(0)
