import { z } from 'zod'
import type { ClockReading } from '../graph/graph-clock.ts'
import { type Lane, type LimiterState, lanes } from '../graph/limiter.ts'
import { type Bucket, buckets } from '../graph/limits.ts'

const Count = z.int().min(0)

export const BucketView = z.object({
  bucket: z.enum(buckets),
  used: Count.describe('taken within the window; resource units for identityReads, requests elsewhere'),
  allowed: Count.describe('what may be taken in the window now'),
  windowMs: Count.describe('the window in which that much is allowed'),
  ceiling: Count.describe('what Microsoft documents'),
  ceilingWindowMs: Count.describe('the window of Microsoft’s ceiling'),
  share: z.number().describe('the part of the ceiling used now; less while Microsoft refuses'),
  closedUntil: z.iso.datetime().nullable().describe('nothing is sent before this time'),
  waiting: z.record(z.enum(lanes), Count).describe('calls that wait, by lane, first served first'),
  sent: Count.describe('calls since this process began'),
  throttled: Count.describe('how many of them Microsoft answered with 429'),
})
export type BucketView = z.infer<typeof BucketView>

export const LimitsView = z.object({
  buckets: z.array(BucketView),
  clock: z.object({
    skewMs: z.int().nullable().describe('how far Graph’s clock is ahead of ours; null: not heard yet'),
    measuredAt: z.iso.datetime().nullable(),
  }),
})
export type LimitsView = z.infer<typeof LimitsView>

/** Microsoft's limits and clock as callers see them. */
export function limitsView(state: Record<Bucket, LimiterState>, clock: ClockReading | null): LimitsView {
  return {
    buckets: buckets.map((bucket) => bucketView(bucket, state[bucket])),
    clock: {
      skewMs: clock === null ? null : Math.round(clock.skew),
      measuredAt: clock === null ? null : isoOf(clock.at),
    },
  }
}

function bucketView(bucket: Bucket, state: LimiterState): BucketView {
  const { used, ceiling, documented, window, share, closedUntil, sent, throttled } = state
  return {
    bucket,
    used,
    allowed: ceiling,
    windowMs: window,
    ceiling: documented.ceiling,
    ceilingWindowMs: documented.window,
    share,
    closedUntil: closedUntil === null ? null : isoOf(closedUntil),
    waiting: { ...state.waiting } satisfies Record<Lane, number>,
    sent,
    throttled,
  }
}

function isoOf(time: number): string {
  return new Date(time).toISOString()
}
