import type { Writer } from '../store/store.ts'

/** Whom somebody has deferred leaves the wave by name until the date. Answers with who did. */
export async function leaveDeferredOut(
  writer: Writer,
  place: { at: number; rolloutId: string; waveId: string },
  people: readonly string[],
): Promise<string[]> {
  const among = new Set(people)
  const standing = (await writer.deferrals(place.rolloutId)).filter(
    ({ personId, until }) => until > place.at && among.has(personId),
  )
  const ids = standing.map(({ personId }) => personId)
  if (ids.length === 0) return ids
  await writer.setMembers(place.rolloutId, ids, { deferred: 'deferred' })
  const reason = 'deferred by name'
  await writer.append({
    ...place,
    type: 'members.deferred',
    actor: 'wavegate',
    reason,
    data: { people: ids },
  })
  return ids
}
