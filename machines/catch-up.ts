import type { RolloutContext, RolloutEvent } from './language.ts'
import { isWanted, standing, wakeAt } from './work.ts'

type Part = Partial<RolloutContext>
type Counted = Extract<RolloutEvent, { type: 'LEFTOVERS_COUNTED' }>

/** The waves of the plan are over; what comes now are rounds for whoever is left over, as long as the plan wants any. */
export function isCatchingUp(context: RolloutContext): boolean {
  const { catchUp, round, current } = context
  return catchUp !== undefined && round !== 'over' && current + 1 >= catchUp.planned
}

/** Time to count who is left over: nothing counts already, and no round is ready to begin. */
export function mayCount(context: RolloutContext): boolean {
  return isCatchingUp(context) && context.round !== 'ready' && (context.asked === null || isWanted(context))
}

/** A wave of the plan begins in its turn, a round when somebody of it is ready; one that is skipped says so at its turn. */
export function isTurnOfNext(context: RolloutContext): boolean {
  if (context.current + 1 >= context.waves) return false
  return !isCatchingUp(context) || context.round === 'ready'
}

export function beginNext(context: RolloutContext, at: number): Part {
  const next = { waiting: false, current: context.current + 1 }
  return context.round === 'ready' ? { ...next, round: 'none', roundAt: at } : next
}

/** Nobody left: over. Somebody ready: a round, no sooner than the plan says after the one before. Else: looks again. */
export function takeCount(context: RolloutContext, event: Counted): Part {
  const { at, waves, leftovers, open, ready } = event
  const everyMs = context.catchUp?.everyMs ?? 0
  const roundFrom = context.roundAt === undefined ? at : context.roundAt + everyMs
  if (open === 0) return { waves, leftovers: [leftovers], round: 'over', asked: null }
  if (ready > 0 && roundFrom <= at) return { waves, round: 'ready', asked: null }
  const lookAt = roundFrom > at ? roundFrom : at + everyMs
  return { waves, ...standing(context, 'again'), ...wakeAt(lookAt)(context) }
}

/** Skipping the round that waits says that there are to be no more. */
export function endBySkip(context: RolloutContext, event: RolloutEvent): Part {
  const isWaitingRound =
    event.type === 'WAVE_SKIPPED' && isCatchingUp(context) && event.wave > context.current
  return isWaitingRound ? { round: 'over', asked: null, ...wakeAt(null)(context) } : {}
}
