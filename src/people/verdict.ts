import type { Exclusion } from './exclusion.ts'
import { type FactsOf, type PersonFacts, type Source, saySource } from './facts.ts'
import type { MicrosoftDates } from './microsoft-dates.ts'
import type { StrengthAsked } from './readiness.ts'
import { sayDay, sayDaysAgo } from './say-day.ts'
import { GLOBAL_ADMINISTRATOR, judgeMethods } from './verdict-methods.ts'
import type { ReadinessVerdict, VerdictIs, VerdictReason } from './verdict-words.ts'

export * from './verdict-words.ts'

/** What was found out, or answered by an owner, about an account; an answer goes before what was found. */
export interface Judged {
  is: boolean
  /** In plain words, with who said so where somebody did. */
  says: string
  source: string
  at: number
}

export interface VerdictInput {
  facts: PersonFacts
  /** Why nothing of ours may touch the person; undefined: nothing does. */
  protectedAs?: Extract<Exclusion, 'protectedEmergency' | 'protectedGroup'> | undefined
  /** Absent: any second factor does. */
  strength?: StrengthAsked | undefined
  dates: MicrosoftDates
  /** The tenant has a telephony provider of its own, so that Microsoft’s dates for text messages and calls do not matter. */
  telephonyProvider: boolean
  /** No sign-in for longer is away. */
  awayAfterMs: number
  /** Absent: judged by the facts alone. */
  legacyClient?: Judged | undefined
  /** Absent: taken for a person. */
  notAPerson?: Judged | undefined
  /** A question about the account that nobody has answered: what was found is only a guess until then. */
  question?: string | undefined
  /** A wave of people who hold a role, or of guests: being one is no verdict then. */
  taken?: { administrators?: boolean; guests?: boolean } | undefined
  /** Facts that are older say nothing. */
  oldestMs?: number | undefined
  now: number
}

const OLDEST = 7 * 86_400_000

type Facts = PersonFacts & { account: FactsOf<'account'> }

/**
 * What is to be said of a person before the switch. Of several things that hold, the first in this order is told:
 * protected, administrator, guest, notAPerson, a disabled account (needsLook), away, legacyClient, then what the
 * registered methods come to. Nobody is ready, nor ready until a day, by a fact that is missing, too old or whose last
 * reading failed: that is `unknown`.
 */
export function verdictOf(input: VerdictInput): ReadinessVerdict {
  const { facts } = input
  if (input.protectedAs !== undefined) return protectedVerdict(input, input.protectedAs)
  const { account } = facts
  if (account === undefined || account.at < oldest(input)) return unread(input, 'account')
  const known: Facts = { ...facts, account }
  return standing(input, known) ?? readiness(input, known)
}

/** Who somebody is, before it matters whether they could. */
function standing(input: VerdictInput, facts: Facts): ReadinessVerdict | undefined {
  const { account, roles, registration } = facts
  const { taken = {}, notAPerson, legacyClient, now, question } = input
  const waits = question === undefined ? {} : { question }
  if (!taken.administrators && (roles?.held.length ?? 0) > 0)
    return verdict('administrator', 'holds a directory role', 'roles', roles?.at ?? now)
  if (!taken.administrators && registration?.isAdmin === true)
    return verdict('administrator', 'holds a directory role', 'registration', registration.at)
  if (!taken.guests && account.userType === 'Guest')
    return verdict('guest', 'is a guest: their own organisation may ask them already', 'account', account.at)
  if (notAPerson?.is === true) return { is: 'notAPerson', reasons: [reasonOf(notAPerson)], ...waits }
  if (!account.accountEnabled) return verdict('needsLook', 'the account is disabled', 'account', account.at)
  const away = awayVerdict(input, facts)
  if (away) return away
  if (legacyClient?.is === true) return { is: 'legacyClient', reasons: [reasonOf(legacyClient)], ...waits }
  if (legacyClient === undefined && (facts.legacy?.clients.length ?? 0) > 0)
    return legacyVerdict(facts.legacy as FactsOf<'legacy'>, now)
  return undefined
}

/** Unknown activity is not away. */
function awayVerdict({ awayAfterMs, now }: VerdictInput, { activity }: Facts) {
  if (activity === undefined || activity.lastSignInAt === null) return undefined
  const last = activity.lastSignInAt
  if (now - last <= awayAfterMs) return undefined
  const says = `last signed in on ${sayDay(last)}, ${sayDaysAgo(last, now)}`
  return verdict('away', says, 'activity', activity.at)
}

function legacyVerdict({ clients, at }: FactsOf<'legacy'>, now: number): ReadinessVerdict {
  const reasons = clients.map(({ client, times, lastAt }) => {
    const often = times === 1 ? 'once' : `${times} times`
    const says = `signs in by ${client}, which knows no second factor: ${often} in 30 days, last ${sayDaysAgo(lastAt, now)}`
    return { says, source: saySource('legacy'), at }
  })
  return { is: 'legacyClient', reasons }
}

