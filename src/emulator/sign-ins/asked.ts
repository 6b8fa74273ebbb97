import type { Directory } from '../directory/directory.ts'
import { satisfies } from '../directory/strengths.ts'
import { biting, latest } from '../lagged.ts'
import type { Method, Person, PerUserMfaState } from '../people/person.ts'
import { type Evaluation, evaluate, type Knock } from './conditional-access.ts'

/** Who asked for a second factor, as the beta log names it. */
export type Provider = 'user' | 'multiConditionalAccess' | 'securityDefaults'

/** Everything that a sign-in is asked for, whoever asks. */
export interface Asked extends Evaluation {
  perUserMfa: PerUserMfaState
  securityDefaults: boolean
  /** Who asks for a second factor; nobody: none is needed. */
  providers: readonly Provider[]
}

export function whatIsAsked(directory: Directory, knock: Knock, now: number): Asked {
  const evaluation = evaluate(directory, knock, now)
  const perUserMfa = biting(knock.person.perUserMfaLine, now)
  const securityDefaults = biting(directory.securityDefaults, now)
  const providers = PROVIDERS[
    (perUserMfa === 'disabled' ? 0 : 1) + (evaluation.mfa ? 2 : 0) + (securityDefaults ? 4 : 0)
  ] as readonly Provider[]
  return Object.assign(evaluation, { perUserMfa, securityDefaults, providers })
}

// Rows share these lists.
const PROVIDERS: readonly (readonly Provider[])[] = Array.from({ length: 8 }, (_, bits) => [
  ...(bits & 1 ? (['user'] as const) : []),
  ...(bits & 2 ? (['multiConditionalAccess'] as const) : []),
  ...(bits & 4 ? (['securityDefaults'] as const) : []),
])

/** Has the person a method that meets all of these strengths? Security defaults take no phone. */
export function canMeet(person: Person, strengths: readonly string[], securityDefaults: boolean): boolean {
  return latest(person.methods).some((method) => suits(method, strengths, securityDefaults))
}

/** The method somebody would answer with. */
export function methodFor(person: Person, asked: Asked): Method | null {
  const { strengths, securityDefaults } = asked
  const works = (method: Method) =>
    suits(method, strengths, securityDefaults) && !(method === 'mobilePhone' && person.phoneBroken)
  return latest(person.methods).find(works) ?? latest(person.methods)[0] ?? null
}

/** Can get through this challenge by something other than a number that does not work. */
export function canAnswer(person: Person, asked: Asked): boolean {
  const { strengths, securityDefaults } = asked
  return latest(person.methods).some(
    (method) =>
      suits(method, strengths, securityDefaults) && !(method === 'mobilePhone' && person.phoneBroken),
  )
}

const PHONES: ReadonlySet<Method> = new Set(['mobilePhone', 'alternateMobilePhone', 'officePhone'])

function suits(method: Method, strengths: readonly string[], securityDefaults: boolean): boolean {
  if (securityDefaults && PHONES.has(method)) return false
  return strengths.every((strength) => satisfies(method, strength))
}
