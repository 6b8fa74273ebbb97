import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { Source } from '../people/facts.ts'
import type { SourceReading } from '../store/gathering.ts'
import type { Writer } from '../store/store.ts'
import { scaleOf } from './scale.ts'
import type { World } from './world.ts'

/** One answer of a source, and where the next one is. */
export interface Portion {
  rows: number
  calls: number
  /** null: that was the last. */
  next: object | null
  /** With the last portion also what the source, read to its end, says of those it did not name. */
  save(writer: Writer): Promise<void>
  /** What the last portion leaves for the next reading. */
  keeps?: Partial<SourceReading>
}

export type Begun = SourceReading & { begunAt: number }

/** A source that is read portion by portion. */
export interface SourceSteps {
  source: Source
  read(next: object | null, reading: Begun, ask: Ask): Promise<Portion>
}

const IDLE: Omit<SourceReading, 'source'> = {
  state: 'idle',
  begunAt: null,
  readAt: null,
  failedAt: null,
  why: null,
  code: null,
  next: null,
  delta: null,
  deltaAt: null,
  rows: 0,
  calls: 0,
}

/** A place in a list is good for so long; after that it is read from its beginning. */
const RESUMABLE = 6 * 3_600_000

export async function readingOf(world: World, source: Source): Promise<SourceReading> {
  const readings = await world.store.read.readings()
  return readings.find((one) => one.source === source) ?? { ...IDLE, source }
}

/**
 * Reads one source to its end, from where a crash left it. What it shows and how far it is are committed together. A
 * failure is kept with its reason, and is no error: the other sources go on.
 */
export async function readSource(world: World, steps: SourceSteps, ask: Ask): Promise<void> {
  const before = await readingOf(world, steps.source)
  const isResumed =
    before.state === 'reading' &&
    before.next !== null &&
    world.clock.now() - (before.begunAt ?? 0) < RESUMABLE * scaleOf(world)
  try {
    if (!isResumed) return await fromTheBeginning(world, steps, before, ask)
    try {
      await toTheEnd(world, steps, { ...before, begunAt: before.begunAt ?? 0 }, ask)
    } catch (error) {
      // The place in the list may be forgotten by now.
      if (!(error instanceof GraphFailure) || isOfTheMoment(error)) throw error
      await fromTheBeginning(world, steps, before, ask)
    }
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    await noteFailure(world, steps.source, error)
  }
}

async function fromTheBeginning(
  world: World,
  steps: SourceSteps,
  before: SourceReading,
  ask: Ask,
): Promise<void> {
  const begun = { ...before, state: 'reading' as const, begunAt: world.clock.now(), next: null }
  const reading = { ...begun, rows: 0, calls: 0 }
  await world.store.tx((writer) => writer.setReading(reading))
  await toTheEnd(world, steps, reading, ask)
}

async function toTheEnd(world: World, steps: SourceSteps, from: Begun, ask: Ask): Promise<void> {
  let reading = from
  let next = from.next as object | null
  do {
    const portion = await steps.read(next, reading, ask)
    next = portion.next
    reading = { ...reading, next, rows: reading.rows + portion.rows, calls: reading.calls + portion.calls }
    await world.store.tx(async (writer) => {
      await portion.save(writer)
      await writer.setReading(next === null ? await ended(world, writer, reading, portion) : reading)
    })
  } while (next !== null)
}

async function ended(
  world: World,
  writer: Writer,
  reading: SourceReading,
  { keeps }: Portion,
): Promise<SourceReading> {
  const at = world.clock.now()
  const { source, rows, calls } = reading
  await writer.append({
    at,
    rolloutId: null,
    type: 'people.read',
    actor: 'wavegate',
    data: { source, rows, calls },
  })
  return { ...reading, state: 'read', readAt: at, failedAt: null, why: null, code: null, ...keeps }
}

function isOfTheMoment({ kind }: GraphFailure): boolean {
  return kind === 'throttled' || kind === 'unavailable' || kind === 'unauthenticated'
}

/** In words for whoever asks why nobody is ready. */
function sayFailure(source: Source, { kind, message, permission: least }: GraphFailure): string {
  const permission = source === 'activity' ? 'AuditLog.Read.All' : least
  if (kind === 'licence') return 'it needs Entra ID P1, which this tenant does not have'
  if (kind === 'forbidden' && permission !== undefined)
    return `the application may not: it needs ${permission}`
  return message
}

async function noteFailure(world: World, source: Source, error: GraphFailure): Promise<void> {
  const at = world.clock.now()
  const why = sayFailure(source, error)
  const code = `graph.${error.kind}`
  world.log.warn({ err: error, source }, 'what is known of people could not be read from this source')
  await world.store.tx(async (writer) => {
    const now = (await writer.readings()).find((one) => one.source === source) ?? { ...IDLE, source }
    await writer.setReading({ ...now, state: 'failed', failedAt: at, why, code, next: null })
    const data = { source, why, code }
    await writer.append({ at, rolloutId: null, type: 'people.notRead', actor: 'wavegate', data })
  })
}
