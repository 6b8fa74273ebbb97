import { type CompiledPlan, compiledPlanSchema } from '../plan/compiled-plan.ts'
import type { StoredRollout } from '../store/rollouts.ts'

// By its text, which says all of it: a plan is read at every step and changes with a revision only.
const known = new Map<string, CompiledPlan>()
const MOST = 8

/** The compiled plan a rollout is pinned to; shared, so nobody changes it. */
export function planOf(rollout: Pick<StoredRollout, 'plan'>): CompiledPlan {
  const found = known.get(rollout.plan) ?? compiledPlanSchema.parse(JSON.parse(rollout.plan))
  known.delete(rollout.plan)
  known.set(rollout.plan, found)
  if (known.size > MOST) known.delete(known.keys().next().value as string)
  return found
}
