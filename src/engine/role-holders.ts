import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { World } from './world.ts'

/** What the registration report says of directory roles. Who is in neither set is not in the report, or not told of. */
export interface RoleReport {
  holders: ReadonlySet<string>
  /** Known to hold none. */
  free: ReadonlySet<string>
}

interface Reading {
  at: number
  report: RoleReport
}

// A reading, not a state: another process, or this one after a restart, reads anew.
const readings = new WeakMap<World, Reading>()

/**
 * Who holds a directory role and who is known to hold none: the report is hours behind and costs a page for every
 * five hundred people, so a reading serves the chunks of the next quarter of an hour. A report that lacks most of
 * `people` says nothing about any of them. @throws GraphFailure
 */
export async function readRoles(world: World, people: readonly string[], ask: Ask): Promise<RoleReport> {
  const report = await recentReport(world, ask)
  const missing = people.filter((id) => !report.holders.has(id) && !report.free.has(id))
  const isEmpty = report.holders.size + report.free.size === 0
  if (isEmpty || (missing.length > 1 && missing.length * 2 > people.length)) {
    readings.delete(world)
    const message = `the registration report lacks ${missing.length} of ${people.length} people: who holds a directory role is not known`
    throw new GraphFailure({ kind: 'unreadable', message })
  }
  return report
}

async function recentReport(world: World, ask: Ask): Promise<RoleReport> {
  const known = readings.get(world)
  const now = world.clock.now()
  if (known && now - known.at < world.times.recheckMs) return known.report
  const rows = await world.directory.listRegistrations(ask)
  const ids = (isAdmin: boolean) => rows.filter((row) => row.isAdmin === isAdmin).map((row) => row.id)
  const report = { holders: new Set(ids(true)), free: new Set(ids(false)) }
  readings.set(world, { at: now, report })
  return report
}
