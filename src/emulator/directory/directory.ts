import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import type { Lagged } from '../lagged.ts'
import type { Person } from '../people/person.ts'
import type { AccessPass, PassPolicy } from './access-passes.ts'
import type { Campaign } from './campaign.ts'
import type { HardwareToken, TokenPolicy } from './hardware-tokens.ts'
import type { NamedLocation } from './locations.ts'
import type { PhonePolicy } from './phone-policy.ts'

export interface Group {
  id: string
  displayName: string
  description: string | null
  /** For a group whose members a rule chooses. */
  membershipRule: string | null
  synced: boolean
  isAssignableToRole: boolean
  createdDateTime: string
  /** By the id of a person or of a nested group. */
  members: Map<string, Lagged<boolean>>
}

export interface Policy {
  id: string
  /** Nothing before its creation bites and after its deletion. */
  body: Lagged<ConditionalAccessPolicy | null>
}

export interface DirectoryRole {
  id: string
  templateId: string
  displayName: string
}

/** What the tenant consists of. */
export interface Directory {
  people: Person[]
  personById: Map<string, Person>
  groups: Map<string, Group>
  policies: Map<string, Policy>
  locations: Map<string, NamedLocation>
  securityDefaults: Lagged<boolean>
  phonePolicy: PhonePolicy
  campaign: Campaign
  tokens: Map<string, HardwareToken>
  tokenPolicy: TokenPolicy
  roles: DirectoryRole[]
  /** Template id of the role that the members of a group hold. */
  roleGroups: Map<string, string>
  /** By the person's id. */
  passes: Map<string, AccessPass>
  passPolicy: PassPolicy
  /** Since when somebody's sessions count, where they were revoked. */
  sessionsFrom: Map<string, number>
  /** The same, as their programs have noticed. */
  sessionsEnded: Map<string, number>
}

export function findPerson(directory: Directory, idOrUpn: string): Person | undefined {
  const exact = directory.personById.get(idOrUpn)
  const upn = exact ? '' : idOrUpn.toLowerCase()
  const byId = exact ?? directory.personById.get(upn)
  if (byId) return byId.deleted ? undefined : byId
  return directory.people.find((person) => !person.deleted && person.userPrincipalName.toLowerCase() === upn)
}
