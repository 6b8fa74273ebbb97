import type { WaveAssignment } from '../people/cohort.ts'
import type { Person } from '../people/person.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'

/** Somebody who is in no wave, and why, as the store keeps it. */
export interface Outsider {
  person_id: string
  upn: string
  display_name: string
  reason: string
}

/** Everybody who is in no wave for a reason; whom no wave of the plan asks for is not among them. */
export function outsidersOf(
  plan: CompiledPlan,
  { outside, late }: Pick<WaveAssignment, 'outside' | 'late'>,
  people: ReadonlyMap<string, Person>,
): Outsider[] {
  const isLate = new Set(late)
  const lateReason = lateReasonOf(plan)
  return outside.flatMap(({ id, reason }) => {
    if (reason === 'notSelected' && !isLate.has(id)) return []
    const { upn, displayName } = people.get(id) as Person
    const why = isLate.has(id) ? lateReason : reason
    return [{ person_id: id, upn, display_name: displayName, reason: why }]
  })
}

/** Came after the last wave that could have taken them was frozen, and no catch-up comes: left over. */
export const AFTER_LAST_FREEZE = 'afterLastFreeze'

function lateReasonOf(plan: CompiledPlan): string {
  if (plan.newJoiners === 'none') return 'newJoiner'
  return plan.catchUp ? 'waitsForCatchUp' : AFTER_LAST_FREEZE
}
