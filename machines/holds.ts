import type { Hold, HoldKind } from './language.ts'

/** Which holds the verb `resume` lifts; a gate that held is judged afresh after it. */
const LIFTED_BY_RESUME: readonly HoldKind[] = [
  'user',
  'error',
  'stuck',
  'gateFailed',
  'gateUnknown',
  'waveRolledBack',
]

/** One hold a kind and gate: placing it again keeps its age. */
export function placeHold(holds: readonly Hold[], hold: Hold): Hold[] {
  const same = holds.find((other) => other.kind === hold.kind && other.gate === hold.gate)
  const kept = holds.filter((other) => other !== same)
  return [...kept, same ? { ...hold, since: same.since } : hold]
}

export function liftHolds(holds: readonly Hold[], kinds: readonly HoldKind[], gate?: string): Hold[] {
  return holds.filter((hold) => !(kinds.includes(hold.kind) && (gate === undefined || hold.gate === gate)))
}

export function resumeHolds(holds: readonly Hold[]): Hold[] {
  return liftHolds(holds, LIFTED_BY_RESUME)
}

export function canResume(holds: readonly Hold[]): boolean {
  return holds.some((hold) => LIFTED_BY_RESUME.includes(hold.kind))
}
