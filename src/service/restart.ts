import type { World } from '../engine/world.ts'
import type { Situation } from './act.ts'
import { copyRollout } from './create-rollout.ts'
import { rolloutView } from './look.ts'
import type { VerbAnswer } from './views.ts'

/** A new run of an ended rollout, as a draft: nothing is inherited but the plan and, in the ledger, the first before-images. */
export async function restart(world: World, { caller, call, rollout }: Situation): Promise<VerbAnswer> {
  const says = `a new draft of ${rollout.name}; it begins with start`
  const id = call.dryRun ? rollout.id : await copyRollout(world, caller, rollout, call.reason)
  return {
    verb: 'restart',
    changed: !call.dryRun,
    dryRun: call.dryRun,
    says: call.dryRun ? `Would: make ${says}.` : `${id}: ${says}.`,
    people: [],
    rollout: await rolloutView(world, id),
  }
}
