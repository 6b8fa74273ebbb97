import type { SignInActivity } from '@microsoft/microsoft-graph-types'
import type { Person } from '../people/person.ts'
import type { SignInLog } from './sign-in-log.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Slower than the log. */
const LAG = 6 * HOUR

/** When each person last signed in, long after the log has forgotten it. */
export interface LastSignIns {
  /** As it is shown now; undefined: of somebody who never signed in nothing is said. */
  of(person: Person, now: number): SignInActivity | undefined
}

interface Try {
  at: number
  ok: boolean
}

/** Looks at every row that is added to a log. */
export function lastSignIns(
  log: SignInLog,
  epoch: number,
  scaled: (ms: number) => number,
): { log: SignInLog; last: LastSignIns } {
  const tries = new Map<number, Try[]>()
  const lag = scaled(LAG)
  return {
    log: {
      ...log,
      get size() {
        return log.size
      },
      add(row) {
        log.add(row)
        const own = tries.get(row.person.index) ?? []
        own.push({ at: row.at, ok: row.code === 0 })
        // Of what everybody sees already, only the latest try and the latest success are of use.
        while (own.length > 3 && isShown(own[2], row.at, lag) && (own[2]?.ok || !own[0]?.ok)) own.shift()
        tries.set(row.person.index, own)
      },
    },
    last: {
      of(person, now) {
        const shown = (tries.get(person.index) ?? []).filter((one) => isShown(one, now, lag))
        const before = person.quietDays === null ? undefined : epoch - scaled(person.quietDays * DAY)
        const any = shown.at(-1)?.at ?? before
        const success = shown.findLast((one) => one.ok)?.at ?? before
        if (any === undefined) return undefined
        return {
          lastSignInDateTime: iso(any),
          lastNonInteractiveSignInDateTime: null,
          lastSuccessfulSignInDateTime: success === undefined ? null : iso(success),
        }
      },
    },
  }
}

function isShown(one: Try | undefined, now: number, lag: number): boolean {
  return one !== undefined && one.at + lag <= now
}

function iso(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}
