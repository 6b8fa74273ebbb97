import {
  type Case,
  dataOf,
  type Entry,
  isOfCrossing,
  nameOf,
  type PersonChange,
  personChanges,
  placeOf,
  type Records,
  type Row,
  timeOf,
} from '../case.ts'
import { policyChanges } from '../replay.ts'

/** (e) Nothing of ours lowered MFA without a person’s word on record before it, or the plan’s. */
export function lowered(one: Case): string[] {
  const people = personChanges(one)
    .filter((change) => !change.towards)
    // The plan's word, for whoever the policy was proven to ask, and was asking just then.
    .filter((change) => !(isOfCrossing(one.records, change) && isCovered(one, change)))
    .filter(({ entry, personId }) => !isAskedFor(one.records, personId, entry))
    .map(
      ({ entry, personId }) =>
        `We lowered ${nameOf(one, personId)} ${placeOf(entry)}, and nobody had asked for it.`,
    )
  const excepted = policyChanges(one)
    .filter(({ before, after }) => before === after)
    .flatMap(({ entry, freed }) =>
      freed
        .filter((id) => !isAskedFor(one.records, id, entry))
        .map(
          (id) =>
            `We took ${nameOf(one, id)} out of the policy ${placeOf(entry)}, and nobody had asked for it.`,
        ),
    )
  const policies = policyChanges(one)
    .filter(({ before, after }) => before !== after)
    .filter(({ before, after, freed }) => freed.length > 0 || isOff(before?.state, after?.state))
    .filter(({ entry, policyId }) => !isOffAskedFor(one.records, policyId, entry))
    .map(
      ({ entry, before, freed }) =>
        `We switched off or narrowed ${before?.displayName} ${placeOf(entry)} over ${freed.length} people, and nobody had asked for it.`,
    )
  return [...people, ...excepted, ...policies]
}

/** The policy was on, and the person in its group, as the journal says. */
function isCovered({ journal, records, before }: Case, { entry, personId }: PersonChange): boolean {
  const plans = records.rollouts.filter((row) => /"retirePerUserMfa":true/.test(row.plan))
  return plans.some((rollout) => {
    const earlier = journal.filter((one) => one.seq < entry.seq)
    const last = (target: string) => earlier.filter((one) => one.target === target).at(-1)?.after
    const policy = last(`identity/conditionalAccess/policies/${rollout.policy_id}`)
    const member = last(`groups/${rollout.group_id}/members/${personId}`)
    const wasIn = before.groups.get(rollout.group_id ?? '')?.has(personId) ?? false
    const isIn = member === undefined ? wasIn : (member as { member: boolean }).member
    return isIn && (policy as { state?: string } | undefined)?.state === 'enabled'
  })
}

function isOff(before: string | null | undefined, after: string | null | undefined): boolean {
  return before === 'enabled' && after !== 'enabled'
}

function isByPerson(event: Row<'event'>): boolean {
  return event.actor !== 'wavegate' && event.actor !== ''
}

/** A rollback of the person, of their wave, or of the rollout; a budget whose plan says who is taken back. */
function isAskedFor(records: Records, personId: string, entry: Entry): boolean {
  const mine = records.members.filter((member) => member.person_id === personId)
  return records.events.some((event) => {
    if (event.at > timeOf(entry) || !mine.some((member) => member.rollout_id === event.rollout_id))
      return false
    const { people } = dataOf(event) as { people?: string[] }
    if (people !== undefined && !people.includes(personId)) return false
    const isWide = event.wave_id === null || mine.some((member) => member.wave_id === event.wave_id)
    if (event.type === 'verb.rollback') return isByPerson(event) && isWide
    // By name: a revert of what another hand did to this person.
    if (event.type === 'verb.revert') return isByPerson(event) && people !== undefined
    return event.type === 'budget.rollback' && isWide && plansIt(records, event)
  })
}

/** Does the plan let a machine take people back? */
function plansIt({ rollouts }: Records, event: Row<'event'>): boolean {
  const rollout = rollouts.find((one) => one.id === event.rollout_id)
  return rollout !== undefined && /"onSpent":"rollback(-affected)?"/.test(rollout.plan)
}

/** A disarm that stands, or a rollback of the wave or the rollout, said since the policy went on. */
function isOffAskedFor(records: Records, policyId: string, entry: Entry): boolean {
  const rollouts = records.rollouts.filter((one) => one.policy_id === policyId).map((one) => one.id)
  const said = records.events.filter(
    (event) => rollouts.includes(event.rollout_id ?? '') && event.at <= timeOf(entry) && isByPerson(event),
  )
  const switches = said.filter((event) => event.type === 'verb.disarm' || event.type === 'verb.rearm')
  if (switches.at(-1)?.type === 'verb.disarm') return true
  return said.some((event) => event.type === 'verb.rollback' && !('people' in dataOf(event)))
}
