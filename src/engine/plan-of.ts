import { type CompiledPlan, compiledPlanSchema } from '../plan/compiled-plan.ts'
import type { StoredRollout } from '../store/rollouts.ts'

/** The compiled plan a rollout is pinned to. */
export function planOf(rollout: Pick<StoredRollout, 'plan'>): CompiledPlan {
  return compiledPlanSchema.parse(JSON.parse(rollout.plan))
}
