import { readPolicy } from '../engine/drift-findings.ts'
import { noteFormerPolicy } from '../engine/former-policies.ts'
import { createAgain, patchBack, patchesFor } from '../engine/put-policy-back.ts'
import { noteTwinSince } from '../engine/twin.ts'
import { policyColumn, policyOf, type WatchedPolicy } from '../engine/watched-policy.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Policy } from '../graph/directory/policies.ts'
import type { Situation } from './act.ts'
import { isLeftOff, type PolicyRevert } from './drift-revert-policies.ts'
import { refuseWidening } from './drift-revert-rules.ts'
import { graphFault } from './graph-fault.ts'
import { type RearmTurn, rearmInTurn } from './switch-turns.ts'

/** A policy as recorded, in the same line as rearm: a disarm overtakes it and has the last word. */
export async function policyBack(
  world: World,
  situation: Situation,
  plan: PolicyRevert,
  signal: AbortSignal,
): Promise<void> {
  const { rollout } = situation
  if (plan.paths.length === 0 && !plan.isDeleted) return
  await rearmInTurn(world, rollout.id, async (turn) => {
    const ask = { lane: plan.isForward ? 'change' : 'restore', signal } as const
    const policy = plan.isDeleted
      ? await madeAnew(world, situation, plan, signal)
      : await theirs(world, situation, plan.object, signal)
    const isOff = plan.object === 'twin' || isLeftOff(rollout, plan.object)
    const paths = plan.isDeleted ? (isOff ? [] : ['state']) : plan.paths
    // Looked at again where it counts: while other calls were sent, somebody may have joined, paused or disarmed.
    if (plan.isForward)
      await refuseWidening(world, situation, plan.object, [], AbortSignal.any([signal, turn.overtaken]))
    refuseOvertaken(turn)
    turn.sent = true
    const requests = patchesFor(plan.recorded, policy, paths)
    const isBack = await patchBack(world, plan.recorded, policy.id, paths, requests, ask).catch((error) => {
      throw graphFault(error)
    })
    if (!isBack)
      throw fault('graphUnavailable', { detail: 'the policy was not read back as recorded in time' })
    refuseOvertaken(turn)
  })
}

/** @throws notApplicable */
function refuseOvertaken({ overtaken }: RearmTurn): void {
  if (!overtaken.aborted) return
  const because = 'the rollout was disarmed meanwhile, and that has the last word'
  throw fault('notApplicable', { verb: 'revert', because, instead: 'Look again.' })
}

async function theirs(
  world: World,
  { rollout }: Situation,
  object: WatchedPolicy,
  signal: AbortSignal,
): Promise<Policy> {
  const policy = await readPolicy(world, policyOf(rollout, object).id ?? '', {
    lane: 'verify',
    signal,
  }).catch((error) => {
    throw graphFault(error)
  })
  if (policy) return policy
  throw fault('graphUnavailable', {
    detail: 'the policy was deleted meanwhile; revert again after the next look',
  })
}

/** Known by its new id before it is switched on; the before-image stays that of the first change. */
async function madeAnew(
  world: World,
  { rollout }: Situation,
  plan: PolicyRevert,
  signal: AbortSignal,
): Promise<Policy> {
  const made = await createAgain(world, plan.recorded, { lane: 'change', signal }).catch((error) => {
    throw graphFault(error)
  })
  if (!made) throw fault('graphUnavailable', { detail: 'the policy was made anew and not read back in time' })
  const at = world.clock.now()
  const { object } = plan
  const before = policyOf(rollout, object).id
  await world.store.tx(async (writer) => {
    await writer.setRollout(rollout.id, { [policyColumn(object)]: made.id })
    if (object === 'policy' && before) await noteFormerPolicy(writer, rollout.id, before.toLowerCase(), at)
    if (object === 'twin') await noteTwinSince(writer, rollout.id, at)
    const image = await writer.tenantImage(object, rollout.id, before ?? undefined)
    if (image) await writer.nameTenantObject(image.id, made.id)
    await writer.recordObject(rollout.id, object, { ...plan.recorded, id: made.id }, at)
    const data = { policyId: made.id, before, object }
    await writer.append({ at, rolloutId: rollout.id, type: 'policy.madeAnew', actor: 'wavegate', data })
  })
  return made
}
