import {
  type Case,
  directionOf,
  exceptionMoves,
  isRequest,
  nameOf,
  type PersonChange,
  personChanges,
  placeOf,
  type Row,
  timeOf,
} from '../case.ts'

/** (c) Before anybody was changed, the before-image and the attempt were on record; each attempt changed nobody twice. */
export function offRecord(one: Case): string[] {
  const spent = new Set<number>()
  const moves = exceptionMoves(one).map((change) => ({
    change,
    what: change.towards ? 'put among the exceptions' : 'taken from the exceptions',
  }))
  const others = personChanges(one).map((change) => ({
    change,
    what: change.towards ? 'put under MFA' : 'taken back',
  }))
  return [...others, ...moves].flatMap(({ change, what }) => {
    const { entry, personId } = change
    const who = `${nameOf(one, personId)} was ${what} ${placeOf(entry)}`
    const attempt = one.records.attempts.find((row) => !spent.has(row.id) && isOf(row, change))
    if (attempt) spent.add(attempt.id)
    const found: string[] = []
    if (!attempt) found.push(`${who} without an attempt on record before it (request ${entry.requestId}).`)
    if (!one.records.images.some((row) => stands(row, change)))
      found.push(`${who} without a before-image on record before it.`)
    return found
  })
}

function isOf(row: Row<'attempt'>, { entry, personId, groupId, towards }: PersonChange): boolean {
  return (
    row.person_id === personId &&
    (row.target === 'tenant') === (groupId === undefined) &&
    directionOf(row, towards) &&
    (groupId === undefined || row.target === groupId) &&
    row.intended_at <= timeOf(entry) &&
    isRequest(row, entry)
  )
}

function stands(row: Row<'before_image'>, { entry, personId, groupId }: PersonChange): boolean {
  const at = timeOf(entry)
  const isSame = row.person_id === personId && (groupId === undefined || row.target === groupId)
  return isSame && row.recorded_at <= at && (row.closed_at === null || row.closed_at >= at)
}
