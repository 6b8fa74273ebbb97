import { z } from 'zod'
import type { Person } from './person.ts'
import { sayDay } from './say-day.ts'
import { methodsThatMeet } from './strength-evidence.ts'
import type { ReadinessVerdict, VerdictIs } from './verdict-words.ts'

export const readinessSchema = z.enum(['ready', 'notReady', 'unknown'])
export type Readiness = z.infer<typeof readinessSchema>

/** A person's row in the registration report, as far as readiness needs it. */
export type RegistrationRow = {
  id: string
  isMfaCapable?: boolean | undefined
  /** null or absent: the report does not say. */
  methodsRegistered?: readonly string[] | null | undefined
}

/** A strength beyond any second factor: its name in the plan, and what it lets through. */
export type StrengthAsked = { name: string; combinations: readonly string[] }

/** Registered is not enough: only "capable" means that policy allows the factor. */
export function readinessOf(row: Pick<Person, 'isMfaCapable'> | undefined): Readiness {
  if (row?.isMfaCapable === undefined) return 'unknown'
  return row.isMfaCapable ? 'ready' : 'notReady'
}

export type CohortReadiness = {
  id: string
  readiness: Readiness
  /** By what the person is ready, or why not. */
  evidence?: string
  verdict?: VerdictIs
  /** An open question that would decide it. */
  question?: string
}[]

/** One verdict for each member, also for those whom the report leaves out. */
export function cohortReadiness(
  members: readonly string[],
  rows: readonly RegistrationRow[],
  strength?: StrengthAsked,
): CohortReadiness {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return members.map((id) => {
    const row = byId.get(id)
    return strength ? { id, ...readinessFor(row, strength) } : { id, readiness: readinessOf(row) }
  })
}

/** Being able to use some second factor says nothing about a stronger one: the methods themselves are looked at. */
function readinessFor(
  row: RegistrationRow | undefined,
  { name, combinations }: StrengthAsked,
): { readiness: Readiness; evidence: string } {
  const capable = readinessOf(row)
  const methods = row?.methodsRegistered
  if (capable === 'unknown') return { readiness: 'unknown', evidence: 'not in the registration report' }
  if (!methods) return { readiness: 'unknown', evidence: 'the registration report names no methods' }
  const meeting = methodsThatMeet(methods, combinations)
  const registered = methods.length > 0 ? `registered: ${methods.join(', ')}` : 'nothing registered'
  if (meeting.length === 0) return { readiness: 'notReady', evidence: `${registered}; none is ${name}` }
  if (capable === 'notReady')
    return { readiness: 'notReady', evidence: `${registered}; the tenant’s policy allows none of them` }
  return { readiness: 'ready', evidence: `${meeting.join(', ')}: ${name}` }
}

/** The verdicts as a gate counts them; who is ready until a day must be so for as long as the wave takes. */
export function cohortOf(verdicts: ReadonlyMap<string, ReadinessVerdict>, until: number): CohortReadiness {
  return [...verdicts].map(([id, verdict]) => {
    const says = verdict.reasons.map((reason) => reason.says).join('; ')
    const isShort = verdict.is === 'readyUntil' && (verdict.until ?? 0) <= until
    const evidence = isShort ? `${says}; the wave takes until ${sayDay(until)}` : says
    const { is, question } = verdict
    const readiness = isShort ? 'notReady' : countedAs(is)
    return { id, readiness, evidence, verdict: is, ...(question !== undefined && { question }) }
  })
}

function countedAs(is: VerdictIs): Readiness {
  if (is === 'ready' || is === 'readyUntil') return 'ready'
  return is === 'unknown' ? 'unknown' : 'notReady'
}

/** Nobody is put under MFA while this is said of them, however many of a wave may be unready; nor does it hold the wave. */
export function isSetAside({ verdict }: CohortReadiness[number]): boolean {
  return verdict === 'notAPerson' || verdict === 'legacyClient'
}

/** Whom a wave does not take along, however many of it may be unready: nobody would notice what the switch did to them. */
export function staysBehind(one: CohortReadiness[number]): boolean {
  return isSetAside(one) || one.verdict === 'away'
}

/** As what somebody who is not ready waits for later. */
export function deferralFor(verdict: VerdictIs | undefined, question?: string): string {
  if (question !== undefined) return 'question'
  switch (verdict) {
    case 'away':
    case 'legacyClient':
    case 'notAPerson':
      return verdict
    default:
      return 'notReady'
  }
}
