import type { DeclaredTimes } from './declared-times.ts'
import { type Habits, type Whereabouts, whereabouts } from './places.ts'
import {
  classifySignIn,
  listsPolicy,
  type OtherPolicy,
  otherPolicyOf,
  type SignIn,
  type SignInClass,
} from './sign-in.ts'

export type Incident = {
  signInId: string
  at: number
  kind: 'blocked' | 'abandoned'
  class: SignInClass
  /** When the person got in again, or null. */
  endedAt: number | null
}

export type LockOut = {
  /** Our change kept this person out at some time; spends the budget, also after a rescue. */
  everLockedOut: boolean
  /** ... and no success has come since. */
  lockedOutNow: boolean
  /** A sign-in met our policy and passed. */
  proven: boolean
  firstProvenAt: number | null
  lastProvenAt: number | null
  /** A sign-in since the switch that the log will no longer change, and that says what our policy did. */
  settledSignIn: boolean
  incidents: Incident[]
  /** From a place the person does not use: the change doing its job, and counted nowhere. */
  suspicions: Incident[]
  /** Of these it cannot be told whether it was the person: their sign-ins of the fortnight before are not known. */
  undecided: Incident[]
  /** A reading of that fortnight may decide something. */
  needsHabits: boolean
  /** Policies that are not ours and turned the person away. */
  otherPolicies: OtherPolicy[]
}

type Judged = { row: SignIn; class: SignInClass }

/**
 * What a person's sign-ins since their switch say about our change, as seen at `now`.
 * A block counts as soon as the time for a rescue and the log's usual delay have passed; an interrupt only
 * once its rows are settled. Rows are free of duplicates; their order does not matter.
 */
export function lockOut(input: {
  rows: readonly SignIn[]
  policyId: string
  since: number
  now: number
  times: DeclaredTimes
  /** `rows` hold the person's sign-ins of `habitMs` before the switch too. */
  knowsHabits: boolean
  /** Old programs whose end was accepted for this person: what becomes of them says nothing about the change. */
  givenUp?: ReadonlySet<string> | undefined
}): LockOut {
  const { now, times, policyId } = input
  const settled = now - times.settlingMs
  const isProof = (row: SignIn) => classifySignIn(row, policyId) === 'provenSuccess'
  const habits: Habits = { rows: input.rows, isKnown: input.knowsHabits, habitMs: times.habitMs, isProof }
  const judged = input.rows
    .filter((row) => !input.givenUp?.has(row.oldProgram ?? ''))
    .filter((row) => row.createdDateTime >= input.since && row.createdDateTime <= now)
    .map((row): Judged => ({ row, class: classifySignIn(row, input.policyId) }))
    .toSorted(byTime)
  const successes = judged.filter((sign) => isSuccess(sign.class)).map((sign) => sign.row.createdDateTime)
  const found: Record<Whereabouts, Incident[]> = { used: [], strange: [], untold: [] }
  for (const sign of judged) {
    const kind = incidentKind(sign.class)
    if (kind === undefined) continue
    const at = sign.row.createdDateTime
    const endedAt = successes.find((success) => success >= at) ?? null
    const grace = kind === 'blocked' ? times.rescueMs : times.abandonMs
    const over = kind === 'blocked' ? at + grace + times.usualLogDelayMs <= now : at + grace <= settled
    const rescued = endedAt !== null && endedAt - at <= grace
    if (!over || rescued) continue
    found[whereabouts(sign.row, habits)].push({ signInId: sign.row.id, at, kind, class: sign.class, endedAt })
  }
  const incidents = found.used
  const proofs = judged.filter((sign) => sign.class === 'provenSuccess')
  return {
    everLockedOut: incidents.length > 0,
    lockedOutNow: incidents.some((incident) => incident.endedAt === null),
    proven: proofs.length > 0,
    firstProvenAt: proofs[0]?.row.createdDateTime ?? null,
    lastProvenAt: proofs.at(-1)?.row.createdDateTime ?? null,
    settledSignIn: judged.some(
      (sign) => sign.row.createdDateTime <= settled && isHeard(sign, policyId, habits),
    ),
    incidents,
    suspicions: found.strange,
    undecided: found.untold,
    needsHabits: !input.knowsHabits && judged.some((sign) => isOpen(sign, habits)),
    otherPolicies: otherPoliciesOf(judged, policyId),
  }
}

function byTime(a: Judged, b: Judged): number {
  return a.row.createdDateTime - b.row.createdDateTime || (a.row.id < b.row.id ? -1 : 1)
}

function isSuccess(kind: SignInClass): boolean {
  return kind === 'success' || kind === 'provenSuccess'
}

function incidentKind(kind: SignInClass): Incident['kind'] | undefined {
  switch (kind) {
    case 'blockedByPolicy':
    case 'registrationBlocked':
    case 'invalidNumber':
    case 'mfaFailed':
      return 'blocked'
    case 'interrupt':
      return 'abandoned'
    case 'provenSuccess':
    case 'success':
    case 'mfaDenied':
    case 'otherPolicy':
    case 'provider':
    case 'password':
    case 'noise':
      return undefined
    default:
      return kind satisfies never
  }
}

/** A row that does not list our policy cannot clear it: the app may lack the right to read policies. */
function isHeard(sign: Judged, policyId: string, habits: Habits): boolean {
  if (incidentKind(sign.class) !== undefined) return whereabouts(sign.row, habits) === 'used'
  return isSuccess(sign.class) && listsPolicy(sign.row, policyId)
}

function isOpen(sign: Judged, habits: Habits): boolean {
  return incidentKind(sign.class) !== undefined && whereabouts(sign.row, habits) === 'untold'
}

function otherPoliciesOf(judged: readonly Judged[], policyId: string): OtherPolicy[] {
  const found = new Map<string, OtherPolicy>()
  for (const sign of judged) {
    const other = sign.class === 'otherPolicy' ? otherPolicyOf(sign.row, policyId) : undefined
    if (other) found.set(other.id, { id: other.id, name: other.name })
  }
  return [...found.values()]
}
