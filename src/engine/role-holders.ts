import type { Ask } from '../graph/directory/ask.ts'
import type { World } from './world.ts'

interface Reading {
  at: number
  people: Set<string>
}

// A reading, not a state: another process, or this one after a restart, reads anew.
const readings = new WeakMap<World, Reading>()

/**
 * Who holds a directory role, or may hold one, by the registration report: it is hours behind and costs a page for
 * every five hundred people, so a reading serves the chunks of the next quarter of an hour.
 */
export async function roleHolders(world: World, ask: Ask): Promise<ReadonlySet<string>> {
  const known = readings.get(world)
  const now = world.clock.now()
  if (known && now - known.at < world.times.recheckMs) return known.people
  const rows = await world.directory.listRegistrations(ask)
  const people = new Set(rows.filter((row) => row.isAdmin !== false).map((row) => row.id))
  readings.set(world, { at: now, people })
  return people
}
