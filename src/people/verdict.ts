import type { Exclusion } from './exclusion.ts'
import type { PersonFacts } from './facts.ts'
import type { MicrosoftDates } from './microsoft-dates.ts'
import type { StrengthAsked } from './readiness.ts'
import type { ReadinessVerdict, VerdictReason } from './verdict-words.ts'

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
  /** No sign-in for longer is away; null: nobody is. */
  awayAfterMs: number | null
  /** Of branch questions; absent: judged by the facts alone. */
  legacyClient?: Judged | undefined
  /** Of branch questions; absent: taken for a person. */
  notAPerson?: Judged | undefined
  /** Wave of people who hold a role, or of guests: there being one is no verdict. */
  taken?: { administrators?: boolean; guests?: boolean } | undefined
  now: number
}

export type { ReadinessVerdict, VerdictReason }
