import type { Bucket } from '../graph/route.ts'

/** What other applications take of each limit, in its units per window of the limit. */
export type OtherLoad = Partial<Record<Bucket, number>>

/** The moments at which the others send, up to now, each with what it takes. */
export type OtherSends = (perWindow: number, now: number) => { at: number; units: number }[]

/** No finer than this: others send bigger pieces instead. */
const MOST_SENDS = 20

/** Others send at an uneven beat of their own. */
export function otherSends(window: number): OtherSends {
  let next = Number.NEGATIVE_INFINITY
  return (perWindow, now) => {
    if (perWindow <= 0) {
      next = Number.NEGATIVE_INFINITY
      return []
    }
    const sends = Math.min(MOST_SENDS, perWindow)
    const beat = window / sends
    const units = perWindow / sends
    const found: { at: number; units: number }[] = []
    // Nobody looked for a while: only what may still count matters.
    let place = Math.max(next, Math.floor((now - 2 * window) / beat))
    for (; momentOf(place, beat) <= now; place++) found.push({ at: momentOf(place, beat), units })
    next = place
    return found
  }
}

/** The beat's own moment and up to nine tenths of a beat more; moments never change places. */
function momentOf(place: number, beat: number): number {
  const uneven = (((place * 7919) % 97) + 97) % 97
  return (place + (0.9 * uneven) / 97) * beat
}
