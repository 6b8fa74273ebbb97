import type { LifeTime } from './life-time.ts'
import { dice } from './random.ts'
import type { FaultAction } from './service/fault.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A bad day of Microsoft's: Graph fails for four hours of the third day, and the log of that day comes in the evening. */
export interface Outage {
  /** What happens to a request of Graph at this time of the clock. */
  meet(url: string, now: number): FaultAction | undefined
  /** When the log shows a row of this time at the earliest. */
  notBefore(at: number): number
}

export function outage(seed: number, time: LifeTime, epoch: number): Outage {
  const day = Math.floor(time.toLife(epoch) / DAY) * DAY + 2 * DAY
  let requests = 0
  return {
    meet(url, now) {
      const life = time.toLife(now)
      if (!/^\/(v1\.0|beta)\//.test(url) || life < day + 9 * HOUR || life >= day + 13 * HOUR) return undefined
      const roll = dice(seed, 41, ++requests)
      const kind = roll()
      if (kind < 0.2) return undefined
      if (kind < 0.6) {
        const seconds = String(Math.ceil(10 + roll() * 110))
        return {
          kind: 'status',
          status: 503,
          code: 'ServiceUnavailable',
          headers: { 'Retry-After': seconds },
        }
      }
      if (kind < 0.8) return { kind: 'status', status: 503, code: 'ServiceUnavailable' }
      // A gateway that waited too long does not know what became of the request.
      return { kind: roll() < 0.5 ? 'statusAfter' : 'status', status: 504, code: 'GatewayTimeout' }
    },
    notBefore(at) {
      const life = time.toLife(at)
      if (life < day + 6 * HOUR || life >= day + 16 * HOUR) return at
      return time.toClock(day + 19 * HOUR + (life - day) / 8)
    },
  }
}
