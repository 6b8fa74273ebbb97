import { compilePrepare } from '../plan/compile-prepare.ts'
import { readPlanText } from '../plan/load.ts'
import type { Preparation } from '../prepare/preparation.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { planOf } from './plan-of.ts'
import { preparationsOf } from './preparations.ts'
import type { World } from './world.ts'

/**
 * What may have been done to people before the switch by any text that the plan ever had, in the order in which it is
 * undone: a revision that says it otherwise, or not at all, undoes nothing.
 */
export async function allPreparations(
  world: World,
  rollout: StoredRollout,
): Promise<{ preparation: Preparation; target: string }[]> {
  const plan = planOf(rollout)
  const earlier = (await world.store.read.revisions(rollout.id)).toReversed().flatMap(({ text, files }) => {
    const read = readPlanText(text)
    return read === undefined ? [] : [{ ...plan, prepare: compilePrepare(read, files) }]
  })
  const found = new Map<string, { preparation: Preparation; target: string }>()
  for (const one of [plan, ...earlier]) {
    for (const preparation of preparationsOf(world, rollout, one).toReversed()) {
      const { effect, target } = preparation.change(new Map())
      const key = JSON.stringify([effect, target])
      if (!found.has(key)) found.set(key, { preparation, target })
    }
  }
  return [...found.values()]
}
