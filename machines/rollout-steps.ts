import { endBySkip } from './catch-up.ts'
import { liftHolds, placeHold, resumeHolds } from './holds.ts'
import type { RolloutContext, RolloutEvent, WaveEvent } from './language.ts'
import { withPreparation } from './with-preparation.ts'
import { standing, wakeAt, want } from './work.ts'

type Part = Partial<RolloutContext>

export interface RolloutInput {
  waves: number
  recheckMs: number
  rollbackWindowMs: number
  /** From one round of the catch-up to the next; absent: there is no catch-up. */
  catchUpMs?: number | undefined
  /** The next wave is prepared while the one before soaks. */
  prepares?: boolean | undefined
}

export function freshContext(input: RolloutInput): RolloutContext {
  return {
    waves: input?.waves,
    current: -1,
    waiting: false,
    holds: [],
    leftovers: [],
    attempt: 0,
    asked: null,
    wakeToken: 0,
    wakeAt: null,
    recheckMs: input?.recheckMs,
    rollbackWindowMs: input?.rollbackWindowMs,
    endedAt: null,
    ...(input?.catchUpMs === undefined
      ? {}
      : { catchUp: { planned: input.waves, everyMs: input.catchUpMs } }),
    ...(input?.prepares ? { prepares: true } : {}),
    restoring: -1,
    unclean: 0,
    rollbackBy: '',
    rollbackReason: '',
  }
}

export function pause(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'PAUSE') return {}
  return {
    holds: placeHold(context.holds, { kind: 'user', since: event.at, by: event.by, reason: event.reason }),
  }
}

export function resume(context: RolloutContext): Part {
  return { holds: resumeHolds(context.holds) }
}

export function countLeftovers(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'WAVE_COMPLETED' && event.type !== 'WAVE_RESTORED' && event.type !== 'WAVE_SKIPPED')
    return {}
  const leftovers = Array.from({ length: context.waves }, (_, wave) => context.leftovers[wave] ?? 0)
  leftovers[event.wave] = event.leftovers
  return { leftovers }
}

/** On top of what the wave counted when it ended; one under way counts them itself when it does. */
export function countLost(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'LOST') return {}
  const leftovers = Array.from(
    { length: Math.max(context.waves, event.wave + 1) },
    (_, wave) => (context.leftovers[wave] ?? 0) + (wave === event.wave ? event.people : 0),
  )
  return { leftovers }
}

export function leftoversOf(context: RolloutContext): number {
  return context.leftovers.reduce((sum, count) => sum + count, 0)
}

/** A wave was rejected, or is taken back: a person decides what comes next. */
export function holdForWave(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'WAVE_REJECTED' && event.type !== 'WAVE_RESTORED' && event.type !== 'WAVE_ROLLING_BACK')
    return {}
  const kind = event.type === 'WAVE_REJECTED' ? ('rejected' as const) : ('waveRolledBack' as const)
  const hold = { kind, since: event.at, by: event.by, reason: event.reason, gate: waveName(event.wave) }
  return { holds: placeHold(context.holds, hold) }
}

function waveName(position: number): string {
  return `wave ${position + 1}`
}

export function waveEnded(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'WAVE_REJECTED' && event.type !== 'WAVE_RESTORED') return {}
  return { ...holdForWave(context, event), waiting: context.waiting || event.wave === context.current }
}

/** A wave that was rejected holds no longer once it is skipped. */
export function waveSkipped(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'WAVE_SKIPPED') return {}
  return {
    ...countLeftovers(context, event),
    ...endBySkip(context, event),
    holds: liftHolds(context.holds, ['rejected'], waveName(event.wave)),
    waiting: context.waiting || event.wave === context.current,
  }
}

/** Another text of the plan. A wave that was rejected is under way again, and asked about once more. */
export function revise(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'REVISED') return {}
  const { waves, rollbackWindowMs, catchUp } = event
  const isReopened = context.holds.some(
    (hold) => hold.kind === 'rejected' && hold.gate === waveName(context.current),
  )
  return {
    waves,
    rollbackWindowMs,
    ...(event.prepares || context.prepares ? { prepares: event.prepares ?? false } : {}),
    ...(catchUp === undefined ? { catchUp: undefined } : { catchUp }),
    holds: liftHolds(context.holds, ['rejected']),
    waiting: context.waiting && !isReopened,
    leftovers: context.leftovers.slice(0, waves),
  }
}

/** Nothing new is applied anywhere; or the policy is off by our hand. Both hold until they are taken back by name. */
export function holdAll(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'FREEZE' && event.type !== 'DISARM') return {}
  const kind = event.type === 'FREEZE' ? ('freeze' as const) : ('disarmed' as const)
  return { holds: placeHold(context.holds, { kind, since: event.at, by: event.by, reason: event.reason }) }
}

export function liftAll(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'THAW' && event.type !== 'REARM') return {}
  return { holds: liftHolds(context.holds, [event.type === 'THAW' ? 'freeze' : 'disarmed']) }
}

/** The tenant is not as we left it. Placed again it keeps its age and says what was found last. */
export function holdDrift(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'DRIFTED') return {}
  const { at: since, reason, seen } = event
  return { holds: placeHold(context.holds, { kind: 'drift', since, by: 'wavegate', reason, seen }) }
}

