import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'

/** With the start, before anything is sent: they were in the group before us, and are never taken out by us. */
export async function adoptAtStart(
  writer: Writer,
  rollout: Pick<StoredRollout, 'id'>,
  people: readonly string[],
  groupId: string | null,
  at: number,
): Promise<void> {
  const request = await writer.adoptionRequest(rollout.id, 'adopt')
  if (people.length === 0 || groupId === null || !request) return
  const place = { target: groupId, rolloutId: rollout.id, at }
  const image = { member: true }
  await writer.recordImages(
    { ...place, effect: GROUP_MEMBERSHIP.effect, waveId: '' },
    people.map((personId) => ({ personId, image })),
  )
  await writer.adopt({ ...place, by: request.approvedBy ?? '', reason: request.approvedReason ?? '' }, people)
  const data = { people, askedBy: request.askedBy, approvedBy: request.approvedBy }
  const event = {
    at,
    rolloutId: rollout.id,
    actor: request.approvedBy ?? '',
    reason: request.approvedReason ?? '',
  }
  await writer.append({ ...event, type: 'members.adopted', data })
}
