import type { Clock } from '../clock/clock.ts'
import { type BucketState, bucketMeter } from './bucket-meter.ts'
import { type Bucket, buckets, type Cost, defaultShare, type Limits, limitsFor } from './limits.ts'

/** First served first. `disarm` takes the switch-off of a policy and nothing else. */
export const lanes = ['disarm', 'restore', 'change', 'verify', 'scan'] as const
export type Lane = (typeof lanes)[number]

export interface Permit {
  lane: Lane
  /** What was taken, of all its calls together. */
  costs: Cost[]
  /** How many calls may be sent with it, in one request. */
  calls: number
  /** When it was granted, milliseconds since the epoch. */
  at: number
}

export interface LimiterState extends BucketState {
  /** Calls that wait, by lane. */
  waiting: Record<Lane, number>
}

/** What headers say of Microsoft's own count; each may be missing. */
export interface Told {
  /** `x-ms-resource-unit`: what the call cost. */
  resourceUnits?: number | undefined
  /** `x-ms-throttle-limit-percentage`: the used part of a ceiling, said above 0.8 only. */
  limitPart?: number | undefined
}

export interface Limiter {
  /**
   * Resolves when the call may be sent: every bucket of `costs` has room and nobody in a higher lane waits for one of
   * them. Rejects with the signal's reason, and leaves the queue, when it is aborted.
   */
  take(lane: Lane, costs: Cost[], signal?: AbortSignal): Promise<Permit>
  /**
   * The same for one request that carries several calls: lets through as many of them, from the first on, as there is
   * room for at that moment, and at least one.
   */
  takeSome(lane: Lane, wanted: readonly Cost[][], signal?: AbortSignal): Promise<Permit>
  /** The call is over, whatever came of it; to be said of every permit, or its place is never free again. */
  release(permit: Permit): void
  /** The call was answered with 429. `retryAfter` is Microsoft's, milliseconds; without it the bucket backs off by itself. */
  throttled(permit: Permit, retryAfter?: number): void
  /** The call was answered otherwise: what was slowed down recovers. `told` is what Microsoft said of its own count. */
  answered(permit: Permit, told?: Told): void
  state(): Record<Bucket, LimiterState>
}

export interface LimiterOptions {
  clock: Clock
  /** Default: those of a tenant with more than 500 users. */
  limits?: Limits
  /** The part of each ceiling we use, above 0 and at most 1. */
  share?: number
  /** The most calls in flight at a time, each a connection of its own; `disarm` is not counted. */
  concurrency?: number
}

const defaultConcurrency = 20

/** Calls of higher lanes after which one that waits behind them goes first. What takes people back waits for nobody. */
const patience = 8
const patientLanes: readonly Lane[] = ['verify', 'scan']

interface Waiter {
  wanted: readonly Cost[][]
  permit: Permit
  grant(): void
}