/** Accepted, reverted, or as recorded again by itself. A wave that asks people in again is waited for. */
export function liftDrift(context: RolloutContext, event: RolloutEvent): Part {
  const holds = liftHolds(context.holds, ['drift'])
  if (event.type !== 'REVERT' || event.again.length === 0) return { holds }
  const again = [...new Set([...(context.again ?? []), ...event.again])]
  return { holds, again, waiting: context.waiting && !event.again.includes(context.current) }
}

/** A wave that was at work again has ended again. */
export function againEnded(context: RolloutContext, event: RolloutEvent): Part {
  if (!('wave' in event) || !context.again) return {}
  return { again: context.again.filter((wave) => wave !== event.wave) }
}

/** The wave under way has ended, nothing holds, and no earlier one is at work again. */
export function isNext(context: RolloutContext): boolean {
  return context.waiting && context.holds.length === 0 && (context.again ?? []).length === 0
}

/** The position of the wave that was begun before its turn, while its turn has not come. */
export function aheadOf({ ahead, current }: RolloutContext): number | undefined {
  return ahead !== undefined && ahead > current ? ahead : undefined
}

/** The wave under way soaks and nothing holds: the next wave of the plan may be prepared. */
export function mayBeginAhead(context: RolloutContext): boolean {
  const { prepares, soaks, current, waiting, holds, again = [], waves } = context
  const isQuiet = !waiting && holds.length === 0 && again.length === 0
  return prepares === true && soaks === current && isQuiet && current + 1 < waves
}

export function revisesAhead(context: RolloutContext, event: RolloutEvent): boolean {
  return event.type === 'REVISED' && event.ahead !== undefined && aheadOf(context) !== undefined
}

export function isDrifted(context: RolloutContext): boolean {
  return context.holds.some((hold) => hold.kind === 'drift')
}

/** What was found of another hand stands until it is accepted or reverted. */
export function keepFound(context: RolloutContext): Part {
  return { holds: context.holds.filter((hold) => hold.kind === 'disarmed' || hold.kind === 'drift') }
}

/** What is over holds no longer, but for the policy that is off by our hand: that stays so until somebody rearms. */
export function keepDisarmed(context: RolloutContext): Part {
  return { holds: context.holds.filter((hold) => hold.kind === 'disarmed') }
}

export function beginRollback(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'ROLLBACK') return {}
  const { by, reason } = event
  return {
    holds: [],
    endedAt: null,
    restoring: Math.max(context.current, context.ahead ?? -1),
    leftIn: [],
    unclean: 0,
    again: [],
    rollbackBy: by,
    rollbackReason: reason,
    ...withPreparation(context, event),
  }
}

/** From here on the policy may be wider than the group; the window to take it back begins when it is done. */
export function beginGraduation(context: RolloutContext): Part {
  return { ...want('graduate')(context), graduated: true, endedAt: null }
}

export function workFailed(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'WORK_FAILED') return {}
  const hold = { since: event.at, by: 'wavegate', reason: event.message, code: event.code }
  return {
    ...standing(context, 'again'),
    holds: placeHold(context.holds, { kind: 'error' as const, ...hold }),
  }
}

export function waveRestored(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'WAVE_RESTORED') return {}
  return {
    ...countLeftovers(context, event),
    restoring: context.restoring - 1,
    unclean: context.unclean + (event.clean ? 0 : 1),
  }
}

/** A count that failed for good waits for a person. */
export function countFailed(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'WORK_FAILED') return {}
  const { at: since, message: reason, code } = event
  const hold = { kind: 'error' as const, since, by: 'wavegate', reason, code }
  return { ...standing(context, 'again'), holds: placeHold(context.holds, hold) }
}

/** Its last people wait for a second person; the waves before it do not. */
export function leaveIn(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'WAVE_LEFT_IN') return {}
  return { leftIn: [...(context.leftIn ?? []), event.wave], restoring: context.restoring - 1 }
}

export function isLeftIn(context: RolloutContext, event: RolloutEvent): boolean {
  return event.type === 'WAVE_RESTORED' && (context.leftIn ?? []).includes(event.wave)
}

/** The second person has confirmed, and the wave says how it ended. */
export function leftInRestored(context: RolloutContext, event: RolloutEvent): Part {
  if (event.type !== 'WAVE_RESTORED') return {}
  return {
    ...countLeftovers(context, event),
    leftIn: (context.leftIn ?? []).filter((wave) => wave !== event.wave),
    unclean: context.unclean + (event.clean ? 0 : 1),
  }
}

export function tryLater(context: RolloutContext, at: number): Part {
  return { ...standing(context, 'again'), ...wakeAt(at + context.recheckMs)(context) }
}

export function abortOf(event: RolloutEvent): WaveEvent {
  const { by, reason } =
    event.type === 'ABORT' ? event : { by: 'wavegate', reason: 'the rollout was aborted' }
  return { type: 'ABORT', at: event.at, by, reason }
}

export function revisionOf(
  context: RolloutContext,
  event: RolloutEvent,
  which: 'current' | 'ahead',
): WaveEvent {
  const revision = event.type === 'REVISED' ? event[which] : undefined
  if (event.type !== 'REVISED' || !revision) throw new Error(`${event.type} revises no wave`)
  const { at, by, reason } = event
  return { type: 'REVISED', at, by, reason, ...revision, held: context.holds.length > 0 }
}
