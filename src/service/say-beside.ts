import { planOf } from '../engine/plan-of.ts'
import type { World } from '../engine/world.ts'
import type { Situation } from './act.ts'
import { sayPreparation } from './rollback-preparation.ts'
import { sayRevocation } from './sessions-view.ts'

/** What else whoever says a verb has to know: what goes with it, and what does not come back by it. */
export async function sayBeside(
  world: World,
  situation: Pick<Situation, 'call' | 'rollout' | 'wave'>,
): Promise<string[]> {
  const { call, rollout } = situation
  const sessions = sayRevocation(planOf(rollout))
  if (call.verb === 'approve') return sessions
  if (call.verb !== 'rollback') return []
  const stay = sessions.length > 0 ? ['Sessions that were ended stay ended.'] : []
  return [...(await sayPreparation(world, situation)), ...stay]
}
