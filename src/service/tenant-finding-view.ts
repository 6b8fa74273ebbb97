import type { RolloutFinding } from '../store/rollouts.ts'
import { type TenantFindingView, time } from './views.ts'

export function tenantFindingView({ finding, since, says, accepted }: RolloutFinding): TenantFindingView {
  const by = accepted && { by: accepted.by, at: time(accepted.at), reason: accepted.reason }
  return { finding, since: time(since), says, accepted: by }
}
