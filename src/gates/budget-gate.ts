import type { CompiledBudget } from '../plan/compiled-plan.ts'
import { sayShare, shareOf } from '../plan/units.ts'
import {
  type Asked,
  type Evidence,
  evidenceOf,
  failed,
  type GateName,
  type GateResult,
  passed,
  unknown,
} from './gate-result.ts'
import type { LockOut } from './lock-out.ts'
import { sayPeople } from './say-people.ts'

/** Is every window of the sign-in log since the first switch there? */
export type Coverage = 'complete' | 'missing' | 'failed' | 'notLicensed'

/** How many people a budget allows: rounded down. It is spent when the count is above. */
export function allowedPeople(budget: CompiledBudget, members: number): number {
  return shareOf(budget.maxBp, members)
}

const NO_LOG =
  'The sign-in log needs Entra ID P1: whom our change keeps out is not known. Tickets at the help desk would tell of some'

type Heard = Pick<LockOut, 'everLockedOut' | 'lockedOutNow' | 'settledSignIn'> &
  Partial<Pick<LockOut, 'undecided' | 'suspicions' | 'otherPolicies'>>

/** Has our change kept too many people of the wave out? Harm that is seen counts even where the log has holes. */
export function lockedOutGate(input: {
  budget: CompiledBudget
  members: number
  people: readonly Heard[]
  coverage: Coverage
  window: { from: number; to: number } | null
  /** Evidence fetched before this moment is stale: the end of a soak that nobody watched, say. */
  freshSince?: number
  asked: Asked
}): GateResult {
  const ever = input.people.filter((person) => person.everLockedOut).length
  const still = input.people.filter((person) => person.lockedOutNow).length
  const heard = input.people.filter((person) => person.settledSignIn).length
  const allowed = allowedPeople(input.budget, input.members)
  const evidence = spending('lockedOut', input, ever, heard, input.window)
  const count = `${ever} of ${sayPeople(input.members)} ${ever === 1 ? 'was' : 'were'} locked out by our change, ${still} of them still`
  const says = `${count}; ${allowed} allowed, ${heard} heard from${sayAside(input.people)}`
  if (ever > allowed) return failed('lockedOut', says, evidence)
  switch (input.coverage) {
    case 'complete':
      break
    case 'missing':
      return unknown('lockedOut', 'noData', 'The sign-in log since the switch is not complete', evidence)
    case 'failed':
      return unknown('lockedOut', 'error', 'The sign-in log could not be read', evidence)
    case 'notLicensed':
      return unknown('lockedOut', 'notAvailable(licence)', NO_LOG, evidence)
    default:
      return input.coverage satisfies never
  }
  if (isStale(input)) {
    return unknown(
      'lockedOut',
      'stale',
      'The sign-in log was read before the time it has to tell about',
      evidence,
    )
  }
  const undecided = input.people.filter((person) => !person.everLockedOut && person.undecided?.length).length
  if (ever + undecided > allowed) {
    const open = `${count}; ${allowed} allowed. Of ${sayPeople(undecided)} it cannot be told whether it was them or a stranger: no fortnight of their sign-ins is known`
    return unknown('lockedOut', 'tooFew', open, evidence)
  }
  if (heard === 0) {
    const silence = 'Nobody of the wave has a settled sign-in since being switched'
    return unknown('lockedOut', 'noData', silence, evidence)
  }
  return passed('lockedOut', says, evidence)
}

/** What happened to people and is not our change's doing. */
function sayAside(people: readonly Heard[]): string {
  const strange = people.filter((person) => person.suspicions?.length).length
  const blocked = people.filter((person) => person.otherPolicies?.length).length
  const names = new Set(
    people.flatMap((person) => (person.otherPolicies ?? []).map((one) => one.name ?? one.id)),
  )
  const suspicion = `; attempts on ${sayPeople(strange)} from places they do not use count as suspicion`
  const elsewhere = `; ${sayPeople(blocked)} turned away by other policies: ${[...names].join(', ')}`
  return `${strange > 0 ? suspicion : ''}${blocked > 0 ? elsewhere : ''}`
}

/** Did too many changes fail? A change whose outcome is not known yet decides nothing. */
export function failedChangesGate(input: {
  budget: CompiledBudget
  members: number
  failed: number
  pending: number
  asked: Asked
}): GateResult {
  const allowed = allowedPeople(input.budget, input.members)
  const evidence = spending('failedChanges', input, input.failed, input.members - input.pending, null)
  const says = `${input.failed} of ${sayPeople(input.members)} could not be changed; ${allowed} allowed`
  if (input.failed > allowed) return failed('failedChanges', says, evidence)
  if (input.pending > 0) {
    const open = `The outcome of ${sayPeople(input.pending)} is not known yet`
    return unknown('failedChanges', 'undecided', open, evidence)
  }
  if (input.members === 0) return unknown('failedChanges', 'noData', 'Nobody is in the wave', evidence)
  return passed('failedChanges', says, evidence)
}

function spending(
  gate: GateName,
  input: { budget: CompiledBudget; members: number; asked: Asked },
  value: number,
  n: number,
  window: Evidence['window'],
): Evidence {
  const allowed = allowedPeople(input.budget, input.members)
  const rule = `${gate}: at most ${sayShare(input.budget.maxBp)} of ${sayPeople(input.members)}, that is ${allowed}`
  return evidenceOf(input.asked, { value, threshold: allowed, unit: 'people', n, rule, window })
}

function isStale(input: { freshSince?: number; asked: Asked }): boolean {
  if (input.freshSince === undefined) return false
  return input.asked.fetchedAt === null || input.asked.fetchedAt < input.freshSince
}
