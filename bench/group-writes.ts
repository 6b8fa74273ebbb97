import { type Calls, countCalls } from './calls.ts'
import { addOneByOne } from './one-by-one.ts'
import { openBench, planOf, runToEnd } from './one-wave.ts'
import { printTable } from './table.ts'

// How many calls 10,000 people cost: node bench/group-writes.ts [people in the tenant]
// Of the tenant's people about two thirds can use MFA and are in no protected group; the others are left for later.

const size = Number(process.argv[2] ?? 14_650)
/** A sequential call over the Internet; the simulated tenant answers in no time of its own. */
const LATENCY_MS = 250

const began = performance.now()
const bench = await openBench(size)
const counting = countCalls(bench.tenant.tenant)
let before: Calls | undefined
let wave: { calls: Calls; virtualMs: number } | undefined
let from = 0
const view = await runToEnd(bench, planOf('{ people: 10000, per: 1h }'), (event) => {
  if (event.wave !== 'everyone') return
  if (event.type === 'wave.enforcing') {
    before = { ...counting.calls }
    from = Date.parse(event.at)
  }
  if (event.type === 'wave.soaking' && before !== undefined) {
    const { all, groupWrites, throttled } = counting.calls
    const calls = {
      all: all - before.all,
      groupWrites: groupWrites - before.groupWrites,
      throttled: throttled - before.throttled,
    }
    wave = { calls, virtualMs: Date.parse(event.at) - from }
  }
})
counting.stop()
const seconds = (performance.now() - began) / 1000
const hours = (bench.clock.now() - Date.parse(view.createdAt)) / 3_600_000
await bench.close()
const inPlace = view.waves.reduce((sum, { counts }) => sum + counts.inPlace, 0)
const total = counting.calls
const wide = view.waves.find(({ name }) => name === 'everyone')?.counts.inPlace ?? 0
if (wave === undefined) throw new Error(`the wave was never enforced: ${view.state}`)

console.log(
  `\nA whole rollout by group: ${view.state}, ${inPlace} people in place and read back, tenant of ${size}\n`,
)
printTable(
  ['group writes', 'calls in all', '429', 'virtual hours', 'real seconds'],
  [[total.groupWrites, total.all, total.throttled, hours.toFixed(1), seconds.toFixed(0)]],
)

const loop = await addOneByOne(size, wide)
const minutes = (ms: number) => (ms / 60_000).toFixed(1)
const row = (name: string, calls: Calls, virtualMs: number) => [
  name,
  calls.groupWrites,
  calls.all,
  calls.throttled,
  minutes(virtualMs),
  minutes(calls.groupWrites * LATENCY_MS),
]
console.log(
  `\nThe same ${wide} people into the group, by one wave and by today's loop of one call a person\n`,
)
printTable(
  [
    '',
    'group writes',
    'calls in all',
    '429',
    'virtual minutes',
    `minutes of writes at ${LATENCY_MS} ms a call`,
  ],
  [
    row('wavegate, read back, with before-images', wave.calls, wave.virtualMs),
    row('one by one, nothing read back', loop.calls, loop.virtualMs),
    [
      'ratio',
      `1 : ${(loop.calls.groupWrites / wave.calls.groupWrites).toFixed(1)}`,
      `1 : ${(loop.calls.all / wave.calls.all).toFixed(1)}`,
      '',
      `1 : ${(loop.virtualMs / wave.virtualMs).toFixed(2)}`,
      `1 : ${(loop.calls.groupWrites / wave.calls.groupWrites).toFixed(1)}`,
    ],
  ],
)
