import {
  type Case,
  dataOf,
  type Entry,
  isOfCrossing,
  isRequest,
  nameOf,
  personChanges,
  placeOf,
  preparedChanges,
  type Records,
  type Row,
  timeOf,
} from '../case.ts'
import { policyChanges } from '../replay.ts'

const FORBIDS = ['user', 'freeze', 'disarmed', 'budgetSpent'] as const
const SAYS: Record<(typeof FORBIDS)[number], string> = {
  user: 'paused',
  freeze: 'frozen',
  disarmed: 'disarmed',
  budgetSpent: 'over its budget',
}

interface Held {
  kind: (typeof FORBIDS)[number]
  rolloutId: string
  waveId: string | null
  from: number
  until: number
}

/** (f) No change towards MFA was begun while paused, frozen, disarmed or over budget. What was in flight may end. */
export function whileHeld(one: Case): string[] {
  const held = holds(one.records)
  const prepared = preparedChanges(one)
    .filter((change) => !change.isUndo)
    .map((change) => ({ ...change, what: (who: string, place: string) => `We prepared ${who} ${place}` }))
  const switched = personChanges(one)
    // What is given back is never barred.
    .filter((change) => change.towards && !isOfCrossing(one.records, change))
    .map((change) => ({
      ...change,
      what: (who: string, place: string) => `We put ${who} under MFA ${place}`,
    }))
  const people = [...switched, ...prepared].flatMap(({ entry, personId, what }) => {
    const attempt = one.records.attempts.find(
      (row) => row.person_id === personId && row.direction === 'apply' && isRequest(row, entry),
    )
    const begun = attempt?.intended_at ?? timeOf(entry)
    const mine = one.records.members.filter((member) => member.person_id === personId)
    const against = held.find(
      (hold) =>
        mine.some(
          (member) =>
            hold.rolloutId === member.rollout_id && (hold.waveId ?? member.wave_id) === member.wave_id,
        ) &&
        hold.from < begun &&
        begun < hold.until,
    )
    return against ? [`${what(nameOf(one, personId), placeOf(entry))} while ${SAYS[against.kind]}.`] : []
  })
  const policies = policyChanges(one)
    .filter(
      ({ before, after, caught }) =>
        caught.length > 0 || (before?.state !== 'enabled' && after?.state === 'enabled'),
    )
    .flatMap(({ entry, policyId, after }) => {
      const rollouts = one.records.rollouts.filter((row) => row.policy_id === policyId).map((row) => row.id)
      const against = held.find(
        (hold) =>
          hold.waveId === null &&
          rollouts.includes(hold.rolloutId) &&
          hold.from < timeOf(entry) &&
          timeOf(entry) < hold.until &&
          !(hold.kind === 'disarmed' && isRearming(one, rollouts, policyId, entry, hold.until)),
      )
      return against
        ? [`We switched on or widened ${after?.displayName} ${placeOf(entry)} while ${SAYS[against.kind]}.`]
        : []
    })
  return [...people, ...policies]
}

/** A rearm says so when it has read back; one that was overtaken puts the policy off again under the same disarm. */
function isRearming(one: Case, rollouts: string[], policyId: string, entry: Entry, until: number): boolean {
  const next = one.records.events.find(
    (event) =>
      rollouts.includes(event.rollout_id ?? '') &&
      event.at >= timeOf(entry) &&
      (event.type === 'verb.rearm' || event.type === 'verb.disarm'),
  )
  if (next?.type === 'verb.rearm') return true
  const later = policyChanges(one).find(
    (change) => change.policyId === policyId && change.entry.seq > entry.seq,
  )
  return later !== undefined && later.after?.state !== 'enabled' && timeOf(later.entry) < until
}

/** When each hold was placed and lifted, by the event log. */
function holds({ events }: Records): Held[] {
  const open: Held[] = []
  const all: Held[] = []
  for (const event of events) {
    if (event.type !== 'hold.placed' && event.type !== 'hold.lifted') continue
    const kind = kindOf(event)
    if (kind === undefined || event.rollout_id === null) continue
    if (event.type === 'hold.placed') {
      const hold = {
        kind,
        rolloutId: event.rollout_id,
        waveId: event.wave_id,
        from: event.at,
        until: Number.POSITIVE_INFINITY,
      }
      open.push(hold)
      all.push(hold)
      continue
    }
    const place = open.findIndex(
      (hold) => hold.kind === kind && hold.rolloutId === event.rollout_id && hold.waveId === event.wave_id,
    )
    const [lifted] = place === -1 ? [] : open.splice(place, 1)
    if (lifted) lifted.until = event.at
  }
  return all
}

function kindOf(event: Row<'event'>): Held['kind'] | undefined {
  const { hold } = dataOf(event) as { hold?: { kind?: string } }
  return FORBIDS.find((kind) => kind === hold?.kind)
}
