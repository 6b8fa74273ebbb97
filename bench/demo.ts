import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { printTable } from './table.ts'

// How long the demo takes and how much memory: node bench/demo.ts [people …]
// Memory is the peak that Linux keeps for the process (VmHWM), looked at ten times a second; elsewhere it is not measured.

const ROOT = join(import.meta.dirname, '..')
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_200]

async function measure(people: number): Promise<(string | number)[]> {
  const began = performance.now()
  const child = spawn('npm', ['run', '-s', 'demo', '--', '--once', '--people', String(people)], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  let peak = 0
  const watching = setInterval(() => {
    peak = Math.max(peak, ...peaksOf(child.pid as number))
  }, 100)
  const [code] = (await once(child, 'close')) as [number]
  clearInterval(watching)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  return [people, seconds, peak === 0 ? 'not measured' : Math.round(peak / 1024), code]
}

/** Peak memory in KiB of the demo itself; npm and the shell before it are not the demo. */
function peaksOf(pid: number): number[] {
  try {
    const own = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('wavegate.js\0demo')
    const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
    return [...(own ? [Number(kib)] : []), ...children.flatMap(peaksOf)]
  } catch {
    return []
  }
}

const rows: (string | number)[][] = []
for (const people of sizes) rows.push(await measure(people))
console.log('\nnpm run demo -- --once\n')
printTable(['people', 'seconds', 'peak MiB', 'exit code'], rows)
