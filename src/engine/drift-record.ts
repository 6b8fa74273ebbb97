import type { Ask } from '../graph/directory/ask.ts'
import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import { policyFindings } from '../methods/policy-switch.ts'
import type { PolicyWanted } from '../methods/policy-template.ts'
import type { Reader, Writer } from '../store/store.ts'
import type { World } from './world.ts'

/** Kept once, when people may join for the first time: what every later look compares with. */
export async function recordTarget(
  world: World,
  rolloutId: string,
  policyId: string,
  wanted: PolicyWanted,
  ask: Ask,
): Promise<void> {
  if (await world.store.read.recorded(rolloutId, 'policy')) return
  const policy = await world.directory.readPolicy(policyId, ask)
  if (policy.state !== 'enabled' || policyFindings(policy, wanted).length > 0) return
  const at = world.clock.now()
  const exclusions = { people: wanted.excludedPeople, groups: wanted.excludedGroups }
  await world.store.tx(async (writer) => {
    await writer.recordObject(rolloutId, 'policy', policy, at)
    await writer.recordObject(rolloutId, 'exclusions', exclusions, at)
    await queueLook(writer, { rolloutId, suspects: [] }, at + world.times.driftMs)
  })
}

export interface LookOrder {
  rolloutId: string
  /** What the look before saw for the first time: taken for true when it is seen again. */
  suspects: string[]
}

export async function queueLook(writer: Writer, order: LookOrder, runAt: number): Promise<void> {
  await writer.enqueue({ kind: 'look', lane: `look:${order.rolloutId}`, data: order, runAt })
}

/** Properties of the policy that another hand changed and an approver took as they are. */
export async function acceptedProperties(
  read: Reader,
  rolloutId: string,
): Promise<Record<string, unknown> | undefined> {
  return await read.recorded(rolloutId, 'accepted')
}

/** A run made of another takes what was accepted there as given: it is the same policy, and an approver's word stands. */
export async function keepAccepted(
  writer: Writer,
  from: { id: string },
  to: { id: string; at: number },
): Promise<void> {
  const accepted = (await acceptedProperties(writer, from.id)) ?? {}
  if (Object.keys(accepted).length === 0) return
  await writer.recordObject(to.id, 'accepted', accepted, to.at)
  const event = { at: to.at, rolloutId: to.id, type: 'policy.acceptedKept', actor: 'wavegate' }
  await writer.append({ ...event, data: { from: from.id, properties: Object.keys(accepted) } })
}

/** Another demand is another policy: what was accepted was about the one before. */
export async function dropAccepted(writer: Writer, rolloutId: string, at: number): Promise<void> {
  if (!(await acceptedProperties(writer, rolloutId))) return
  await writer.recordObject(rolloutId, 'accepted', {}, at)
}

/** Of these, who may not be under the policy: neither put in the group by us nor adopted by name. */
export async function foreignAmong(read: Reader, groupId: string, ids: readonly string[]): Promise<string[]> {
  const images = await read.openImages(GROUP_MEMBERSHIP.effect, groupId, ids)
  const adopted = await read.adopted(groupId)
  return ids.filter((id) => images.get(id)?.image.member !== false && !adopted.has(id))
}
