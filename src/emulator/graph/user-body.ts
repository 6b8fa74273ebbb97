import type { User } from '@microsoft/microsoft-graph-types'
import type { Person } from '../people/person.ts'
import { selected } from './page.ts'
import type { GraphCall } from './route.ts'

export const AAD_PREMIUM = '41781fb2-bc02-4b7c-bd55-b576c07bb09d'
const PREMIUM_SKU = '078d2b04-f1bd-4111-bbd4-b4b1b354cef4'

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
export function userBody(person: Person): User & { id: string } {
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
    employeeType: person.kind === 'member' ? 'Employee' : null,
    companyName: person.kind === 'guest' ? 'Fabrikam' : 'Contoso',
    city: person.office.city,
    country: person.office.country,
    usageLocation: person.office.country,
    createdDateTime: person.createdDateTime,
    onPremisesSyncEnabled: person.synced ? true : null,
    assignedLicenses: person.licensed ? [{ skuId: PREMIUM_SKU, disabledPlans: [] }] : [],
    assignedPlans: person.licensed
      ? [
          {
            assignedDateTime: person.createdDateTime,
            capabilityStatus: 'Enabled',
            service: 'AADPremiumService',
            servicePlanId: AAD_PREMIUM,
          },
        ]
      : [],
  }
}

export function userInList(call: GraphCall, person: Person): object {
  return selected(userBody(person), call.query.$select, STANDARD_USER_FIELDS)
}