/** The one limiter of a tenant; everything that calls Graph shares it. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { clock } = options
  const limits = options.limits ?? limitsFor('L')
  const share = options.share ?? defaultShare
  const meters = forEachOf(buckets, (bucket) => bucketMeter(limits[bucket], share))
  // A queue per bucket that a call takes most of, so that a full bucket does not hold up calls that need another.
  const queues = forEachOf(buckets, () => forEachOf(lanes, (): Waiter[] => []))
  const passedBy = forEachOf(buckets, () => forEachOf(lanes, () => 0))
  const concurrency = options.concurrency ?? defaultConcurrency
  const inFlight = new Set<Permit>()
  let cancelWake: (() => void) | undefined

  function serve(): void {
    const now = clock.now()
    const full = new Map<Bucket, number>()
    for (const lane of lanes) {
      for (const bucket of buckets) {
        if (lane === 'change') servePassedBy(bucket, now, full)
        while (serveHead(bucket, lane, now, full)) {
          if (lane !== 'disarm' && lane !== 'restore') servePassedBy(bucket, now, full)
        }
      }
    }
    cancelWake?.()
    cancelWake = full.size > 0 ? clock.at(Math.min(...full.values()), serve) : undefined
  }

  /** A bucket that is always busy would never come to the readings that say whether it may go on. */
  function servePassedBy(bucket: Bucket, now: number, full: Map<Bucket, number>): void {
    for (const lane of patientLanes) {
      if (passedBy[bucket][lane] >= patience) serveHead(bucket, lane, now, full)
    }
  }

  /** False: nobody waits, or the first does not fit; what that one waits for is full for all who come after it. */
  function serveHead(bucket: Bucket, lane: Lane, now: number, full: Map<Bucket, number>): boolean {
    const queue = queues[bucket][lane]
    const waiter = queue[0]
    if (!waiter || (inFlight.size >= concurrency && lane !== 'disarm')) return false
    const { permit, wanted } = waiter
    permit.calls = takeWhatFits(wanted, lane, now, full)
    if (permit.calls === 0) return false
    permit.costs = wanted.slice(0, permit.calls).flat()
    queue.shift()
    if (lane !== 'disarm') inFlight.add(permit)
    permit.at = now
    countPassedBy(bucket, lane, permit.calls)
    waiter.grant()
    return true
  }

  function countPassedBy(bucket: Bucket, served: Lane, calls: number): void {
    passedBy[bucket][served] = 0
    for (const lane of patientLanes) {
      const isBehind = lanes.indexOf(lane) > lanes.indexOf(served) && queues[bucket][lane].length > 0
      if (isBehind) passedBy[bucket][lane] += calls
    }
  }

  function takeWhatFits(
    wanted: readonly Cost[][],
    lane: Lane,
    now: number,
    full: Map<Bucket, number>,
  ): number {
    let calls = 0
    for (const costs of wanted) {
      if (costs.some(({ bucket }) => full.has(bucket))) break
      for (const { bucket, units } of costs) {
        const opens = meters[bucket].opensAt(now, units, lane === 'disarm')
        if (opens > now) full.set(bucket, opens)
      }
      if (costs.some(({ bucket }) => full.has(bucket))) break
      for (const { bucket, units } of costs) meters[bucket].take(now, units)
      calls++
    }
    return calls
  }

  async function takeSome(lane: Lane, wanted: readonly Cost[][], signal?: AbortSignal): Promise<Permit> {
    signal?.throwIfAborted()
    const queue = queues[wanted[0]?.[0]?.bucket ?? 'identityReads'][lane]
    return new Promise((resolve, reject) => {
      const leave = () => {
        const place = queue.indexOf(waiter)
        if (place !== -1) queue.splice(place, 1)
        reject(signal?.reason)
        serve()
      }
      const permit: Permit = { lane, costs: [], calls: 0, at: clock.now() }
      const waiter: Waiter = {
        wanted,
        permit,
        grant() {
          signal?.removeEventListener('abort', leave)
          resolve(permit)
        },
      }
      signal?.addEventListener('abort', leave, { once: true })
      queue.push(waiter)
      serve()
    })
  }

  return {
    take: (lane, costs, signal) => takeSome(lane, [costs], signal),
    takeSome,
    release(permit) {
      if (inFlight.delete(permit)) serve()
    },
    throttled(permit, retryAfter) {
      const { at: sentAt, lane } = permit
      for (const [bucket, { units, calls }] of sums(permit.costs)) {
        const refused = { sentAt, calls, units, urgent: lane === 'disarm', retryAfter }
        meters[bucket].throttled(clock.now(), refused)
      }
      serve()
    },
    answered(permit, told = {}) {
      const now = clock.now()
      for (const [bucket, { units, calls }] of sums(permit.costs)) {
        if (bucket === 'identityReads' && told.resourceUnits !== undefined) {
          meters[bucket].correct(permit.at, told.resourceUnits - units)
        }
        // Which of the buckets it speaks of is not said; each that the call used goes slower.
        if (told.limitPart !== undefined) meters[bucket].pressed(now, told.limitPart)
        meters[bucket].answered(now, permit.at, calls)
      }
    },
    state: () =>
      forEachOf(buckets, (bucket) => ({
        ...meters[bucket].state(clock.now()),
        waiting: forEachOf(lanes, (lane) =>
          queues[bucket][lane].reduce((sum, { wanted }) => sum + wanted.length, 0),
        ),
      })),
  }
}

/** What costs come to, by bucket. */
function sums(costs: readonly Cost[]): Map<Bucket, { units: number; calls: number }> {
  const found = new Map<Bucket, { units: number; calls: number }>()
  for (const { bucket, units } of costs) {
    const before = found.get(bucket) ?? { units: 0, calls: 0 }
    found.set(bucket, { units: before.units + units, calls: before.calls + 1 })
  }
  return found
}

function forEachOf<K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>
}
