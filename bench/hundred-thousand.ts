import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../src/clock/clock.ts'
import type { Server } from '../src/main.ts'
import { fastClock } from './fast-clock.ts'
import { printTable } from './table.ts'
import { type Known, serveFor } from './wide-server.ts'

// A tenant of a hundred thousand people: node bench/hundred-thousand.ts [people] [requests] [times as fast]
// First on the simulated clock in a process of its own: the draft, and all until the big wave is being enforced. Then
// server and tenant each in a process of its own, on real time so many times as fast, while a client in a thread asks.

const people = Number(process.argv[2] ?? 100_000)
const requests = Number(process.argv[3] ?? 3_000)
const factor = Number(process.argv[4] ?? 10)
const PAUSE_MS = 10

const folder = mkdtempSync(join(tmpdir(), 'wavegate-bench-'))
const stateFile = join(folder, 'tenant.state')

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

const script = join(import.meta.dirname, 'hundred-thousand-before.ts')
const before = spawn(process.execPath, [script, folder, String(people)], { stdio: 'inherit' })
const [code] = (await once(before, 'close')) as [number]
if (code !== 0) throw new Error(`what comes before ended with ${code}`)
const { id, token, now } = JSON.parse(readFileSync(join(folder, 'before.json'), 'utf8')) as {
  id: string
  token: string
  now: number
}
const { known, clock, end } = await tenantApart(now)
const server = await serveFor(folder, known, clock)
// From the first people who are in place.
while ((await wideOf(server, id)).counts.inPlace === 0) await new Promise((on) => setTimeout(on, 200))
const first = await wideOf(server, id)
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
      after.counts.inPlace - first.counts.inPlace,
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
