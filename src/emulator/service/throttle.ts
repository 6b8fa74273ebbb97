import type { Bucket } from '../graph/route.ts'
import { type OtherLoad, otherSends } from './others.ts'

interface Window {
  began: number
  used: number
}

/** What a limit says to one more request. */
export interface Verdict {
  refused: boolean
  /** Used share of the limit, this request included. */
  share: number
  /** Whole seconds until the window is over. */
  retryAfter: number
}

export interface ThrottleCosts {
  bucket: Bucket
  units: number
  write: boolean
}

export interface Throttled {
  refused: boolean
  headers: Record<string, string>
}

export interface ThrottleIds {
  tenantId: string
  clientId: string
  people: number
}

/** No window shrinks further: calls take real milliseconds, and Retry-After says whole seconds. */
const SHORTEST = 1 / 10

/**
 * Microsoft's documented limits for one app in one tenant (reference/graph.md §12); their windows are shorter where
 * everything else of the tenant is.
 */
export function throttle(ids: ThrottleIds, others: () => OtherLoad = () => ({}), delays = 1) {
  const pace = Math.max(delays, SHORTEST)
  const units = ids.people < 50 ? 3500 : ids.people <= 500 ? 5000 : 8000
  const conditionalAccess = limit(1, 1000 * pace, () => others().conditionalAccess)
  const reports = limit(5, 10_000 * pace, () => others().reports)
  // Of one mailbox: whoever uses this sends from one.
  const outlook = limit(10_000, 600_000 * pace, () => others().outlook)
  const directory = limit(units, 10_000 * pace, () => others().directory)
  const writes = limit(3000, 150_000 * pace)
  const activity = limit(10, 60_000 * pace)
  const scope = (kind: string) => `Tenant_Application/${kind}/${ids.clientId}/${ids.tenantId}`

  /** Counts a request; a refused one counts too. */
  return function admit(cost: ThrottleCosts, now: number): Throttled {
    if (cost.bucket === 'conditionalAccess') {
      // The one limit that is answered without Retry-After.
      return { refused: conditionalAccess(1, now).refused, headers: {} }
    }
    const alone = { reports, signInActivity: activity, outlook }
    if (cost.bucket !== 'directory') {
      const verdict = alone[cost.bucket](1, now)
      return {
        refused: verdict.refused,
        headers: verdict.refused ? { 'Retry-After': String(verdict.retryAfter) } : {},
      }
    }
    const headers: Record<string, string> = { 'x-ms-resource-unit': String(cost.units) }
    const read = directory(cost.units, now)
    const written = cost.write ? writes(1, now) : undefined
    const worst = written && written.share > read.share ? written : read
    if (worst.share > 0.8) headers['x-ms-throttle-limit-percentage'] = Math.min(1.8, worst.share).toFixed(2)
    if (!worst.refused) return { refused: false, headers }
    headers['Retry-After'] = String(worst.retryAfter)
    headers['x-ms-throttle-scope'] = scope(worst === written ? 'Write' : 'ReadWrite')
    headers['x-ms-throttle-information'] =
      worst === written ? 'WriteLimitExceeded' : 'ResourceUnitLimitExceeded'
    return { refused: true, headers }
  }
}

function limit(
  most: number,
  length: number,
  others: () => number | undefined = () => 0,
): (cost: number, now: number) => Verdict {
  let window: Window = { began: Number.NEGATIVE_INFINITY, used: 0 }
  const sends = otherSends(length)
  const take = (cost: number, at: number) => {
    if (at >= window.began + length) window = { began: at, used: 0 }
    window.used += cost
  }
  return (cost, now) => {
    for (const { at, units } of sends(others() ?? 0, now)) take(units, at)
    take(cost, now)
    return {
      refused: window.used > most,
      share: window.used / most,
      retryAfter: Math.max(1, Math.ceil((window.began + length - now) / 1000)),
    }
  }
}
