import type { User } from '@microsoft/microsoft-graph-types'
import { findPerson } from '../directory/directory.ts'
import type { Person } from '../people/person.ts'
import { badRequest } from './graph-error.ts'
import { selected } from './page.ts'
import { licencesOf, plansOf } from './plans.ts'
import type { GraphCall, TenantSettings } from './route.ts'
import { activityOf } from './sign-in-activity.ts'

/** What comes without a `$select`. */
export const STANDARD_USER_FIELDS = [
  'businessPhones',
  'displayName',
  'givenName',
  'id',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
] as const

/** The whole user object. */
export function userBody(person: Person, settings: TenantSettings, now?: number): User & { id: string } {
  return {
    id: person.id,
    businessPhones: [],
    displayName: person.displayName,
    givenName: person.givenName,
    jobTitle: person.jobTitle,
    mail: person.mail,
    proxyAddresses: addressesOf(person.mail),
    mobilePhone: person.mobilePhone,
    officeLocation: person.office.name,
    preferredLanguage: person.preferredLanguage,
    surname: person.surname,
    userPrincipalName: person.userPrincipalName,
    accountEnabled: person.accountEnabled,
    userType: person.kind === 'guest' ? 'Guest' : 'Member',
    department: person.department,
    employeeId: person.employeeId,
    employeeType: person.employeeType,
    companyName: person.kind === 'guest' ? 'Fabrikam' : 'Contoso',
    city: person.office.city,
    country: person.office.country,
    usageLocation: person.office.country,
    createdDateTime: person.createdDateTime,
    ...syncOf(person, now),
    assignedLicenses: person.licensed ? licencesOf(settings) : [],
    assignedPlans: person.licensed ? plansOf(settings, person.createdDateTime) : [],
  }
}

/** Half-hourly synchronisation of those who come from a directory on premises. */
function syncOf(person: Person, now: number | undefined) {
  if (!person.synced) return { onPremisesSyncEnabled: null, onPremisesLastSyncDateTime: null }
  const every = 30 * 60_000
  const last = now === undefined ? null : new Date(now - (now % every) - 3 * 60_000).toISOString()
  return {
    onPremisesSyncEnabled: true,
    onPremisesLastSyncDateTime: last,
    onPremisesDomainName: 'contoso.local',
    onPremisesSamAccountName: person.userPrincipalName.split('@')[0] ?? null,
  }
}

/** The main address, and the one every mailbox has under the first domain of the tenant. */
function addressesOf(mail: string | null): string[] {
  if (mail === null) return []
  const first = mail.replace(/@.*$/, '@contoso.onmicrosoft.com')
  return first === mail ? [`SMTP:${mail}`] : [`SMTP:${mail}`, `smtp:${first}`]
}

/** A user as lists and answers show it: what was selected, and the manager where that was asked for. */
export function userShown(call: GraphCall, person: Person): object {
  const sessions = { signInSessionsValidFromDateTime: sessionsFrom(call, person) }
  const known = { ...userBody(person, call.settings, call.now), ...sessions, ...activityOf(call, person) }
  const body = selected(known, call.query.$select, STANDARD_USER_FIELDS)
  const { $expand } = call.query
  if (!$expand) return body
  const [, select] = /^manager(?:\(\$select=([\w,]+)\))?$/.exec($expand) ?? []
  if (!$expand.startsWith('manager'))
    throw badRequest(`Parsing OData Select and Expand failed: '${$expand}'.`)
  const manager = managerOf(call, person)
  return manager ? { ...body, manager: directoryObject(call, manager, select) } : body
}

/** Sessions from before it are not taken; a new account's count from its creation. */
function sessionsFrom(call: GraphCall, person: Person): string {
  const at = call.world.directory.sessionsFrom.get(person.id)
  return at === undefined ? person.createdDateTime : `${new Date(at).toISOString().slice(0, 19)}Z`
}

export function managerOf(call: GraphCall, person: Person): Person | undefined {
  return person.manager ? findPerson(call.world.directory, person.manager) : undefined
}

/** A user where objects of several kinds may stand. */
export function directoryObject(call: GraphCall, person: Person, select?: string): object {
  const body = selected(userBody(person, call.settings), select, STANDARD_USER_FIELDS)
  return { '@odata.type': '#microsoft.graph.user', ...body }
}