/** Can this person get through a challenge, and for how long. */
function readiness(input: VerdictInput, facts: Facts): ReadinessVerdict {
  const isRoleKnown = !isUnread(input, 'roles') || facts.registration?.isAdmin !== undefined
  if (!isRoleKnown && !input.taken?.administrators) return unread(input, 'roles')
  const needed: Source[] = ['account', 'registration']
  if (input.legacyClient === undefined) needed.push('legacy')
  const missing = needed.find((source) => isUnread(input, source))
  if (missing !== undefined) return unread(input, missing)
  const { registration, account, roles } = facts
  if (registration?.isMfaCapable === undefined) {
    const at = registration?.at ?? input.now
    return verdict('unknown', 'is not in the registration report', 'registration', at)
  }
  const { isMfaCapable, methods, at } = registration
  const isExternal = account.userType === 'Guest' && /#EXT#/i.test(account.upn)
  const isLater = isExternal || (roles?.held.includes(GLOBAL_ADMINISTRATOR) ?? false)
  const { strength, dates } = input
  const found = judgeMethods({ isMfaCapable, registered: methods, strength, dates, isLater })
  const say = (is: VerdictIs, says: string) => verdict(is, says, 'registration', at)
  const name = strength?.name ?? 'a second factor'
  switch (found.are) {
    case 'notTold':
      return say('unknown', 'the registration report names no methods')
    case 'none': {
      if (!found.aPhoneWouldDo)
        return say('needsLook', `has nothing registered; ${name} takes more than a number`)
      return numberVerdict(say('needsNumber', 'has nothing registered'), account)
    }
    case 'tooWeak':
      return say('needsLook', `registered: ${found.by.join(', ')}; none is ${name}`)
    case 'notAllowed':
      return say('needsLook', `registered: ${found.by.join(', ')}; the tenant’s policy allows none of them`)
    case 'phoneOnly':
      return phoneVerdict(input, found, say)
    case 'enough':
      return say(
        'ready',
        strength ? `${found.by.join(', ')}: ${strength.name}` : `registered: ${found.by.join(', ')}`,
      )
    default:
      return found satisfies never
  }
}

function numberVerdict(
  { is, reasons }: ReadinessVerdict,
  { mobilePhone, at }: FactsOf<'account'>,
): ReadinessVerdict {
  const says =
    mobilePhone === undefined
      ? 'the directory has no mobile number either'
      : 'the directory has a mobile number that could be registered for them'
  return { is, reasons: [...reasons, { says, source: saySource('account'), at }] }
}

function phoneVerdict(
  { telephonyProvider, now }: VerdictInput,
  { by, end }: { by: readonly string[]; end: number | undefined },
  say: (is: VerdictIs, says: string) => ReadinessVerdict,
): ReadinessVerdict {
  const only = `registered: ${by.join(', ')} and nothing else`
  if (telephonyProvider) return say('ready', `${only}; the tenant has a telephony provider of its own`)
  if (end === undefined) return say('ready', only)
  const stops = `Microsoft sends text messages and calls until ${sayDay(end)}`
  if (end <= now) return say('needsLook', `${only}; ${stops}: register a passkey or an authenticator app`)
  return { ...say('readyUntil', `${only}; ${stops}`), until: end }
}

function protectedVerdict(
  { facts, now }: VerdictInput,
  as: NonNullable<VerdictInput['protectedAs']>,
): ReadinessVerdict {
  const says = as === 'protectedEmergency' ? 'is an emergency account' : 'is in a protected group'
  return { is: 'protected', reasons: [{ says, source: 'plan', at: facts.account?.at ?? now }] }
}

function oldest({ now, oldestMs = OLDEST }: VerdictInput): number {
  return now - oldestMs
}

/** Never read, too old, or the last reading failed. */
function isUnread(input: VerdictInput, source: Source): boolean {
  const fact = input.facts[source]
  const failed = input.facts.failed?.[source]
  return fact === undefined || fact.at < oldest(input) || (failed !== undefined && failed.failedAt >= fact.at)
}

function unread(input: VerdictInput, source: Source): ReadinessVerdict {
  const at = input.facts[source]?.at
  const failed = input.facts.failed?.[source]
  const what = saySource(source)
  if (failed !== undefined)
    return verdict('unknown', `the ${what} could not be read: ${failed.why}`, source, failed.failedAt)
  if (at === undefined) return verdict('unknown', `the ${what} has not been read`, source, input.now)
  return verdict('unknown', `the ${what} was read ${sayDaysAgo(at, input.now)}, too long ago`, source, at)
}

function verdict(is: VerdictIs, says: string, source: Source, at: number): ReadinessVerdict {
  return { is, reasons: [{ says, source: saySource(source), at }] }
}

function reasonOf({ says, source, at }: Judged): VerdictReason {
  return { says, source, at }
}
