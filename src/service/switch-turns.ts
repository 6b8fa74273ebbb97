import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'

/** A rearm that has its turn. */
export interface RearmTurn {
  /** Aborted when a disarm has overtaken it. */
  overtaken: AbortSignal
  /** From here on Microsoft may have been asked to switch the policy on. */
  sent: boolean
}

interface Line {
  last: Promise<unknown>
  rearms: Set<{ turn: RearmTurn; overtake: () => void; settled: Promise<unknown> }>
}

const lines = new WeakMap<World, Map<string, Line>>()

function lineOf(world: World, rolloutId: string): Line {
  const known = lines.get(world) ?? new Map<string, Line>()
  lines.set(world, known)
  const line = known.get(rolloutId) ?? { last: Promise.resolve(), rearms: new Set() }
  known.set(rolloutId, line)
  return line
}

export function disarmedMeanwhile() {
  const because = 'the rollout was disarmed again, or is disarmed no longer, since this rearm was asked for'
  return fault('notApplicable', { verb: 'rearm', because, instead: 'Look again, and say rearm anew.' })
}

/** A rearm waits for whatever was asked for before it on the same rollout. */
export async function rearmInTurn<T>(
  world: World,
  rolloutId: string,
  work: (turn: RearmTurn) => Promise<T>,
): Promise<T> {
  const line = lineOf(world, rolloutId)
  const ending = new AbortController()
  const turn: RearmTurn = { overtaken: ending.signal, sent: false }
  const mine = line.last.then(() => work(turn))
  const settled = mine.catch(() => {})
  const entry = { turn, overtake: () => ending.abort(disarmedMeanwhile()), settled }
  line.last = settled
  line.rearms.add(entry)
  try {
    return await mine
  } finally {
    line.rearms.delete(entry)
  }
}

/**
 * A disarm waits for nobody. `olderSettled` answers with true after the end of an older rearm that had been sent: its
 * call may have been carried out after ours.
 */
export async function disarmAtOnce<T>(
  world: World,
  rolloutId: string,
  work: (olderSettled: () => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const line = lineOf(world, rolloutId)
  const older = [...line.rearms]
  for (const { overtake } of older) overtake()
  const mine = work(async () => {
    const sent = older.filter(({ turn }) => turn.sent)
    await Promise.all(sent.map(({ settled }) => settled))
    return sent.length > 0
  })
  line.last = Promise.allSettled([line.last, mine])
  return await mine
}
