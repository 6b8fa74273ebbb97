import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { LocationFound } from '../methods/trusted-locations.ts'
import { rangesOf } from '../methods/trusted-locations.ts'
import { contains, ipRange } from '../plan/ip-range.ts'
import type { World } from './world.ts'

/** Sign-ins of so long ago still tell where somebody works; the log keeps no more. */
const BACK_MS = 30 * 86_400_000
/** A caller waits for the answer, and the log takes four readings in ten seconds. */
const MOST_PAGES = 10

/** In words, who is seen only at the trusted places and so will never be asked for MFA; what is not known is said. */
export async function sayNeverPrompted(
  world: World,
  found: readonly LocationFound[],
  ask: Ask,
): Promise<string> {
  const texts = found.flatMap(({ wanted, location }) =>
    location ? rangesOf(location) : (wanted.ranges ?? []),
  )
  const ranges = texts.flatMap((text) => ipRange(text) ?? [])
  const isInside = new Map<string, boolean>()
  const to = world.clock.now()
  let since = to - BACK_MS
  let pages = 0
  try {
    for await (const page of world.directory.listSignIns({ from: since, to }, ask)) {
      for (const { userId, ipAddress } of page) {
        const inside = ipAddress !== null && ranges.some((range) => contains(range, ipAddress))
        isInside.set(userId, inside && (isInside.get(userId) ?? true))
      }
      pages += 1
      if (pages < MOST_PAGES) continue
      since = Date.parse(page.at(-1)?.createdDateTime ?? '') || since
      break
    }
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    return 'Who will never be asked for MFA, since they sign in only there, is not known: the sign-in log could not be read.'
  }
  if (isInside.size === 0)
    return 'Who will never be asked for MFA, since they sign in only there, is not known: the log shows nobody.'
  const only = [...isInside.values()].filter(Boolean).length
  const day = new Date(since).toISOString().slice(0, 10)
  return `Of ${isInside.size} people in the sign-in log since ${day}, ${only} were seen only there: they will never be asked for MFA.`
}
