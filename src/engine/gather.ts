import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { Source } from '../people/facts.ts'
import type { SourceReading } from '../store/gathering.ts'
import { askOwners } from './ask-owners.ts'
import { accountSteps } from './gather-accounts.ts'
import { legacySteps } from './gather-legacy.ts'
import { activitySteps, registrationSteps } from './gather-reports.ts'
import { rhythmSteps } from './gather-rhythm.ts'
import { roleSteps } from './gather-roles.ts'
import { readSource, type SourceSteps } from './gather-source.ts'
import { keepSummary } from './people-summary.ts'
import { scaleOf } from './scale.ts'
import type { World } from './world.ts'

const HOUR = 3_600_000

/** Sources that are read of everybody at once, each by its cheapest call, the last of the few it matters for; and how old each may be when it is asked for. */
export const BULK_SOURCES = ['account', 'roles', 'registration', 'legacy', 'activity', 'rhythm'] as const
export type BulkSource = (typeof BULK_SOURCES)[number]

const GOOD_FOR: Record<BulkSource, number> = {
  account: HOUR,
  roles: HOUR,
  registration: 6 * HOUR,
  legacy: 24 * HOUR,
  activity: 12 * HOUR,
  rhythm: 24 * HOUR,
}

/** How many people there are, as the directory said last. */
export const PEOPLE_KEY = 'people.count'

// In this process; another one, or this one after a restart, goes on where the store says.
const underWay = new WeakMap<World, { run: Promise<void>; left: Set<Source> }>()

/** Brings what is known of everybody up to date; whoever asks while that is under way waits for the same. */
export async function gather(world: World, signal: AbortSignal, fromAnew = false): Promise<void> {
  const running = underWay.get(world)
  if (running) return await running.run
  const left = new Set<Source>(BULK_SOURCES)
  const ask = { lane: 'scan' as const, signal }
  const run = gatherNow(world, ask, fromAnew, left).finally(() => underWay.delete(world))
  underWay.set(world, { run, left })
  await run
}

/** Sources of the gathering under way that are not read to their end; undefined: nothing is under way. */
export function stillToRead(world: World): ReadonlySet<Source> | undefined {
  return underWay.get(world)?.left
}

async function gatherNow(world: World, ask: Ask, fromAnew: boolean, left: Set<Source>): Promise<void> {
  const readings = new Map((await world.store.read.readings()).map((one) => [one.source, one]))
  const wanted = new Set<Source>(
    BULK_SOURCES.filter((source) => fromAnew || isWanted(world, source, readings.get(source))),
  )
  for (const source of BULK_SOURCES) if (!wanted.has(source)) left.delete(source)
  if (wanted.size === 0) return
  await noteBegin(world, [...wanted], ask)
  const read = async (steps: SourceSteps) => {
    if (wanted.has(steps.source)) await readSource(world, steps, ask)
    left.delete(steps.source)
  }
  // People first: of somebody who is not known, nothing is kept.
  await read(accountSteps(world))
  const reports = async () => {
    await read(registrationSteps(world))
    await read(legacySteps(world))
    await read(rhythmSteps(world))
  }
  await allOf([reports(), read(activitySteps(world)), read(roleSteps(world))])
  await askOwners(world)
  await keepSummary(world)
  await noteEnd(world, [...wanted])
}

/** Waits for all of them, also where one fails. */
async function allOf(work: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
}

function isWanted(world: World, source: BulkSource, reading: SourceReading | undefined): boolean {
  if (reading?.state !== 'read' || reading.readAt === null) return true
  return world.clock.now() - reading.readAt >= GOOD_FOR[source] * scaleOf(world)
}

async function noteBegin(world: World, sources: readonly Source[], ask: Ask): Promise<void> {
  const people = await countIfTold(world, ask)
  await world.store.tx(async (writer) => {
    if (people !== null) await writer.setSetting(PEOPLE_KEY, String(people))
    const data = { sources, people }
    await writer.append({
      at: world.clock.now(),
      rolloutId: null,
      type: 'people.gathering',
      actor: 'wavegate',
      data,
    })
  })
}

/** It only serves the estimate. */
async function countIfTold(world: World, ask: Ask): Promise<number | null> {
  try {
    return await world.directory.countPeople(ask)
  } catch (error) {
    if (error instanceof GraphFailure) return null
    throw error
  }
}

async function noteEnd(world: World, sources: readonly Source[]): Promise<void> {
  const readings = (await world.store.read.readings()).filter((one) => sources.includes(one.source))
  const failed = readings.filter((one) => one.state === 'failed').map((one) => one.source)
  const people = await world.store.read.factsCount()
  const calls = readings.reduce((sum, one) => sum + one.calls, 0)
  await world.store.tx((writer) =>
    writer.append({
      at: world.clock.now(),
      rolloutId: null,
      type: 'people.gathered',
      actor: 'wavegate',
      data: { people, calls, failed },
    }),
  )
}
