import {
  type Case,
  dataOf,
  isRequest,
  nameOf,
  type PreparedChange,
  placeOf,
  preparedChanges,
  type Row,
  timeOf,
} from '../case.ts'

/**
 * (g) Nobody was prepared whose wave had not begun to prepare; and before anybody was, the before-image and the attempt
 * were on record.
 */
export function unprepared(one: Case): string[] {
  const spent = new Set<number>()
  return preparedChanges(one)
    .filter(({ isUndo }) => !isUndo)
    .flatMap((change) => {
      const { entry, personId } = change
      const attempt = one.records.attempts.find((row) => !spent.has(row.id) && isOf(row, change))
      if (attempt) spent.add(attempt.id)
      const lacks = [
        ...(isPreparing(one, change) ? [] : ['whose wave had not begun to prepare']),
        ...(attempt ? [] : ['without an attempt on record before it']),
        ...(one.records.images.some((row) => stands(row, change))
          ? []
          : ['without a before-image on record before it']),
      ]
      if (lacks.length === 0) return []
      return [`We prepared ${nameOf(one, personId)} ${placeOf(entry)}, ${lacks.join(' and ')}.`]
    })
}

/** By the event that says so: of a wave the person is in, or was in before being moved to a later one. */
function isPreparing({ records }: Case, { entry, personId }: PreparedChange): boolean {
  const mine = new Set([
    ...records.members.filter((row) => row.person_id === personId).map((row) => row.wave_id),
    ...records.preparations.filter((row) => row.person_id === personId).map((row) => row.wave_id),
  ])
  return records.events.some(
    (event) =>
      event.wave_id !== null &&
      mine.has(event.wave_id) &&
      event.type === 'wave.preparing' &&
      event.at <= timeOf(entry) &&
      dataOf(event).to === 'preparing',
  )
}

function isOf(row: Row<'attempt'>, { entry, personId }: PreparedChange): boolean {
  const isTheirs = row.person_id === personId && row.direction === 'apply'
  return isTheirs && row.intended_at <= timeOf(entry) && isRequest(row, entry)
}

function stands(row: Row<'before_image'>, { entry, personId }: PreparedChange): boolean {
  const at = timeOf(entry)
  return (
    row.person_id === personId &&
    row.recorded_at <= at &&
    (row.closed_at === null || row.closed_at >= at) &&
    row.effect !== 'groupMember'
  )
}
