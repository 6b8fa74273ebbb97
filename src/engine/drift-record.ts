import type { Ask } from '../graph/directory/ask.ts'
import type { Policy } from '../graph/directory/policies.ts'
import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import { policyFindings } from '../methods/policy-switch.ts'
import type { PolicyWanted } from '../methods/policy-template.ts'
import type { Reader, Writer } from '../store/store.ts'
import { acceptedKey, exclusionsKey, WATCHED_POLICIES, type WatchedPolicy } from './watched-policy.ts'
import type { World } from './world.ts'

/** Kept once, when people may join for the first time: what every later look compares with. */
export async function recordTarget(
  world: World,
  rolloutId: string,
  object: Exclude<WatchedPolicy, 'twin'>,
  policyId: string,
  wanted: PolicyWanted,
  ask: Ask,
): Promise<void> {
  if (await world.store.read.recorded(rolloutId, object)) return
  const policy = await world.directory.readPolicy(policyId, ask)
  if (policy.state !== 'enabled' || policyFindings(policy, wanted).length > 0) return
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await recordPolicy(writer, rolloutId, object, policy, wanted, at)
    if (object === 'policy') await queueLook(writer, { rolloutId, suspects: [] }, at + world.times.driftMs)
  })
}

/** As it was read, and who has to stay left out of it. */
export async function recordPolicy(
  writer: Writer,
  rolloutId: string,
  object: WatchedPolicy,
  policy: Policy,
  { excludedPeople: people, excludedGroups: groups }: PolicyWanted,
  at: number,
): Promise<void> {
  await writer.recordObject(rolloutId, object, policy, at)
  await writer.recordObject(rolloutId, exclusionsKey(object), { people, groups }, at)
}

export interface LookOrder {
  rolloutId: string
  /** What the look before saw for the first time: taken for true when it is seen again. */
  suspects: string[]
}

/** A rollout that changes each person’s own state has no policy whose recording would begin the looks. */
export async function beginLooking(world: World, rolloutId: string): Promise<void> {
  const { read } = world.store
  if (await read.recorded(rolloutId, LOOKING)) return
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    if (await writer.recorded(rolloutId, LOOKING)) return
    await writer.recordObject(rolloutId, LOOKING, { since: at }, at)
    await queueLook(writer, { rolloutId, suspects: [] }, at + world.times.driftMs)
  })
}

const LOOKING = 'looking'

export async function queueLook(writer: Writer, order: LookOrder, runAt: number): Promise<void> {
  await writer.enqueue({ kind: 'look', lane: `look:${order.rolloutId}`, data: order, runAt })
}

/** Properties of a policy that another hand changed and an approver took as they are. */
export async function acceptedProperties(
  read: Reader,
  rolloutId: string,
  object: WatchedPolicy = 'policy',
): Promise<Record<string, unknown> | undefined> {
  return await read.recorded(rolloutId, acceptedKey(object))
}

/** A run made of another takes what was accepted there as given: it is the same policy, and an approver's word stands. */
export async function keepAccepted(
  writer: Writer,
  from: { id: string },
  to: { id: string; at: number },
): Promise<void> {
  for (const object of WATCHED_POLICIES) {
    const accepted = (await acceptedProperties(writer, from.id, object)) ?? {}
    if (Object.keys(accepted).length === 0) continue
    await writer.recordObject(to.id, acceptedKey(object), accepted, to.at)
    const event = { at: to.at, rolloutId: to.id, type: 'policy.acceptedKept', actor: 'wavegate' }
    await writer.append({ ...event, data: { from: from.id, object, properties: Object.keys(accepted) } })
  }
}

/** Another demand is another policy: what was accepted was about the one before. */
export async function dropAccepted(writer: Writer, rolloutId: string, at: number): Promise<void> {
  for (const object of WATCHED_POLICIES) {
    if (!(await acceptedProperties(writer, rolloutId, object))) continue
    await writer.recordObject(rolloutId, acceptedKey(object), {}, at)
  }
}

/** Of these, who may not be under the policy: neither put in the group by us nor adopted by name. */
export async function foreignAmong(read: Reader, groupId: string, ids: readonly string[]): Promise<string[]> {
  const images = await read.openImages(GROUP_MEMBERSHIP.effect, groupId, ids)
  const adopted = await read.adopted(groupId)
  return ids.filter((id) => images.get(id)?.image.member !== false && !adopted.has(id))
}
