import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { PeopleHead } from '../people/csv-head.ts'
import { maskedNumbers } from '../people/csv-mask.ts'
import { personIn, shownCells } from '../people/csv-people.ts'
import type { RowStatus } from '../people/csv-status.ts'
import type { TableRow } from '../people/csv-table.ts'
import type { RowVerdict } from '../people/csv-verdict.ts'
import type { Person } from '../people/person.ts'
import type { Caller } from './contract.ts'
import { type FileReport, fileReport, rowsOf } from './file-report.ts'
import { requireRole } from './permit.ts'
import { type FileRowsPage, type FileRowView, time } from './views.ts'

/** Which rows, and how. */
export interface RowsSelected {
  status?: RowStatus | undefined
  /** Two letters: of numbers without a country, where the directory has none for the person. */
  region?: string | undefined
  /** Numbers in full: on record, for change managers and on-call alone. */
  unmask?: boolean | undefined
}

export interface RowsWanted extends RowsSelected {
  cursor?: string | undefined
  limit: number
}

/** What each row of a file became, page by page, against the directory. @throws fileNotFound */
export async function fileRows(
  world: World,
  caller: Caller,
  digest: string,
  { cursor, limit, ...selected }: RowsWanted,
  signal: AbortSignal,
): Promise<FileRowsPage> {
  permitRows(caller, selected)
  const from = cursor === undefined ? 0 : Number(cursor)
  if (!Number.isSafeInteger(from) || from < 0)
    throw fault('requestInvalid', { detail: 'cursor is not one that this list gave out' })
  const found = await fileReport(world, digest, selected.region, signal)
  await recordUnmasking(world, caller, digest, selected)
  const rows: FileRowView[] = []
  let next: string | null = null
  for await (const some of rowViews(world, found, selected, from)) {
    const fits = some.slice(0, limit - rows.length)
    rows.push(...fits.map(({ view }) => view))
    const after = some[fits.length]
    if (after === undefined) continue
    next = String(after.index)
    break
  }
  const { encoded, head, problems, counts, at } = found
  return {
    digest,
    kind: head?.shape.name ?? null,
    encoding: encoded.encoding,
    asOf: time(at),
    unread: head?.unread ?? [],
    problems: problems.map(({ warns, ...problem }) => {
      return { ...problem, severity: warns ? ('warning' as const) : ('error' as const) }
    }),
    counts,
    rows,
    next,
  }
}

/** Every row, some at a time: what a download takes. @throws fileNotFound */
export async function everyFileRow(
  world: World,
  caller: Caller,
  digest: string,
  selected: RowsSelected,
  signal: AbortSignal,
): Promise<{ headers: readonly string[]; rows: AsyncIterable<FileRowView[]> }> {
  permitRows(caller, selected)
  const found = await fileReport(world, digest, selected.region, signal)
  const [wrong] = found.problems.filter(({ warns }) => !warns)
  if (wrong) throw fault('fileNotReadable', { line: wrong.line, detail: wrong.message, remedy: wrong.hint })
  await recordUnmasking(world, caller, digest, selected)
  return { headers: Object.keys(shownCells({ line: 0, cells: [] }, found.head ?? NO_HEAD)), rows: views() }

  async function* views() {
    for await (const some of rowViews(world, found, selected, 0)) yield some.map(({ view }) => view)
  }
}

const NO_HEAD = { columns: {}, headers: [] }

function permitRows(caller: Caller, { unmask }: RowsSelected): void {
  requireRole(caller, ['changeManager', 'approver', 'onCall'], 'reading a file')
  if (unmask) requireRole(caller, ['changeManager', 'onCall'], 'reading numbers in full')
}

async function recordUnmasking(
  world: World,
  { person: actor }: Caller,
  digest: string,
  { unmask, status }: RowsSelected,
): Promise<void> {
  if (!unmask) return
  const place = { at: world.clock.now(), rolloutId: null, actor }
  const data = { digest, status: status ?? null }
  await world.store.tx((writer) => writer.append({ ...place, type: 'file.unmasked', data }))
}

async function* rowViews(
  world: World,
  found: FileReport,
  { status, unmask }: RowsSelected,
  from: number,
): AsyncGenerator<{ index: number; view: FileRowView }[], void, undefined> {
  const { head, report } = found
  if (head === undefined || report === undefined) return
  for await (const { first, rows } of rowsOf(world, found)) {
    const views: { index: number; view: FileRowView }[] = []
    for (const [offset, row] of rows.entries()) {
      const index = first + offset
      if (index < from || (status !== undefined && report.statusAt(index) !== status)) continue
      const view = rowView(row, report.verdictAt(index, personIn(row, head)), head)
      views.push({ index, view: unmask ? view : { ...view, ...maskedNumbers(view, head) } })
    }
    if (views.length > 0) yield views
  }
}

function rowView(row: TableRow, verdict: RowVerdict, head: PeopleHead): FileRowView {
  const { status, cause = null, why = null, by = null, sharedBy = null, repaired, perhaps = [] } = verdict
  return {
    line: row.line,
    status,
    cause,
    why,
    person: verdict.person ? nameOf(verdict.person) : null,
    by,
    perhaps: perhaps.slice(0, MOST_PERHAPS).map(nameOf),
    cells: shownCells(row, head),
    repaired: [...repaired],
    sharedBy,
    warns: [...verdict.warns],
  }
}

const MOST_PERHAPS = 10

function nameOf({ id: personId, upn, displayName }: Person): FileRowView['perhaps'][number] {
  return { personId, upn, displayName }
}
