import { readPeople } from '../engine/population.ts'
import { encodingOf, textOf } from '../engine/read-file.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Encoded } from '../people/csv-decode.ts'
import { csvDirectory } from '../people/csv-directory.ts'
import { headIn, type PeopleHead } from '../people/csv-head.ts'
import {
  emptyProblem,
  encodingProblems,
  type FileProblem,
  personIn,
  tableProblem,
} from '../people/csv-people.ts'
import { type RowCounts, type RowReport, rowReport } from '../people/csv-report.ts'
import { NotATable, readRows, type TableRow } from '../people/csv-table.ts'
import { exclusionOf, sayExclusion } from '../people/exclusion.ts'
import type { Person } from '../people/person.ts'
import { graphFault } from './graph-fault.ts'

/** A file against the directory, as far as it is known before its rows are looked at one by one. */
export interface FileReport {
  digest: string
  encoded: Encoded
  /** Absent: there is none, or it names nobody. */
  head?: PeopleHead
  report?: RowReport
  rows: number
  counts: RowCounts
  problems: FileProblem[]
  /** When the directory was read. */
  at: number
}

/** As long as somebody pages through one report, before the directory is read again. */
const KEPT_MS = 10 * 60_000
/** Each holds the directory and some bytes a row. */
const KEPT = 2

// A reading, not a state: another process, or this one after a restart, reads anew.
const readings = new WeakMap<World, Map<string, Promise<FileReport>>>()

/** The report of a file; whoever asks again within ten minutes goes on with the same. @throws fileNotFound */
export async function fileReport(
  world: World,
  digest: string,
  region: string | undefined,
  signal: AbortSignal,
): Promise<FileReport> {
  const kept = readings.get(world) ?? new Map<string, Promise<FileReport>>()
  readings.set(world, kept)
  const key = `${digest} ${region ?? ''}`
  const before = await kept.get(key)?.catch(() => undefined)
  if (before && world.clock.now() - before.at < KEPT_MS) return before
  const made = makeReport(world, digest, region, signal)
  kept.delete(key)
  kept.set(key, made)
  for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT))) kept.delete(oldest)
  made.catch(() => kept.delete(key))
  return await made
}

/** The rows under the header, some at a time, with their position. */
export async function* rowsOf(
  world: World,
  { digest, encoded }: Pick<FileReport, 'digest' | 'encoded'>,
): AsyncGenerator<{ first: number; rows: TableRow[] }, void, undefined> {
  let seen = -1
  for await (const some of readRows(textOf(world, digest, encoded))) {
    const rows = seen === -1 ? some.slice(1) : some
    if (seen === -1 && some.length === 0) continue
    yield { first: Math.max(seen, 0), rows }
    seen = Math.max(seen, 0) + rows.length
  }
}

async function makeReport(
  world: World,
  digest: string,
  region: string | undefined,
  signal: AbortSignal,
): Promise<FileReport> {
  const encoded = await encodingOf(world, digest)
  if (encoded === undefined) throw fault('fileNotFound', { digest })
  const counts = { matched: 0, repaired: 0, needsHuman: 0, shared: 0, notInDirectory: 0 }
  const at = world.clock.now()
  const empty = { digest, encoded, rows: 0, counts, at }
  const problems = encodingProblems(encoded)
  try {
    const first = await headOf(world, digest, encoded)
    if (first === undefined) return { ...empty, problems: [...problems, emptyProblem(false)] }
    const head = headIn(first)
    problems.push(...head.problems)
    if (!head.namesPeople) return { ...empty, problems }
    const directory = csvDirectory(await peopleNow(world, signal))
    const report = rowReport({ head, directory, region, excluded: whyExcluded })
    let rows = 0
    for await (const some of rowsOf(world, { digest, encoded })) {
      for (const row of some.rows) report.see(personIn(row, head))
      rows += some.rows.length
      signal.throwIfAborted()
    }
    if (rows === 0) problems.push(emptyProblem(true))
    return { ...empty, head, report, rows, counts: report.counts(), problems }
  } catch (error) {
    if (!(error instanceof NotATable)) throw error
    // Half a file is none: what stands before the line is not shown as if it were all.
    return { ...empty, problems: [...problems, tableProblem(error)] }
  }
}

async function headOf(world: World, digest: string, encoded: Encoded): Promise<TableRow | undefined> {
  for await (const [head] of readRows(textOf(world, digest, encoded))) if (head) return head
  return undefined
}

async function peopleNow(world: World, signal: AbortSignal): Promise<Person[]> {
  try {
    return (await readPeople(world, false, { lane: 'scan', signal }, true)).people
  } catch (error) {
    throw graphFault(error)
  }
}

function whyExcluded(person: Person): string | undefined {
  const excluded = exclusionOf(person, { emergency: new Set(), groups: new Set() })
  return excluded && sayExclusion(excluded)
}
