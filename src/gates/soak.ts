import { sayDuration } from '../plan/units.ts'
import { type Asked, evidenceOf, type GateResult, passed, unknown } from './gate-result.ts'

export type SoakStatus = {
  elapsedMs: number
  remainingMs: number
  /** When it ends if nothing stops it; null while it stands still. */
  endsAt: number | null
}

/** Healthy time only: what was soaked before, and what has been since it last ran (`since` null = it stands still). */
export function soakStatus(input: {
  forMs: number
  soakedBeforeMs: number
  since: number | null
  now: number
}): SoakStatus {
  const running = input.since === null ? 0 : Math.max(0, input.now - input.since)
  const elapsedMs = Math.min(input.forMs, input.soakedBeforeMs + running)
  const remainingMs = input.forMs - elapsedMs
  const endsAt = input.since === null ? null : input.since + Math.max(0, input.forMs - input.soakedBeforeMs)
  return { elapsedMs, remainingMs, endsAt }
}

/** The soak as a gate: it passes, or it is not over yet; it never fails. */
export function soakGate(input: {
  status: SoakStatus
  forMs: number
  earliestDecision: number | null
  now: number
  asked: Asked
}): GateResult {
  const { status, forMs } = input
  const evidence = evidenceOf(
    { ...input.asked, earliestDecision: input.earliestDecision },
    {
      value: status.elapsedMs,
      threshold: forMs,
      unit: 'ms',
      n: 0,
      rule: `${sayDuration(forMs)} of healthy time`,
    },
  )
  const says = `${sayDuration(status.elapsedMs)} of ${sayDuration(forMs)} soaked`
  if (status.remainingMs > 0) return unknown('soak', 'undecided', says, evidence)
  if (input.earliestDecision === null || input.now < input.earliestDecision) {
    const wait = `${says}, but Microsoft's declared times have not passed`
    return unknown('soak', 'undecided', wait, evidence)
  }
  return passed('soak', says, evidence)
}
