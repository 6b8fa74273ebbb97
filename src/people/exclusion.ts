import { z } from 'zod'
import type { ProblemCode } from '../plan/problem.ts'
import type { Person } from './person.ts'

export const EXCLUSIONS = [
  'protectedEmergency',
  'protectedGroup',
  'directoryRole',
  'directoryRoleUnknown',
  'disabledAccount',
  'guest',
  'adopted',
] as const
export const exclusionSchema = z.enum(EXCLUSIONS)
export type Exclusion = z.infer<typeof exclusionSchema>

export type Protected = { emergency: ReadonlySet<string>; groups: ReadonlySet<string> }

/** Why a person may be in no wave, or none. Where several hold, the strongest is told. */
export function exclusionOf(person: Person, protectedIds: Protected): Exclusion | undefined {
  if (protectedIds.emergency.has(person.id)) return 'protectedEmergency'
  if (protectedIds.groups.has(person.id)) return 'protectedGroup'
  if (person.adopted) return 'adopted'
  if (person.isAdmin === true) return 'directoryRole'
  if (!person.accountEnabled) return 'disabledAccount'
  if (person.userType === 'Guest') return 'guest'
  if (person.isAdmin === undefined) return 'directoryRoleUnknown'
  return undefined
}

/** The exclusion in words, after a person's name: "... is an emergency account". */
export function sayExclusion(exclusion: Exclusion): string {
  switch (exclusion) {
    case 'protectedEmergency':
      return 'is an emergency account'
    case 'protectedGroup':
      return 'is in a protected group'
    case 'directoryRole':
      return 'holds a directory role'
    case 'directoryRoleUnknown':
      return 'may hold a directory role: the registration report does not say'
    case 'disabledAccount':
      return 'has a disabled account'
    case 'guest':
      return 'is a guest'
    case 'adopted':
      return 'was under MFA before, and was adopted'
    default:
      return exclusion satisfies never
  }
}

/** How a plan is told that this person may not be named in a wave. */
export function codeFor(reason: Exclude<Exclusion, 'adopted'>): ProblemCode {
  switch (reason) {
    case 'protectedEmergency':
      return 'emergencyAccountInWave'
    case 'protectedGroup':
      return 'protectedInWave'
    case 'directoryRole':
    case 'directoryRoleUnknown':
      return 'privilegedInWave'
    case 'disabledAccount':
      return 'disabledInWave'
    case 'guest':
      return 'guestInWave'
    default:
      return reason satisfies never
  }
}
