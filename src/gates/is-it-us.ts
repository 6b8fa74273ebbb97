import { type Mechanism, mandatoryMfaAt, mechanismOfProvider } from './askers.ts'
import { codeInWords, meaningOf } from './error-codes.ts'
import { type OtherPolicy, PER_USER_DEMAND, type SignIn } from './sign-in.ts'

/** Why nothing can be said; never a guess. */
export type Untold =
  | 'noRecord'
  | 'licence'
  | 'readFailed'
  | 'notYetRead'
  | 'policiesWithheld'
  | 'codeUnknown'
  | 'nobodyNamed'

/** One line of the log, in words. Times are epoch milliseconds. */
export type LogLine = { at: number; code: number; says: string; app: string | null }

export type IsItUs = {
  /** `refused`: the last try did not get in. `asked`: it did, and a second factor was asked for. */
  outcome: 'refused' | 'asked' | 'passed' | 'unknown'
  by: Mechanism | 'nobody' | 'unknown'
  /** null: cannot be told. */
  isUs: boolean | null
  why: Untold | null
  /** The policy of somebody else, where that is what it was. */
  policy: OtherPolicy | null
  /** Where Microsoft itself demands MFA, as a word. */
  place: string | null
  line: LogLine | null
  /** The newest lines, newest first. */
  lines: LogLine[]
}

export type Heard = {
  /** All that is kept of the person's sign-ins, in any order. */
  rows: readonly SignIn[]
  /** Ids by which our change shows in a row: the policies, or per-user MFA's. */
  ours: readonly string[]
  /** How the last reading of the log went; undefined: none yet. */
  intake: 'read' | 'failed' | 'noLicence' | undefined
}

const LINES = 5

/**
 * For one person, who asked for MFA or turned them away at the last try that says anything: our policy, another one,
 * per-user MFA, security defaults, Microsoft itself, or the password. What the log does not show is unknown.
 */
export function isItUs(heard: Heard): IsItUs {
  const rows = heard.rows.toSorted((a, b) => b.createdDateTime - a.createdDateTime)
  const lines = rows.slice(0, LINES).map(lineOf)
  const telling = rows.find((row) => row.errorCode === 0 || !isNoise(row))
  if (!telling) return { ...nothingKnown(whyNothing(heard)), lines }
  const line = lineOf(telling)
  return telling.errorCode === 0
    ? { ...askerOf(telling, heard, 'success'), line, lines }
    : { ...ofRefusal(telling, heard), line, lines }
}

type Verdict = Omit<IsItUs, 'line' | 'lines'>
type Applied = SignIn['appliedConditionalAccessPolicies'][number]

function ofRefusal(row: SignIn, heard: Heard): Verdict {
  const meaning = meaningOf(row.errorCode)
  switch (meaning) {
    case 'password':
      return verdict('refused', 'password', { isUs: false })
    case 'provider':
      return verdict('refused', 'provider', { isUs: false })
    case 'policyBlock':
    case 'registrationBlock':
    case 'mfaFailure':
    case 'mfaInterrupt':
    case 'otherInterrupt':
    case 'noise':
      if (row.errorCode === SECURITY_DEFAULTS_BLOCK) {
        return verdict('refused', 'securityDefaults', { isUs: false })
      }
      return askerOf(row, heard, 'failure')
    case undefined: {
      const by = askerOf(row, heard, 'failure')
      return by.by === 'unknown' ? unknown('refused', 'codeUnknown') : by
    }
    default:
      return meaning satisfies never
  }
}

/** Legacy protocols, turned away by security defaults. */
const SECURITY_DEFAULTS_BLOCK = 530035

/** Ours only where no other policy blocked: our policy asks for a factor, and never blocks. */
function askerOf(row: SignIn, { ours }: Heard, result: 'success' | 'failure'): Verdict {
  const outcome = result === 'success' ? 'asked' : 'refused'
  const isOurs = (id: string) => ours.some((one) => sameId(one, id))
  const applied = row.appliedConditionalAccessPolicies.filter((policy) => policy.result === result)
  const others = applied.filter(({ id }) => !isOurs(id) && id !== PER_USER_DEMAND)
  const blocker = result === 'failure' ? others.find(blocks) : undefined
  if (blocker) return verdict(outcome, 'otherPolicy', { isUs: false, policy: blocker })
  if (applied.some(({ id }) => isOurs(id))) return verdict(outcome, 'ours', { isUs: true })
  if (others[0]) return verdict(outcome, 'otherPolicy', { isUs: false, policy: others[0] })
  if (applied.length > 0) return verdict(outcome, 'perUserMfa', { isUs: false })
  const asker = (row.askers ?? []).flatMap((word) => mechanismOfProvider(word) ?? [])[0]
  if (asker) return verdict(outcome, asker, { isUs: false })
  const place = mandatoryMfaAt(row.app?.id)
  if (result === 'failure' && place) return verdict(outcome, 'microsoft', { isUs: false, place })
  if (result === 'success') return verdict('passed', 'nobody', { isUs: false })
  const isWithheld = row.appliedConditionalAccessPolicies.length === 0
  return unknown(outcome, isWithheld ? 'policiesWithheld' : 'nobodyNamed')
}

function blocks({ controls }: Applied): boolean {
  return (controls ?? []).some((control) => control.toLowerCase() === 'block')
}

function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** Says nothing about who asked: the next older line is looked at. */
function isNoise(row: SignIn): boolean {
  const meaning = meaningOf(row.errorCode)
  return meaning === 'noise' || meaning === 'otherInterrupt'
}

function whyNothing({ rows, intake }: Heard): Untold {
  if (rows.length > 0) return 'nobodyNamed'
  switch (intake) {
    case undefined:
      return 'notYetRead'
    case 'read':
      return 'noRecord'
    case 'failed':
      return 'readFailed'
    case 'noLicence':
      return 'licence'
    default:
      return intake satisfies never
  }
}

function lineOf(row: SignIn): LogLine {
  const details = row.additionalDetails ? `; ${row.additionalDetails}` : ''
  const says = `${codeInWords(row.errorCode)}${details}`
  return { at: row.createdDateTime, code: row.errorCode, says, app: row.app?.name ?? null }
}

function verdict(
  outcome: Verdict['outcome'],
  by: Verdict['by'],
  more: { isUs: boolean; policy?: Applied; place?: string },
): Verdict {
  const policy = more.policy ? { id: more.policy.id, name: more.policy.name ?? null } : null
  return { outcome, by, isUs: more.isUs, why: null, policy, place: more.place ?? null }
}

function unknown(outcome: Verdict['outcome'], why: Untold): Verdict {
  return { outcome, by: 'unknown', isUs: null, why, policy: null, place: null }
}

function nothingKnown(why: Untold): Omit<IsItUs, 'lines'> {
  return { ...unknown('unknown', why), line: null }
}
