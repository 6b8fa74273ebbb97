import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import type { Member } from '../store/members.ts'
import { putAmongExceptions } from './except-people.ts'
import { leaveRolesIn } from './left-in.ts'
import { COVERED } from './record-caught.ts'
import type { Restoring } from './settle-restored.ts'
import { isSettled } from './take-out-group.ts'

const EXCEPTED = 'among the exceptions of the policy'
const NOT_SEEN = 'not seen among the exceptions at the read-back deadline'

/**
 * While the policy covers all users, leaving the group takes nobody out of it: whoever is taken back goes among the
 * exceptions first, read back, after they have their per-user MFA back. Answers with who may leave the group now; says
 * in `notes` who is out. Who had MFA before us stays under it.
 */
export async function outOfPolicy(
  restoring: Restoring,
  people: readonly Member[],
  notes: Map<string, string>,
): Promise<readonly Member[]> {
  const { world, rolloutId, signal } = restoring
  const rollout = await world.store.read.rollout(rolloutId)
  const graduation = await world.store.read.graduation(rolloutId)
  if (!rollout || graduation?.wideAt == null || graduation.groupId === null) return people
  const open = people.filter((member) => member.restore === null || !isSettled(member.restore))
  // With a directory role nobody is taken back before a second person has confirmed.
  const staying = await leaveRolesIn(restoring, open)
  const leaving = open.filter(({ personId }) => !staying.has(personId))
  const ids = leaving.map((member) => member.personId)
  const images = await world.store.read.openImages(GROUP_MEMBERSHIP.effect, rollout.groupId ?? '', ids)
  const ours = ids.filter((id) => images.get(id)?.image['member'] !== true)
  const ask = { lane: 'restore' as const, signal }
  const out = await putAmongExceptions({ world, rolloutId, groupId: graduation.groupId, ask }, ours)
  const missing = ours.filter((id) => !out.has(id))
  const covered = await world.store.read.openImages(COVERED.effect, rollout.policyId ?? '', [...out])
  const there = new Set((await world.directory.readUserStates(missing, ask)).map((user) => user.id))
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await writer.closeImages(
      [...covered.values()].map((image) => image.id),
      at,
    )
    const event = { at, rolloutId, actor: 'wavegate' }
    if (out.size > 0) await writer.append({ ...event, type: 'members.excepted', data: { people: [...out] } })
    if (missing.length === 0) return
    for (const [restore, some] of [
      ['gone', missing.filter((id) => !there.has(id))],
      ['unknown', missing.filter((id) => there.has(id))],
    ] as const) {
      if (some.length === 0) continue
      const reason = restore === 'gone' ? 'not in the directory any more' : NOT_SEEN
      await writer.setMembers(rolloutId, some, { restore, restore_reason: reason })
      await writer.append({ ...event, type: `members.${restore}`, reason, data: { people: some } })
    }
  })
  for (const id of out) {
    const before = notes.get(id)
    notes.set(id, before === undefined ? EXCEPTED : `${before}; ${EXCEPTED}`)
  }
  return leaving.filter(({ personId }) => !missing.includes(personId))
}
