import { planOf } from '../engine/job.ts'
import { isPlanApproved, NO_WAVE } from '../engine/plan-approval.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import { keepVerb, within } from './keep.ts'
import { rolloutView } from './look.ts'
import { checkCall } from './permit.ts'
import { asksForApproval } from './start-approval.ts'
import type { VerbAnswer } from './views.ts'

/** An approver says yes to the plan as it is, before it prepares anybody. */
export async function approveStart(world: World, situation: Situation): Promise<VerbAnswer> {
  const { call, rollout } = situation
  const { read } = world.store
  refuseImpossible(rollout)
  const says = `approves plan ${rollout.planHash}: its people may be prepared before the switch`
  const answer = async (seen: World, changed: boolean, words: string): Promise<VerbAnswer> => ({
    verb: 'approve',
    changed,
    dryRun: call.dryRun,
    says: words,
    people: [],
    rollout: await rolloutView(seen, rollout.id),
  })
  if (await isPlanApproved(read, rollout, null)) return await answer(world, false, 'It is so already.')
  if (call.dryRun) return await answer(world, false, `Would: ${says}.`)
  return await world.store.tx(async (writer) => {
    await record(writer, world, situation)
    return await keepVerb(writer, world, situation, await answer(within(world, writer), true, `${says}.`))
  })
}

function refuseImpossible(rollout: StoredRollout): void {
  if (asksForApproval(rollout)) return
  if (planOf(rollout).prepare === null) {
    const because = 'this plan does nothing to people before their wave is approved'
    const instead = 'Approve each wave when it asks.'
    throw fault('notApplicable', { verb: 'approve', because, instead })
  }
  const possible = 'look again'
  const subject = `rollout ${rollout.id}`
  throw fault('verbNotPossible', { verb: 'approve', subject, state: rollout.state, holds: '', possible })
}

async function record(
  writer: Writer,
  world: World,
  { caller, call, rollout: seen }: Situation,
): Promise<void> {
  // Looked at again where nobody comes between: another text of the plan may have come.
  const rollout = (await writer.rollout(seen.id)) ?? seen
  checkCall(caller, call, rollout, await writer.wavesOf(rollout.id))
  refuseImpossible(rollout)
  const at = world.clock.now()
  const { channel, person } = caller
  const { planHash } = rollout
  await writer.recordApproval({
    rolloutId: rollout.id,
    waveId: NO_WAVE,
    decision: 'approved',
    person,
    role: 'approver',
    channel,
    comment: call.reason,
    at,
    planHash,
    cohort: '',
    verdicts: [],
  })
  const said = { at, rolloutId: rollout.id, actor: person, reason: call.reason }
  await writer.append({ ...said, type: 'verb.approve', data: { channel, planHash } })
}
