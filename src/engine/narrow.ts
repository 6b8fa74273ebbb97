import type { Ask } from '../graph/directory/ask.ts'
import type { Policy } from '../graph/directory/policies.ts'
import { isFailure } from '../graph/errors.ts'
import type { Exclusions } from '../methods/policy-drift.ts'
import { GUESTS, isAbout, narrowConditions } from '../methods/policy-reach.ts'
import type { Graduation } from '../store/graduation.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { readPolicy } from './drift-findings.ts'
import { Superseded } from './job.ts'
import { keepAdministrators } from './keep-administrators.ts'
import { inPolicyTurn } from './policy-turn.ts'
import { pollUntil } from './poll.ts'
import { COVERED } from './record-caught.ts'
import { rolloutContextOf } from './step.ts'
import { tellRollout, type WorkOrder } from './tell.ts'
import type { World } from './world.ts'

/** The first step of taking a graduated rollout back. */
export async function narrow(world: World, order: WorkOrder, signal: AbortSignal): Promise<void> {
  const rollout = await world.store.read.rollout(order.rolloutId)
  const asked = rollout && rolloutContextOf(rollout.saved).asked
  if (!rollout || asked?.stands !== 'open' || asked.attempt !== order.attempt) return
  await narrowPolicy(world, rollout, rolloutContextOf(rollout.saved).rollbackBy, signal)
  const event = { type: 'NARROWED' as const, at: world.clock.now(), attempt: order.attempt }
  const told = await world.store.tx((writer) => tellRollout(writer, rollout.id, event))
  if (!told.moved) throw new Superseded('the rollout does not wait for its policy any more')
}

/**
 * A policy that covers all users goes back to its group, read back, before anybody leaves that group. Whom it alone
 * caught is then as before, but for whoever waits for a second person. Nothing to do where it covers its group alone.
 */
export async function narrowPolicy(
  world: World,
  rollout: StoredRollout,
  by: string,
  signal: AbortSignal,
): Promise<void> {
  const isWideNow = async () => (await world.store.read.graduation(rollout.id))?.wideAt != null
  if (!(await isWideNow())) return
  await inPolicyTurn(world, rollout.id, async () => {
    const graduation = await world.store.read.graduation(rollout.id)
    if (!graduation || graduation.wideAt === null) return
    const ask = { lane: 'restore' as const, signal }
    await keepAdministrators(world, rollout, by, ask)
    await patchBack(world, rollout, graduation, ask)
    await recordNarrow(world, rollout, graduation, ask)
    await settleCaught(world, rollout)
  })
}

async function patchBack(
  world: World,
  rollout: StoredRollout,
  { narrow: recorded, groupId }: Graduation,
  ask: Ask & { signal: AbortSignal },
): Promise<void> {
  const policyId = rollout.policyId ?? ''
  if (recorded === null) return
  const keepOut = await isSomebodyInBoth(world, rollout.groupId, groupId, ask)
  await putConditions(
    world,
    policyId,
    narrowConditions(recorded as Policy['conditions'], keepOut ? groupId : null),
    ask,
  )
}

/** Whoever is in the group and among the exceptions is not caught again by this. */
async function isSomebodyInBoth(
  world: World,
  groupId: string | null,
  exceptionsId: string | null,
  ask: Ask,
): Promise<boolean> {
  if (groupId === null || exceptionsId === null) return false
  const inGroup = new Set((await world.directory.listMembers(groupId, ask)).map((one) => one.id))
  return (await world.directory.listMembers(exceptionsId, ask)).some((one) => inGroup.has(one.id))
}

/** Sent unless it is so, and read back. A policy that another hand deleted has nothing of ours left. */
export async function putConditions(
  world: World,
  policyId: string,
  conditions: Record<string, unknown>,
  ask: Ask & { signal: AbortSignal },
): Promise<void> {
  const isSo = async () => {
    try {
      return isAbout(await world.directory.readPolicy(policyId, ask), conditions)
    } catch (error) {
      if (isFailure(error, 'notFound')) return true
      throw error
    }
  }
  if (await isSo()) return
  try {
    await world.directory.patchPolicy(policyId, { conditions }, ask)
  } catch (error) {
    // The read-back decides what a lost answer did.
    if (!isFailure(error, 'unknownEffect')) throw error
  }
  const back = await pollUntil(world, ask.signal, async () => ((await isSo()) ? true : undefined))
  if (!back) throw new Error(`the policy ${policyId} was not read back as about its group in time`)
}

/** What later looks compare with, and who has to stay left out: as before it covered everybody. */
async function recordNarrow(
  world: World,
  rollout: StoredRollout,
  { groupId }: Graduation,
  ask: Ask,
): Promise<void> {
  const { read } = world.store
  const policy = await readPolicy(world, rollout.policyId ?? '', ask)
  const wide = (await read.recorded(rollout.id, 'exclusions')) as unknown as Exclusions | undefined
  if (!policy || !wide) return
  const at = world.clock.now()
  const people = wide.people.filter((id) => id !== GUESTS)
  const groups = wide.groups.filter((id) => id !== groupId)
  await world.store.tx(async (writer) => {
    await writer.recordObject(rollout.id, 'policy', policy, at)
    await writer.recordObject(rollout.id, 'exclusions', { people, groups }, at)
  })
}

async function settleCaught(world: World, rollout: StoredRollout): Promise<void> {
  const at = world.clock.now()
  const target = rollout.policyId ?? ''
  await world.store.tx(async (writer) => {
    const loose = (await writer.membersOfRollout(rollout.id)).filter((member) => member.waveId === '')
    const isOut = (restore: string | null) => restore !== 'restored' && restore !== 'leftIn'
    const caught = loose.filter(({ outcome, restore }) => outcome === 'done' && isOut(restore))
    const people = caught.map((member) => member.personId)
    await writer.setMembers(rollout.id, people, {
      restore: 'restored',
      restore_reason: 'the policy is about its group again',
      restored_at: at,
    })
    const images = await writer.openImages(
      COVERED.effect,
      target,
      loose.map((member) => member.personId),
    )
    await writer.closeImages(
      [...images.values()].map((image) => image.id),
      at,
    )
    await writer.endAdoption(target)
    await writer.setGraduation(rollout.id, { wideAt: null })
    const event = { at, rolloutId: rollout.id, actor: 'wavegate', data: { policyId: target, people } }
    await writer.append({ ...event, type: 'policy.narrowed' })
  })
}
