import type { RolloutEvent, WaveEvent } from './language.ts'

interface Carrying {
  withPreparation?: boolean | undefined
}

/** Said with each rollback anew. */
export function withPreparation(context: Carrying, event: Carrying): { withPreparation?: boolean } {
  if (event.withPreparation) return { withPreparation: true }
  return context.withPreparation === undefined ? {} : { withPreparation: false }
}

/** People are out of MFA already; what was done to them before the switch is to go too. */
export function asksForMore(context: Carrying, event: RolloutEvent | WaveEvent): boolean {
  return event.type === 'ROLLBACK' && event.withPreparation === true && !context.withPreparation
}
