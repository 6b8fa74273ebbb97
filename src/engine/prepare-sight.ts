import type { Change, Image } from '../methods/change.ts'
import { isImage } from './chunk.ts'
import { type Found, noteFound } from './prepare-note.ts'
import type { Preparing } from './prepare-people.ts'

export async function leaveProtectedOut(preparing: Preparing, ids: readonly string[]): Promise<string[]> {
  const out = ids.filter((id) => preparing.protectedPeople.has(id))
  await noteFound(
    preparing,
    out.map((personId) => ({ personId, outcome: 'skipped', reason: 'protected', wanted: null })),
  )
  return ids.filter((id) => !out.includes(id))
}

/** What the tenant shows of these people; nobody is in it whose state could not be read, and that is their outcome. */
export async function readPeople(
  preparing: Preparing,
  change: Change,
  ids: readonly string[],
): Promise<Map<string, Image>> {
  const seen = new Map<string, Image>()
  if (ids.length === 0) return seen
  const now = await change.read(ids, { lane: 'change', signal: preparing.signal })
  const unread: Found[] = []
  for (const personId of ids) {
    const image = now.get(personId)
    if (isImage(image)) {
      seen.set(personId, image)
      continue
    }
    if (image && image.kind !== 'notFound' && image.kind !== 'forbidden') throw image
    const why = image?.message ?? 'Graph did not answer for this person'
    const reason = `the state before could not be read: ${why}`
    unread.push({ personId, outcome: 'failed', reason, wanted: null })
  }
  await noteFound(preparing, unread)
  return seen
}
