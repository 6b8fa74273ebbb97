import type { Prepared } from '../store/preparation.ts'
import type { Reader } from '../store/store.ts'
import type { PreparationOfPerson } from './preparation-view.ts'

/** What was done to the person before the switch, step by step. */
export async function personPreparation(
  read: Reader,
  rolloutId: string,
  personId: string,
): Promise<PreparationOfPerson[]> {
  const rows = await read.preparations(rolloutId, [personId])
  return rows.map(({ step, outcome, reason, wanted, at, restore, restoreReason }) => ({
    step,
    outcome,
    reason,
    at: new Date(at).toISOString(),
    warns: warnsOf(wanted),
    restore,
    restoreReason,
  }))
}

function warnsOf(wanted: Prepared['wanted']): string | null {
  const warns = wanted?.['warns']
  return typeof warns === 'string' && warns !== '' ? warns : null
}
