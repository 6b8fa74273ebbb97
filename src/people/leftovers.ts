import type { Exclusion } from './exclusion.ts'
import type { Person } from './person.ts'

/** A member who is not under MFA, as far as the catch-up asks. */
export interface LeftoverMember {
  id: string
  waveState: string
  deferred: string | null
  /** When a deferral by name ends; null: there is none. */
  deferredUntil: number | null
  restore: string | null
  /** When the person was taken back; null: never. */
  takenBackAt: number | null
}

export interface LeftoverInput {
  members: readonly LeftoverMember[]
  /** People who came too late for the waves of the plan, and are members of none. */
  late: readonly string[]
  /** Of these, who is deferred by name until a day that is still to come. */
  deferredByName: ReadonlySet<string>
  people: ReadonlyMap<string, Person>
  /** Who can use what the plan asks for. */
  ready: { has(id: string): boolean }
  /** Whom nothing of ours may touch, and why. */
  excluded: ReadonlyMap<string, Exclusion>
  /** Of whom an owner said that they are no people. */
  notPeople: ReadonlySet<string>
  /** When Microsoft refreshed the readiness of each person. */
  refreshedAt: ReadonlyMap<string, number>
  now: number
}

export interface Leftovers {
  /** Members whom the next round takes, and people who are to become members by it; sorted. */
  members: string[]
  late: string[]
  /** How many the catch-up may take, now or later. */
  open: number
  /** Members whom no round ever takes, as they are; sorted. */
  never: string[]
}

/** Of these nobody comes into a wave of people by waiting: a round that waited for them would wait for ever. */
const FOR_GOOD: readonly Exclusion[] = [
  'protectedEmergency',
  'protectedGroup',
  'directoryRole',
  'guest',
  'adopted',
]

/** Whom the next round of the catch-up takes, and for how many there is a next one. */
export function sortLeftovers(input: LeftoverInput): Leftovers {
  const isNever = ({ id }: LeftoverMember) => {
    const why = input.excluded.get(id)
    return input.notPeople.has(id) || (why !== undefined && FOR_GOOD.includes(why))
  }
  const left = input.members.filter(isOpen)
  const open = left.filter((member) => !isNever(member))
  const late = input.late.filter((id) => !input.excluded.has(id) && input.people.has(id))
  const taken = open.filter((member) => mayBeTaken(member, input) && isReady(member.id, input))
  return {
    members: taken.map(({ id }) => id).sort(),
    late: late.filter((id) => !input.deferredByName.has(id) && isReady(id, input)).sort(),
    open: open.length + late.length,
    never: left
      .filter(isNever)
      .map(({ id }) => id)
      .sort(),
  }
}

/** Whoever may still be in the group is no leftover; the people of a wave that was skipped stay untouched. */
function isOpen({ waveState, restore }: LeftoverMember): boolean {
  return waveState !== 'skipped' && (restore === null || restore === 'restored' || restore === 'untouched')
}

function mayBeTaken(member: LeftoverMember, { refreshedAt, now }: LeftoverInput): boolean {
  const { id, deferred, deferredUntil, takenBackAt } = member
  if (deferred === 'released') return (refreshedAt.get(id) ?? 0) > (takenBackAt ?? now)
  // Taken back, alone or with the wave: nobody takes them before a person has said release.
  if (deferred === 'rolledBack' || member.waveState !== 'completed') return false
  return deferred !== 'deferred' || (deferredUntil !== null && deferredUntil <= now)
}

function isReady(id: string, { people, ready, excluded }: LeftoverInput): boolean {
  return people.has(id) && !excluded.has(id) && ready.has(id)
}
