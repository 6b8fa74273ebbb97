import { gatesStand, holdsAfterGates } from './gate-words.ts'
import { liftHolds, placeHold, resumeHolds } from './holds.ts'
import type { Hold, WaveContext, WaveEvent, WaveSettings } from './language.ts'
import { isFree } from './soak.ts'
import { standing, wakeAt } from './work.ts'

type Part = Partial<WaveContext>
type Of<T extends WaveEvent['type']> = Extract<WaveEvent, { type: T }>

export function freshContext(settings: WaveSettings): WaveContext {
  return {
    settings,
    holds: [],
    heldAbove: false,
    attempt: 0,
    asked: null,
    wakeToken: 0,
    wakeAt: null,
    members: 0,
    cohort: null,
    toEnforce: 0,
    approvedBy: null,
    overridden: [],
    batchStartedAt: null,
    left: 0,
    unknown: 0,
    inPlaceAt: null,
    leftovers: 0,
    inSoak: false,
    soakedMs: 0,
    soakingSince: null,
    soakEndedAt: null,
    completedAt: null,
    rollbackBy: '',
    rollbackReason: '',
  }
}

export function onlyHeldBy(context: WaveContext, kinds: readonly Hold['kind'][]): boolean {
  return !context.heldAbove && context.holds.every((hold) => kinds.includes(hold.kind))
}

export function pause(context: WaveContext, event: WaveEvent): Part {
  if (event.type !== 'PAUSE') return {}
  return {
    holds: placeHold(context.holds, { kind: 'user', since: event.at, by: event.by, reason: event.reason }),
  }
}

/** After a resume every gate that held is judged afresh: nothing is passed by pressing a button. */
export function resume(context: WaveContext): Part {
  return { holds: resumeHolds(context.holds), ...lookNow(context) }
}

/** Work that waits for its next look is wanted at once; the pause between two batches is not cut short. */
function lookNow(context: WaveContext): Part {
  const isPace = context.asked?.work === 'enforce' && context.unknown === 0 && context.left > 0
  return context.asked?.stands === 'again' && !isPace ? wakeAt(null)(context) : {}
}

export function retry(context: WaveContext): Part {
  return { ...resume(context), ...standing(context, 'again') }
}

export function workFailed(context: WaveContext, event: WaveEvent): Part {
  if (event.type !== 'WORK_FAILED') return {}
  const about = { since: event.at, by: 'wavegate', reason: event.message, code: event.code }
  const hold: Hold = event.passing ? { kind: 'stuck', ...about } : { kind: 'error', ...about }
  const later = event.passing ? tryLater(context, event.at) : standing(context, 'again')
  return { ...later, holds: placeHold(context.holds, hold) }
}

export function tryLater(context: WaveContext, at: number): Part {
  return { ...standing(context, 'again'), ...wakeAt(at + context.settings.recheckMs)(context) }
}

export function freezeCohort(context: WaveContext, event: Of<'COHORT_FROZEN'>): Part {
  const holds = liftHolds(context.holds, ['stuck'])
  return {
    ...standing(context, 'answered'),
    members: event.members,
    cohort: event.cohort,
    holds: event.members > 0 ? holds : placeHold(holds, emptyHold(event.at, 'nobody is in this wave')),
  }
}

function emptyHold(at: number, reason: string): Hold {
  return { kind: 'empty', since: at, by: 'wavegate', reason }
}

/** Verdicts of readiness, of the completion gates, or of evidence that came in meanwhile. */
export function takeVerdicts(context: WaveContext, event: WaveEvent): Part {
  if (!('gates' in event) || event.type === 'ADVANCE') return {}
  const after = holdsAfterGates(context.holds, event.gates, context.overridden, event.at)
  if (event.type === 'EVIDENCE_READ') return { holds: after }
  const stands = gatesStand(event.gates, context.overridden)
  const holds = liftHolds(after, ['stuck'])
  const answered: Part = { ...standing(context, stands), holds }
  const waits = stands === 'again' ? wakeAt(event.at + context.settings.recheckMs)(context) : {}
  if (event.type !== 'READINESS_JUDGED') return { ...answered, ...waits }
  const { toEnforce } = event
  if (stands === 'answered' && toEnforce === 0) {
    return {
      ...answered,
      toEnforce,
      holds: placeHold(holds, emptyHold(event.at, 'everybody in this wave is deferred')),
    }
  }
  return { ...answered, ...waits, toEnforce }
}

/** A batch came back. Unknown outcomes keep the wave in `enforcing` until they have been read. */
export function countBatch(context: WaveContext, event: Of<'BATCH_ENFORCED'>): Part {
  const { paceMs, recheckMs } = context.settings
  const after = liftHolds(holdsAfterGates(context.holds, event.gates, context.overridden, event.at), [
    'stuck',
  ])
  const counts: Part = {
    left: event.left,
    unknown: event.unknown,
    inPlaceAt: event.inPlaceAt ?? context.inPlaceAt,
  }
  if (event.unknown > 0) {
    const reason = `${event.unknown} outcomes are unknown; they are read again`
    const holds = placeHold(after, { kind: 'stuck', since: event.at, by: 'wavegate', reason })
    return { ...counts, holds, ...standing(context, 'again'), ...wakeAt(event.at + recheckMs)(context) }
  }
  if (event.left === 0) return { ...counts, holds: after, ...standing(context, 'answered') }
  const next = (context.batchStartedAt ?? event.at) + paceMs
  return {
    ...counts,
    holds: after,
    ...standing(context, 'again'),
    ...wakeAt(next > event.at ? next : null)(context),
  }
}

export function endSoak(context: WaveContext, at: number): Part {
  const healthy = context.soakedMs + (context.soakingSince === null ? 0 : at - context.soakingSince)
  const ended = isFree(context) && healthy >= context.settings.soakMs
  return { ...wakeAt(null)(context), soakedMs: healthy, soakingSince: at, soakEndedAt: ended ? at : null }
}

export function namesAHold(context: WaveContext, gates: readonly string[]): boolean {
  return context.holds.some((hold) => isOverridable(hold) && gates.includes(hold.gate ?? ''))
}

function isOverridable(hold: Hold): boolean {
  return hold.kind === 'gateFailed' || hold.kind === 'gateUnknown'
}

/** The gates named in the call are passed over; the others are judged again at once. */
export function advanceOver(context: WaveContext, event: WaveEvent): Part {
  if (event.type !== 'ADVANCE') return {}
  const holds = context.holds.filter(
    (hold) => !(isOverridable(hold) && event.gates.includes(hold.gate ?? '')),
  )
  const overridden = [...new Set([...context.overridden, ...event.gates])]
  return { holds, overridden, ...lookNow(context) }
}

export function beginRollback(context: WaveContext, event: WaveEvent): Part {
  if (event.type !== 'ROLLBACK') return {}
  return {
    holds: [],
    heldAbove: false,
    rollbackBy: event.by,
    rollbackReason: event.reason,
    ...wakeAt(null)(context),
  }
}

export function isInsideWindow(context: WaveContext, event: Of<'ROLLBACK'>): boolean {
  const end = (context.completedAt ?? event.at) + context.settings.rollbackWindowMs
  return event.above || event.at <= end
}
