import { gatesStand, holdsAfterGates } from './gate-words.ts'
import { liftHolds, placeHold, resumeHolds } from './holds.ts'
import type { Hold, WaveContext, WaveEvent, WaveSettings } from './language.ts'
import { earliestDecision, endSoak } from './soak.ts'
import { withPreparation } from './with-preparation.ts'
import { standing, wakeAt, want } from './work.ts'

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
export function resume(context: WaveContext, at: number): Part {
  return { holds: resumeHolds(context.holds), ...judgeAfresh(context, at) }
}

export function releaseAbove(context: WaveContext, at: number): Part {
  return context.heldAbove ? { heldAbove: false, ...judgeAfresh(context, at) } : {}
}

/** A verdict from before or during a hold may be days old when the hold is gone. */
function judgeAfresh(context: WaveContext, at: number): Part {
  const { asked } = context
  const hasJudged =
    asked?.stands === 'answered' && (asked.work === 'judgeReadiness' || asked.work === 'judge')
  return hasJudged ? { ...standing(context, 'again'), ...wakeAt(null)(context) } : lookNow(context, at)
}

/** Work that waits for its next look is wanted at once; neither pace nor the settling of evidence is cut short. */
function lookNow(context: WaveContext, at: number): Part {
  const { asked, unknown, left } = context
  if (waitsForItsTime(context, at)) return {}
  if (asked?.stands !== 'again' || (asked.work === 'enforce' && unknown === 0 && left > 0)) return {}
  return wakeAt(asked.work === 'judge' ? notBefore(earliestDecision(context, at), at) : null)(context)
}

/** The wake is the one that opens the window: neither a resume nor an acceptance brings it nearer. */
function waitsForItsTime({ notBefore: moment, wakeAt: wake }: WaveContext, at: number): boolean {
  return moment !== undefined && wake === moment && moment > at
}

/** When the window opens; null: it is open. */
export function windowOpensAt({ notBefore: moment }: WaveContext, at: number): number | null {
  return moment === undefined ? null : notBefore(moment, at)
}

function notBefore(moment: number, at: number): number | null {
  return moment > at ? moment : null
}

/** When the next batch may begin; null: at once. */
export function nextBatchAt(context: WaveContext, at: number): number | null {
  return notBefore((context.batchStartedAt ?? -Infinity) + context.settings.paceMs, at)
}

/** A period of the pace begins with a batch and lasts `paceMs`; further chunks inside it do not begin another. */
export function beginBatch(context: WaveContext, at: number): Part {
  return nextBatchAt(context, at) === null ? { batchStartedAt: at } : {}
}

/** Lifts what failed, nothing else: a pause stays with `resume`, a gate with its verdict. */
export function liftFailures(context: WaveContext): Part {
  return { holds: liftHolds(context.holds, ['error', 'stuck']) }
}

/** People who failed are taken again with the next batch; a batch under way is left to answer. */
export function retry(context: WaveContext, at: number): Part {
  const lifted = liftFailures(context)
  switch (context.asked?.stands) {
    case 'answered':
      return { ...lifted, ...standing(context, 'again'), ...wakeAt(nextBatchAt(context, at))(context) }
    case 'again':
      return { ...lifted, ...lookNow(context, at) }
    default:
      return lifted
  }
}

/** Somebody whom another hand took out is to be asked in again; what failed stays as it is. */
export function askAgain(context: WaveContext, at: number): Part {
  if (context.asked?.stands !== 'answered') return lookNow(context, at)
  return { ...standing(context, 'again'), ...wakeAt(nextBatchAt(context, at))(context) }
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
  const frozen = { ...context, members: event.members, cohort: event.cohort }
  const next =
    context.settings.prepares && event.members > 0 ? want('prepare')(frozen) : standing(context, 'answered')
  return {
    ...next,
    members: event.members,
    cohort: event.cohort,
    holds: event.members > 0 ? holds : placeHold(holds, emptyHold(event.at, 'nobody is in this wave')),
  }
}

/** People whose cohort stands are prepared, where the plan asks for it; a cohort that is fixed is not fixed again. */
export function prepare(context: WaveContext): Part {
  if (context.members === 0 || context.cohort === null) return want('freezeCohort')(context)
  const wanted = want('prepare')(context)
  return context.settings.prepares ? wanted : { ...wanted, asked: { ...wanted.asked, stands: 'answered' } }
}

/** Nobody goes on whose preparation is not settled; what is unknown is read again. */
export function takePrepared(context: WaveContext, event: Of<'PREPARED'>): Part {
  const { left, unknown, notBefore: moment } = event
  const holds = liftHolds(context.holds, ['stuck'])
  const known: Part = moment === undefined ? {} : { notBefore: moment }
  if (unknown > 0) {
    const reason = `what came of the preparation of ${unknown} people is unknown; it is read again`
    const stuck = placeHold(holds, { kind: 'stuck', since: event.at, by: 'wavegate', reason })
    return { ...known, holds: stuck, ...tryLater(context, event.at) }
  }
  if (left === 0) return { ...known, holds, ...standing(context, 'answered') }
  const wake = wakeAt(event.nextAt === undefined ? null : notBefore(event.nextAt, event.at))(context)
  return { ...known, holds, ...standing(context, 'again'), ...wake }
}

