import type { World } from '../engine/world.ts'
import type { Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import { copyRollout } from './create-rollout.ts'
import { keepVerb, within } from './keep.ts'
import { rolloutView } from './look.ts'
import type { VerbAnswer } from './views.ts'

/** A new run of an ended rollout, as a draft: nothing is inherited but the plan and, in the ledger, the first before-images. */
export async function restart(world: World, situation: Situation): Promise<VerbAnswer> {
  const { caller, call, rollout } = situation
  const says = `a new draft of ${rollout.name}; it begins with start`
  const answer = async (seen: World, id: string): Promise<VerbAnswer> => ({
    verb: 'restart',
    changed: !call.dryRun,
    dryRun: call.dryRun,
    says: call.dryRun ? `Would: make ${says}.` : `${id}: ${says}.`,
    people: [],
    rollout: await rolloutView(seen, id),
  })
  if (call.dryRun) return await answer(world, rollout.id)
  const made = async (writer: Writer, id: string) =>
    void (await keepVerb(writer, world, situation, await answer(within(world, writer), id)))
  return await answer(world, await copyRollout(world, caller, rollout, call.reason, made))
}
