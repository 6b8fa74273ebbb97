import type { Ask } from '../graph/directory/ask.ts'
import type { PolicyState } from '../graph/directory/policies.ts'
import { isFailure } from '../graph/errors.ts'
import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import { finding } from '../methods/policy-switch.ts'
import type { TenantImage } from '../store/ledger.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import { endCampaign } from './campaign-end.ts'
import { CAMPAIGN } from './campaign-record.ts'
import { doorsOf, idsOf, imageKindOf, switchedOnKey } from './doors.ts'
import { endExceptions } from './end-exceptions.ts'
import { planOf, Refused, Superseded } from './job.ts'
import { removeLocations } from './locations.ts'
import { inPolicyTurn } from './policy-turn.ts'
import { pollUntil } from './poll.ts'
import { rolloutContextOf } from './step.ts'
import { tellRollout, type WorkOrder } from './tell.ts'
import { removeTwin } from './twin.ts'
import type { World } from './world.ts'

/**
 * The last step of taking a rollout back: the policy returns to its recorded state, report-only if we made it, after
 * its group has been read back without anybody it would uncover.
 */
export async function switchBack(world: World, order: WorkOrder, signal: AbortSignal): Promise<void> {
  const rollout = await world.store.read.rollout(order.rolloutId)
  const asked = rollout && rolloutContextOf(rollout.saved).asked
  if (!rollout || asked?.stands !== 'open' || asked.attempt !== order.attempt) return
  // The policy stays on while somebody whom it covers is left in; it is looked at again.
  if (await isSomebodyLeftIn(world, rollout.id)) {
    const runAt = world.clock.now() + world.times.recheckMs
    return await world.store.tx((writer) =>
      writer.enqueue({ kind: 'work', lane: rollout.id, data: order, runAt }),
    )
  }
  const images: TenantImage[] = []
  for (const door of doorsOf(planOf(rollout))) {
    const { groupId, policyId } = idsOf(rollout, door.for)
    const kind = imageKindOf(door)
    const image = await world.store.read.tenantImage(kind, rollout.id, policyId ?? undefined)
    if (!image) continue
    images.push(image)
    if (policyId && groupId)
      await restorePolicy(world, { rollout, image, policyId, groupId }, { lane: 'restore', signal })
  }
  await endExceptions(world, rollout, signal)
  await removeTwin(world, rollout, signal)
  await removeLocations(world, rollout, planOf(rollout), { lane: 'restore', signal })
  await inPolicyTurn(world, CAMPAIGN, () => endCampaign(world, rollout.id, { lane: 'restore', signal }))
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    for (const { id } of images) await writer.closeTenantImage(id, at)
    for (const door of doorsOf(planOf(rollout)))
      await writer.setSetting(switchedOnKey(rollout.id, door.for), '')
    if (rollout.groupId) await endAdoption(writer, rollout.groupId, at)
    const told = await tellRollout(writer, rollout.id, { type: 'SWITCHED_BACK', at, attempt: order.attempt })
    if (!told.moved) throw new Superseded('the rollout does not wait for its policy any more')
  })
}

/** Caught as one of all users, in no wave that would wait for them, and not confirmed by a second person yet. */
async function isSomebodyLeftIn(world: World, rolloutId: string): Promise<boolean> {
  const members = await world.store.read.membersOfRollout(rolloutId)
  return members.some(({ waveId, restore }) => waveId === '' && restore === 'leftIn')
}

interface Restoring {
  rollout: StoredRollout
  image: TenantImage
  policyId: string
  groupId: string
}

async function restorePolicy(
  world: World,
  { rollout, image, policyId, groupId }: Restoring,
  ask: Ask,
): Promise<void> {
  const before = image.image
  const state = (before === null ? 'enabledForReportingButNotEnforced' : before['state']) as PolicyState
  const now = await readState(world, policyId, ask)
  // Deleted by another hand: nothing of ours is left of it.
  if (now === undefined || now === state) return
  const left = state === 'enabled' ? [] : await onlyAdoptedIn(world, groupId, ask)
  try {
    await world.directory.setPolicyState(policyId, state, ask)
  } catch (error) {
    // The read-back decides what a lost answer did.
    if (!isFailure(error, 'unknownEffect')) throw error
  }
  const back = await pollUntil(world, ask.signal ?? new AbortController().signal, async () =>
    (await readState(world, policyId, ask)) === state ? true : undefined,
  )
  if (!back) throw new Error(`the policy ${policyId} was not read back as ${state} in time`)
  const names = await namesOf(world, left, ask)
  const reason =
    names.length === 0
      ? undefined
      : `${names.length} adopted people stay in the group and are without MFA by it, as they were before: ${names.join(', ')}`
  await world.store.tx((writer) =>
    writer.append({
      at: world.clock.now(),
      rolloutId: rollout.id,
      type: 'policy.switchedBack',
      actor: 'wavegate',
      ...(reason === undefined ? {} : { reason }),
      data: { policyId, state, adopted: left },
    }),
  )
}

async function readState(world: World, policyId: string, ask: Ask): Promise<string | undefined> {
  try {
    return (await world.directory.readPolicy(policyId, ask)).state
  } catch (error) {
    if (isFailure(error, 'notFound')) return undefined
    throw error
  }
}

/**
 * No machine takes MFA off people it did not put under it; who was adopted had none by a policy that was not on.
 * Answers with those who stay in the group.
 */
async function onlyAdoptedIn(world: World, groupId: string, ask: Ask): Promise<string[]> {
  const adopted = await world.store.read.adopted(groupId)
  const left = await pollUntil(world, ask.signal ?? new AbortController().signal, async () => {
    const members = (await world.directory.listMembers(groupId, ask)).map((member) => member.id)
    return members.every((id) => adopted.has(id)) ? members : undefined
  })
  if (left) return left
  const hint = 'They would be without MFA; decide about them by hand, then roll back again.'
  throw new Refused([
    finding('groupNotEmpty', 'People whom no wave put there are in the group of the policy.', hint),
  ])
}

async function namesOf(world: World, ids: readonly string[], ask: Ask): Promise<string[]> {
  if (ids.length === 0) return []
  const users = await world.directory.readUserStates(ids, ask)
  const names = new Map(users.map((user) => [user.id, user.userPrincipalName]))
  return ids.map((id) => names.get(id) ?? id).toSorted()
}

/** Whoever was adopted is as before; the next rollout asks anew. */
async function endAdoption(writer: Writer, groupId: string, at: number): Promise<void> {
  const adopted = [...(await writer.adopted(groupId))]
  const images = [...(await writer.openImages(GROUP_MEMBERSHIP.effect, groupId, adopted)).values()]
  const ids = images.filter((image) => image.image['member'] === true).map((image) => image.id)
  await writer.closeImages(ids, at)
  await writer.endAdoption(groupId)
}
