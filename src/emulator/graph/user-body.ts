import type { User } from '@microsoft/microsoft-graph-types'
import { findPerson } from '../directory/directory.ts'
import type { Person } from '../people/person.ts'
import { badRequest } from './graph-error.ts'
import { selected } from './page.ts'
import { licencesOf, plansOf } from './plans.ts'
import type { GraphCall, TenantSettings } from './route.ts'
import { activityOf, asksForActivity } from './sign-in-activity.ts'

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
export function userBody(person: Person, settings: TenantSettings): User & { id: string } {
  return {
    id: person.id,
    businessPhones: [],
    displayName: person.displayName,
    givenName: person.givenName,
    jobTitle: person.jobTitle,
    mail: person.mail,
    mobilePhone: person.mobilePhone,
    officeLocation: person.office.name,
    preferredLanguage: null,
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
    onPremisesSyncEnabled: person.synced ? true : null,
    assignedLicenses: person.licensed ? licencesOf(settings) : [],
    assignedPlans: person.licensed ? plansOf(settings, person.createdDateTime) : [],
  }
}

/** A user as lists and answers show it: what was selected, and the manager where that was asked for. */
export function userShown(call: GraphCall, person: Person): object {
  const activity = asksForActivity(call) ? activityOf(call, person) : {}
  const sessions = { signInSessionsValidFromDateTime: sessionsFrom(call, person) }
  const whole = { ...userBody(person, call.settings), ...sessions, ...activity }
  const body = selected(whole, call.query.$select, STANDARD_USER_FIELDS)
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
