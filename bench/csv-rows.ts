import { readFileSync } from 'node:fs'
import { decodeParts, encodingScan } from '../src/people/csv-decode.ts'
import { csvDirectory } from '../src/people/csv-directory.ts'
import { headIn, type PeopleHead } from '../src/people/csv-head.ts'
import { personIn } from '../src/people/csv-people.ts'
import { type RowReport, rowReport } from '../src/people/csv-report.ts'
import { readRows } from '../src/people/csv-table.ts'
import type { Person } from '../src/people/person.ts'

// Measures in a process of its own: what memory it took at most is the kernel's word, for a whole process.
const [rows = 1_000_000, people = 100_001] = process.argv.slice(2).map(Number)

/** As large as the store's parts. */
const PART = 4_000_000
const LONGEST_ROW = 200

function employee(index: number): Person {
  const name = `person.${index}`
  return {
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    upn: `u${index}@contoso.com`,
    displayName: `Person ${index}`,
    accountEnabled: index % 97 !== 0,
    userType: 'Member',
    isAdmin: false,
    department: `Department ${index % 40}`,
    usageLocation: 'DK',
    mail: `${name}@contoso.com`,
    addresses: [`SMTP:${name}@contoso.com`, `smtp:${name}@contoso.onmicrosoft.com`],
    employeeId: String(100_000 + index),
  }
}

/** Every way a number is typed in, people twice, people nobody knows. */
function numberOf(index: number): string {
  const digits = 20_000_000 + ((index * 7) % 10_000_000)
  const kinds = [
    `+45 ${digits}`,
    `+45${digits}`,
    String(digits),
    `0045 ${digits}`,
    '4,5E+09',
    '',
    '+4520123456',
  ]
  return kinds[index % kinds.length] as string
}

async function* parts(): AsyncGenerator<Uint8Array> {
  let part = Buffer.allocUnsafe(PART)
  let used = part.write('Osobní číslo;Příjmení;Jméno;Středisko;E-mail;Mobil;Nástup\r\n')
  for (let index = 0; index < rows; index += 1) {
    // One in eight is named by the employee id alone.
    const who = (index * 13) % Math.floor(people * 1.1)
    const mail = index % 8 === 0 ? '' : `person.${who}@contoso.com`
    used += part.write(
      `${100_000 + who};${who};Person;Department ${who % 40};${mail};${numberOf(who)};1.3.2019\r\n`,
      used,
    )
    if (used < PART - LONGEST_ROW) continue
    yield part.subarray(0, used)
    part = Buffer.allocUnsafe(PART)
    used = 0
  }
  yield part.subarray(0, used)
}

const seconds = (since: number) => (performance.now() - since) / 1000

const population = Array.from({ length: people }, (_, index) => employee(index))
const directory = csvDirectory(population)
const began = performance.now()
const start = process.cpuUsage()
let bytes = 0
const scan = encodingScan()
for await (const part of parts()) {
  bytes += part.length
  scan.add(part)
}
const { encoding } = scan.end()

let head: PeopleHead | undefined
let report: RowReport | undefined
for await (const some of readRows(decodeParts(parts(), encoding))) {
  for (const row of some) {
    if (head === undefined) {
      head = headIn(row)
      report = rowReport({
        head,
        directory,
        excluded: ({ accountEnabled }) => (accountEnabled ? undefined : 'left'),
      })
    } else report?.see(personIn(row, head))
  }
}
const counts = report?.counts()
const judged = seconds(began)

// Every verdict in words, as a download has it.
let index = -1
let words = 0
for await (const some of readRows(decodeParts(parts(), encoding))) {
  for (const row of some) {
    if (index >= 0 && head && report) words += report.verdictAt(index, personIn(row, head)).why?.length ?? 0
    index += 1
  }
}
const told = seconds(began) - judged
const { user, system } = process.cpuUsage(start)
const [, peak = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
console.log(
  JSON.stringify({
    rows: index,
    people,
    bytes,
    judged,
    told,
    words,
    cpu: (user + system) / 1e6,
    peak: Number(peak) / 1024,
    counts,
  }),
)
