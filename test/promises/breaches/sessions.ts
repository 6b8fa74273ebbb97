import { type Case, isByUs, nameOf, placeOf, timeOf } from '../case.ts'

const SESSIONS = /^users\/([^/]+)\/signInSessions$/

/** Nobody's sessions were ended twice, before the person was asked for, or without image and attempt on record. */
export function sessions(one: Case): string[] {
  const ended = new Set<string>()
  return one.journal.filter(isByUs).flatMap((entry) => {
    const [, personId] = SESSIONS.exec(entry.target) ?? []
    if (personId === undefined) return []
    const who = `The sessions of ${nameOf(one, personId)} were ended ${placeOf(entry)}`
    const isOf = (row: { effect: string; person_id: string }) =>
      row.effect === 'sessions' && row.person_id === personId
    const { attempts, images, members } = one.records
    const at = timeOf(entry)
    const found: string[] = []
    if (ended.has(personId)) found.push(`${who}, and had been before.`)
    ended.add(personId)
    if (!attempts.some((row) => isOf(row) && row.intended_at <= at))
      found.push(`${who} without an attempt on record before it.`)
    if (!images.some((row) => isOf(row) && row.recorded_at <= at))
      found.push(`${who} without a before-image on record before it.`)
    const isIn = members.some((row) => row.person_id === personId && (row.in_place_at ?? at + 1) <= at)
    if (!isIn) found.push(`${who} before they were read back in place.`)
    return found
  })
}
