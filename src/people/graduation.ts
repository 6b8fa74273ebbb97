import type { Person } from './person.ts'
import { type Readiness, readinessOf } from './readiness.ts'

/** What is known of somebody whom a wave went for. */
export interface WaveMember {
  personId: string
  deferred: string | null
  outcome: string
  restore: string | null
}

export interface Everybody {
  people: readonly Person[]
  /** Protected by the plan, by object id. */
  guarded: ReadonlySet<string>
  /** Direct members of the group of the policy. */
  inGroup: ReadonlySet<string>
  members: readonly WaveMember[]
  /** Of the newly caught, those whom an approver has confirmed; null: nobody was asked yet. */
  approved: ReadonlySet<string> | null
  /** Whether somebody could use what the policy asks for; absent: by any second factor. */
  readiness?: (person: Person) => Readiness
  /** Who may be no person or signs in by an old program, and as what they wait; whoever is covered already stays so. */
  setAside?: ReadonlyMap<string, string>
}

export interface Graduation {
  /** In no wave, ready, and under MFA from then on. */
  caught: Person[]
  /** Stay out of the policy, each with the reason. */
  exceptions: { person: Person; why: string }[]
}

/** Whom a policy for all users would catch anew, and who has to stay out of it. Guests and the protected are in neither. */
export function graduationOf({
  people,
  guarded,
  inGroup,
  members,
  approved,
  readiness = readinessOf,
  setAside = new Map(),
}: Everybody): Graduation {
  const byId = new Map(members.map((member) => [member.personId, member]))
  const found: Graduation = { caught: [], exceptions: [] }
  for (const person of people) {
    if (guarded.has(person.id) || person.userType === 'Guest') continue
    const isIn = inGroup.has(person.id)
    const aside = isIn ? undefined : setAside.get(person.id)
    const why = whyOut(person, byId.get(person.id), isIn, approved, readiness(person)) ?? aside ?? null
    if (why !== null) found.exceptions.push({ person, why })
    else if (!isIn) found.caught.push(person)
  }
  return found
}

function whyOut(
  person: Person,
  member: WaveMember | undefined,
  isIn: boolean,
  approved: ReadonlySet<string> | null,
  readiness: Readiness,
): string | null {
  const parked = member === undefined ? null : whyParked(member, isIn)
  if (parked !== null) return parked
  // By their wave, or by whoever put them there: the policy covers them already.
  if (isIn) return null
  if (readiness !== 'ready') return readiness === 'notReady' ? 'notReady' : 'readinessUnknown'
  return approved !== null && !approved.has(person.id) ? 'notConfirmed' : null
}

/** null: nothing of a wave keeps this person out. Whoever is covered by the group stays so, unless they are taken back. */
function whyParked({ deferred, outcome, restore }: WaveMember, isIn: boolean): string | null {
  const isOpen = restore === 'failed' || restore === 'unknown'
  if (isOpen) return `rollback ${restore}`
  if (isIn) return deferred === 'rolledBack' && restore === null ? deferred : null
  if (deferred !== null) return deferred
  if (restore !== null) return restore === 'restored' ? 'rolledBack' : `rollback ${restore}`
  return outcome === 'done' || outcome === 'already' ? 'takenOut' : outcome
}
