import { type Lagged, latest } from '../lagged.ts'
import type { LegacyClient } from '../sign-ins/client.ts'
import type { Office } from './names.ts'
import type { Phones } from './phones.ts'

export type PersonKind = 'member' | 'guest' | 'shared' | 'service' | 'emergency'

export type Method =
  | 'microsoftAuthenticatorPush'
  | 'softwareOneTimePasscode'
  | 'hardwareOneTimePasscode'
  | 'mobilePhone'
  | 'alternateMobilePhone'
  | 'officePhone'
  | 'passKeyDeviceBound'
  | 'windowsHelloForBusiness'

export type PerUserMfaState = 'disabled' | 'enabled' | 'enforced'

/** How somebody works. All of it follows from the seed. */
export interface Habit {
  /** Never signs in while the tenant lives: on leave, ill, a mailbox nobody opens. */
  away: boolean
  /** Signs in several times every day, weekends too, and never keeps a session. */
  diligent: boolean
  /** Hour of the local day at which work begins. */
  arrival: number
  sessionDays: number
  /** Leaves the registration wizard, and comes back only some other day. */
  hesitant: boolean
  /** An old program that fetches or sends this person's mail after the first sign-in of the day. */
  legacyClient: LegacyClient | null
  /** No person at all: a printer that signs in by nothing but that program. */
  device: boolean
}

export interface Person {
  index: number
  id: string
  kind: PersonKind
  userPrincipalName: string
  displayName: string
  givenName: string | null
  surname: string | null
  mail: string | null
  department: string | null
  jobTitle: string | null
  employeeId: string | null
  employeeType: string | null
  /** Id of the person reported to. */
  manager: string | null
  office: Office
  /** In the directory, as somebody wrote it down. */
  mobilePhone: string | null
  /** The number that is theirs; any other never reaches them. */
  ownMobile: string
  preferredLanguage: string | null
  createdDateTime: string
  synced: boolean
  accountEnabled: boolean
  licensed: boolean
  /** In the bin since when, with the groups it was in then. */
  deleted: { at: number; groups: string[]; forGood: boolean } | null
  /** Template ids of the directory roles held. */
  roles: string[]
  /** Roles that may be taken on for some hours. */
  eligibleRoles: string[]
  /** As it was written last. */
  perUserMfa: PerUserMfaState
  /** As reads show it and sign-ins obey it. */
  perUserMfaLine: Lagged<PerUserMfaState>
  methods: Lagged<readonly Method[]>
  /** Registered numbers. */
  phones: Lagged<Phones>
  /** The phone is what they are asked by first, and cannot be taken away. */
  phoneIsDefault: boolean
  /** The registered number cannot be called: "phone number has an invalid format". */
  phoneBroken: boolean
  /** When somebody signed in by hand, for a drill; null: the log tells. */
  signedInAt: number | null
  /** The registration report does not list everybody. */
  unreported: boolean
  habit: Habit
  /** Days before the tenant was switched on of the last sign-in that no log shows any more; null: there was none. */
  quietDays: number | null
}

/** Can get through a challenge by something other than a number that does not work. */
export function hasUsableMethod(person: Person): boolean {
  return latest(person.methods).some((method) => method !== 'mobilePhone' || !person.phoneBroken)
}
