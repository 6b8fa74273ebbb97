import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { printTable } from './table.ts'

// 1,000,000 rows of an HR export matched with 100,001 people and judged. Other numbers: node bench/csv.ts ROWS PEOPLE

interface Measured {
  rows: number
  people: number
  bytes: number
  judged: number
  told: number
  cpu: number
  peak: number
  counts: Record<string, number>
}

const out = execFileSync(
  process.execPath,
  [
    '--heap-growing-percent=10',
    '--max-semi-space-size=2',
    join(import.meta.dirname, 'csv-rows.ts'),
    ...process.argv.slice(2),
  ],
  { encoding: 'utf8' },
)
const { rows, people, bytes, judged, told, cpu, peak, counts } = JSON.parse(out) as Measured

console.log(`\n## ${rows} rows of CSV matched and judged\n`)
printTable(
  [
    'rows',
    'people',
    'MB',
    'seconds to judge all',
    'rows per second',
    'seconds to tell all',
    'CPU seconds of both',
    'peak MiB',
  ],
  [
    [
      rows,
      people,
      (bytes / 1e6).toFixed(0),
      judged.toFixed(1),
      Math.round(rows / judged),
      told.toFixed(1),
      cpu.toFixed(1),
      peak.toFixed(0),
    ],
  ],
)
console.log(
  `\n${Object.entries(counts)
    .map(([status, count]) => `${status} ${count}`)
    .join(' · ')}`,
)