function emptyHold(at: number, reason: string): Hold {
  return { kind: 'empty', since: at, by: 'wavegate', reason }
}

/** Verdicts of readiness, of the completion gates, or of evidence that came in meanwhile. */
export function takeVerdicts(context: WaveContext, event: WaveEvent): Part {
  if (!('gates' in event) || event.type === 'ADVANCE') return {}
  const after = holdsAfterGates(context.holds, event.gates, context.overridden, event.at, context.accepted)
  if (event.type === 'EVIDENCE_READ') return { holds: after }
  const stands = gatesStand(event.gates, context.overridden, context.accepted)
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
  const { recheckMs } = context.settings
  const after = liftHolds(
    holdsAfterGates(context.holds, event.gates, context.overridden, event.at, context.accepted),
    ['stuck'],
  )
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
  const wake = wakeAt(nextTurnAt(context, event))(context)
  return { ...counts, holds: after, ...standing(context, 'again'), ...wake }
}

/** The pace says when, and where all who are left wait for a moment of their own, the first of these. */
function nextTurnAt(context: WaveContext, event: Of<'BATCH_ENFORCED'>): number | null {
  const paced = event.paceLeft > 0 ? null : nextBatchAt(context, event.at)
  const own = event.notBefore === undefined ? null : notBefore(event.notBefore, event.at)
  return own === null ? paced : Math.max(own, paced ?? own)
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
  return { holds, overridden, ...lookNow(context, event.at) }
}

/** An approver takes the spent budget as it is; one person more, and it holds again. */
export function accept(context: WaveContext, event: WaveEvent): Part {
  if (event.type !== 'ACCEPT') return {}
  const gates = Object.keys(event.counts)
  const holds = context.holds.filter(
    (hold) => !(hold.kind === 'budgetSpent' && gates.includes(hold.gate ?? '')),
  )
  return { holds, accepted: { ...context.accepted, ...event.counts }, ...lookNow(context, event.at) }
}

export function isSpent(context: WaveContext, event: WaveEvent): boolean {
  if (event.type !== 'ACCEPT') return false
  return context.holds.some((hold) => hold.kind === 'budgetSpent' && (hold.gate ?? '') in event.counts)
}

/** The soak as it will be; one that runs is counted up to now first. */
export function changeSoak(context: WaveContext, event: WaveEvent): Part {
  if (event.type !== 'EXTEND' && event.type !== 'SHORTEN') return {}
  const soakMs = Math.max(0, context.settings.soakMs + (event.type === 'EXTEND' ? event.ms : -event.ms))
  const changed = { ...context, settings: { ...context.settings, soakMs } }
  const settings = { settings: changed.settings }
  return context.inSoak && context.soakingSince !== null
    ? { ...settings, ...endSoak(changed, event.at) }
    : settings
}

/** What the plan says now. A soak that runs is counted up to here first; one that is longer now goes on. */
export function revise(context: WaveContext, event: WaveEvent): Part {
  if (event.type !== 'REVISED') return {}
  const { approval, paceMs, soakMs = context.settings.soakMs } = event
  const { quorum: _quorum, answerWithinMs: _within, prepares: _prepares, ...kept } = context.settings
  const asked = {
    ...(event.quorum === undefined ? {} : { quorum: event.quorum }),
    ...(event.answerWithinMs === undefined ? {} : { answerWithinMs: event.answerWithinMs }),
    ...(event.prepares === undefined ? {} : { prepares: event.prepares }),
  }
  const settings = { ...kept, approval, paceMs, soakMs, ...asked }
  if (!context.inSoak || event.soakMs === undefined) return { settings }
  const changed = { ...context, settings }
  const counted = context.soakingSince === null ? {} : endSoak(changed, event.at)
  const isOver = (counted.soakedMs ?? context.soakedMs) >= soakMs
  return { settings, ...counted, ...(isOver ? {} : { soakEndedAt: null }) }
}

/** Nobody of the wave has been changed: its gates are asked afresh, and what was approved was another plan. */
export function reviseUntouched(context: WaveContext, event: WaveEvent): Part {
  if (event.type !== 'REVISED') return {}
  return {
    ...revise(context, event),
    holds: liftHolds(context.holds, ['empty']),
    heldAbove: context.heldAbove || event.held,
    cohort: context.members > 0 ? context.cohort : null,
    approvedBy: null,
    overridden: [],
    ...wakeAt(null)(context),
  }
}

export function beginRollback(context: WaveContext, event: WaveEvent): Part {
  if (event.type !== 'ROLLBACK') return {}
  return {
    holds: [],
    heldAbove: false,
    rollbackBy: event.by,
    rollbackReason: event.reason,
    ...withPreparation(context, event),
    ...wakeAt(null)(context),
  }
}

export function isInsideWindow(context: WaveContext, event: Of<'ROLLBACK'>): boolean {
  const end = (context.completedAt ?? event.at) + context.settings.rollbackWindowMs
  return event.above || event.at <= end
}
