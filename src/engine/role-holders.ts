import type { Ask } from '../graph/directory/ask.ts'
import type { Registration } from '../graph/directory/reports.ts'
import { GraphFailure, isFailure } from '../graph/errors.ts'
import { readEligible } from './eligible.ts'
import { peopleBehind } from './people-behind.ts'
import type { World } from './world.ts'

/** Who holds a directory role. Who is in neither set is not in the registration report, or not told of there. */
export interface RoleReport {
  holders: ReadonlySet<string>
  /** Known to hold none. */
  free: ReadonlySet<string>
}

interface Reading {
  at: number
  holders: ReadonlySet<string>
  /** null: the roles themselves were read, and whoever holds none of them is free. */
  free: ReadonlySet<string> | null
}

// A reading, not a state: another process, or this one after a restart, reads anew.
const readings = new WeakMap<World, Reading>()
const underWay = new WeakMap<World, Promise<Reading>>()

/**
 * Who of these people holds a directory role and who is known to hold none: the report is hours behind and costs a page
 * for every five hundred people, so a reading serves the chunks of the next quarter of an hour. A report that lacks
 * most of `people` says nothing about any of them. Where the licence gives no report, the roles are read.
 * @throws GraphFailure
 */
export async function readRoles(world: World, people: readonly string[], ask: Ask): Promise<RoleReport> {
  const known = readings.get(world)
  const now = world.clock.now()
  const isRecent = known !== undefined && now - known.at < world.times.recheckMs
  const reading = isRecent ? known : await readOnceForAll(world, ask)
  readings.set(world, reading)
  const report = { holders: reading.holders, free: reading.free ?? without(people, reading.holders) }
  const missing = people.filter((id) => !report.holders.has(id) && !report.free.has(id))
  const isEmpty = people.length > 0 && report.holders.size + report.free.size === 0
  if (isEmpty || (missing.length > 1 && missing.length * 2 > people.length)) {
    readings.delete(world)
    const message = `the registration report lacks ${missing.length} of ${people.length} people: who holds a directory role is not known`
    throw new GraphFailure({ kind: 'unreadable', message })
  }
  return report
}

/** Whoever asks while it is being read gets the same. */
async function readOnceForAll(world: World, ask: Ask): Promise<Reading> {
  const reading = underWay.get(world) ?? readAnew(world, ask).finally(() => underWay.delete(world))
  underWay.set(world, reading)
  return await reading
}

/**
 * As `readRoles`, by what the directory says at this moment: the report is hours behind, and free is only who holds no
 * role by the roles themselves either. Where these may not be read nobody is known to be free. @throws GraphFailure
 */
export async function readRolesNow(world: World, people: readonly string[], ask: Ask): Promise<RoleReport> {
  const { holders, free } = await readAnew(world, ask)
  if (free === null) return { holders, free: without(people, holders) }
  const now = await holdersIfAllowed(world, ask)
  if (now === null) return { holders, free: new Set() }
  return { holders: new Set([...holders, ...now]), free: new Set([...free].filter((id) => !now.has(id))) }
}

async function holdersIfAllowed(world: World, ask: Ask): Promise<ReadonlySet<string> | null> {
  try {
    return await readHolders(world, ask)
  } catch (error) {
    if (isFailure(error, 'forbidden')) return null
    throw error
  }
}

async function readAnew(world: World, ask: Ask): Promise<Reading> {
  const at = world.clock.now()
  const rows = await registrationsIfLicensed(world, ask)
  if (rows === null) return { at, holders: await readHolders(world, ask), free: null }
  // The report is hours behind: whoever was given a role since stands among the roles themselves.
  const now = (await holdersIfAllowed(world, ask)) ?? (await readEligible(world, ask))
  const ids = (isAdmin: boolean) => rows.filter((row) => row.isAdmin === isAdmin).map((row) => row.id)
  const free = ids(false).filter((id) => !now.has(id))
  return { at, holders: new Set([...ids(true), ...now]), free: new Set(free) }
}

/** null: the tenant has no licence for the report. @throws GraphFailure */
export async function registrationsIfLicensed(world: World, ask: Ask): Promise<Registration[] | null> {
  try {
    return await world.directory.listRegistrations(ask)
  } catch (error) {
    if (isFailure(error, 'licence')) return null
    throw error
  }
}

/**
 * People who hold a directory role or may take one on, themselves or by a group. The first needs no licence.
 * @throws GraphFailure
 */
export async function readHolders(world: World, ask: Ask): Promise<Set<string>> {
  const holders = await peopleBehind(world, await world.directory.listRoleHolders(ask), ask)
  if (holders.size > 0) return new Set([...holders, ...(await readEligible(world, ask))])
  const message = 'the directory names nobody who holds a role: every tenant has an administrator'
  throw new GraphFailure({ kind: 'unreadable', message })
}

function without(people: readonly string[], holders: ReadonlySet<string>): Set<string> {
  return new Set(people.filter((id) => !holders.has(id)))
}
