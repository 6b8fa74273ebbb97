import { z } from 'zod'
import { BULK_SOURCES, PEOPLE_KEY, stillToRead } from '../engine/gather.ts'
import { callsFor, callsLeft, timeLeft } from '../engine/gathering-estimate.ts'
import type { World } from '../engine/world.ts'
import { type Source, sourceSchema } from '../people/facts.ts'
import type { SourceReading } from '../store/gathering.ts'
import { Time, time, timeOrNull } from './views.ts'

const SourceView = z.object({
  source: sourceSchema,
  state: z.enum(['idle', 'waiting', 'reading', 'read', 'failed']),
  begunAt: Time.nullable(),
  readAt: Time.nullable().describe('when it was last read to its end'),
  failedAt: Time.nullable(),
  why: z.string().nullable().describe('why the last reading failed'),
  rows: z.int(),
  calls: z.int(),
  callsLeft: z.int(),
})

export const GatheringView = z
  .object({
    gathering: z.boolean(),
    people: z.int().describe('people known of'),
    expected: z.int().nullable().describe('people in the directory, as it said when the gathering began'),
    sources: z.array(SourceView),
    secondsLeft: z
      .int()
      .nullable()
      .describe('by Microsoft’s limits and the pace so far; the sign-in log may take longer'),
    says: z.string(),
    now: Time,
  })
  .describe('How far the gathering of what is known of people is')
export type GatheringView = z.infer<typeof GatheringView>

export async function gatheringView(world: World): Promise<GatheringView> {
  const { read } = world.store
  const readings = new Map((await read.readings()).map((one) => [one.source, one]))
  const people = await read.factsCount()
  const counted = await read.setting(PEOPLE_KEY)
  const expected = counted === undefined ? null : Number(counted)
  const now = world.clock.now()
  const waits = await read.isWaitingAnywhere('gather', now)
  const running = stillToRead(world)
  const gathering = running !== undefined || waits
  const total = Math.max(people, expected ?? 0)
  const underWay = [...readings.values()].filter((one) => one.state === 'reading')
  const reads = (source: Source) => underWay.some((one) => one.source === source)
  const toCome = BULK_SOURCES.filter((source) => (running?.has(source) ?? waits) && !reads(source))
  const left = gathering ? timeLeft(underWay, toCome, total, now) : null
  const sources = BULK_SOURCES.map((source) =>
    sourceView(source, readings.get(source), total, toCome.includes(source)),
  )
  const secondsLeft = left === null ? null : Math.ceil(left / 1000)
  return {
    gathering,
    people,
    expected,
    sources,
    secondsLeft,
    says: say(gathering, people, secondsLeft, sources),
    now: time(now),
  }
}

function sourceView(
  source: (typeof BULK_SOURCES)[number],
  reading: SourceReading | undefined,
  people: number,
  waits: boolean,
): z.infer<typeof SourceView> {
  const state = reading?.state ?? 'idle'
  return {
    source,
    state: waits && state !== 'reading' ? 'waiting' : state,
    begunAt: timeOrNull(reading?.begunAt ?? null),
    readAt: timeOrNull(reading?.readAt ?? null),
    failedAt: timeOrNull(state === 'failed' ? (reading?.failedAt ?? null) : null),
    why: state === 'failed' ? (reading?.why ?? null) : null,
    rows: reading?.rows ?? 0,
    calls: reading?.calls ?? 0,
    callsLeft: reading ? callsLeft(reading, people) : waits ? callsFor(source, people) : 0,
  }
}

function say(
  gathering: boolean,
  people: number,
  secondsLeft: number | null,
  sources: readonly z.infer<typeof SourceView>[],
): string {
  const failed = sources.filter((one) => one.why !== null).map((one) => `${one.source}: ${one.why}`)
  const aside = failed.length > 0 ? `; could not be read: ${failed.join('; ')}` : ''
  if (gathering) {
    const left = secondsLeft === null ? '' : `, about ${sayLeft(secondsLeft)} left`
    return `${people} people so far${left}${aside}`
  }
  return people === 0 ? `nothing is known of anybody yet${aside}` : `${people} people are known of${aside}`
}

function sayLeft(seconds: number): string {
  if (seconds < 90) return `${seconds} seconds`
  return seconds < 5400 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`
}
