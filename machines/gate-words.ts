import { liftHolds, placeHold } from './holds.ts'
import type { GateWord, Hold, HoldKind } from './language.ts'

/**
 * Holds after the gates have spoken. A gate that was unknown lifts itself by passing, one that failed waits for a
 * person. A gate that a person advanced over can still say that its budget is spent.
 */
export function holdsAfterGates(
  holds: readonly Hold[],
  gates: readonly GateWord[],
  overridden: readonly string[],
  at: number,
  accepted: Accepted = {},
): Hold[] {
  return gates.reduce<Hold[]>(
    (held, word) => {
      const hold = isAccepted(word, accepted) ? null : holdFor(word, overridden, at)
      const hasFailed = held.some((other) => other.kind === 'gateFailed' && other.gate === word.gate)
      if (hasFailed && word.verdict !== 'fail' && !word.spent && !overridden.includes(word.gate)) return held
      const stays = hold ? [hold.kind] : []
      const gone = VERDICT_HOLDS.filter((kind) => !stays.includes(kind))
      const cleared = liftHolds(held, gone, word.gate)
      return hold ? placeHold(cleared, hold) : cleared
    },
    [...holds],
  )
}

const VERDICT_HOLDS: readonly HoldKind[] = ['gateUnknown', 'gateFailed']

function holdFor(word: GateWord, overridden: readonly string[], at: number): Hold | null {
  const about = { since: at, by: 'wavegate', reason: word.why, gate: word.gate }
  if (word.spent) return { kind: 'budgetSpent', ...about }
  if (overridden.includes(word.gate)) return null
  switch (word.verdict) {
    case 'pass':
    case 'waiting':
      return null
    case 'fail':
      return { kind: 'gateFailed', ...about }
    case 'unknown':
      return { kind: 'gateUnknown', ...about }
    default:
      return word.verdict satisfies never
  }
}

export type Accepted = Readonly<Record<string, number>>

/** A budget that was spent and accepted holds again when it counts more people than it did then. */
function isAccepted(word: GateWord, accepted: Accepted): boolean {
  return word.spent === true && (accepted[word.gate] ?? -1) >= (word.count ?? Number.POSITIVE_INFINITY)
}

/** How the work that judged stands: `answered` when every gate passed, was advanced over or accepted. */
export function gatesStand(
  gates: readonly GateWord[],
  overridden: readonly string[],
  accepted: Accepted = {},
): 'answered' | 'again' {
  const open = gates.filter(
    (word) =>
      word.verdict !== 'pass' &&
      !isAccepted(word, accepted) &&
      (word.spent || !overridden.includes(word.gate)),
  )
  return open.length === 0 ? 'answered' : 'again'
}
