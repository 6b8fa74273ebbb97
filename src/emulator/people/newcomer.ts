import { settled } from '../lagged.ts'
import { dice, guid, pick, textHash } from '../random.ts'
import { OFFICES } from './names.ts'
import type { Person } from './person.ts'
import { ownMobile } from './phones.ts'
import { habitOf } from './population.ts'

/** Somebody who starts today. */
export interface Hire {
  userPrincipalName: string
  displayName: string
  department?: string
  jobTitle?: string
  manager?: string
  employeeId?: string
}

/** The account of somebody new: no method, no role, nothing of whoever had the name before. */
export function newcomer(seed: number, index: number, hire: Hire, now: number): Person {
  const roll = dice(seed, textHash('newcomer'), index)
  const [givenName = null, surname = null] = hire.displayName.split(' ')
  const office = pick(roll, OFFICES)
  return {
    index,
    id: guid(seed, `newcomer/${index}`),
    kind: 'member',
    userPrincipalName: hire.userPrincipalName,
    displayName: hire.displayName,
    givenName,
    surname,
    mail: hire.userPrincipalName,
    department: hire.department ?? null,
    jobTitle: hire.jobTitle ?? null,
    employeeId: hire.employeeId ?? String(100000 + index),
    employeeType: 'Employee',
    manager: hire.manager ?? null,
    office,
    mobilePhone: null,
    ownMobile: ownMobile(index, office),
    preferredLanguage: null,
    createdDateTime: `${new Date(now).toISOString().slice(0, 19)}Z`,
    synced: false,
    accountEnabled: true,
    licensed: true,
    deleted: null,
    roles: [],
    eligibleRoles: [],
    perUserMfa: 'disabled',
    perUserMfaLine: settled('disabled'),
    methods: settled([]),
    phones: settled({}),
    phoneIsDefault: false,
    phoneBroken: false,
    signedInAt: null,
    unreported: false,
    habit: { ...habitOf({ kind: 'member', admin: false, inIt: false }, index, roll), away: false },
    quietDays: null,
  }
}
