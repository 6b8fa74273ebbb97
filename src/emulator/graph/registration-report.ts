import type { UserRegistrationDetails } from '@microsoft/microsoft-graph-types'
import { isAllowed } from '../directory/phone-policy.ts'
import { readable } from '../lagged.ts'
import type { Method, Person } from '../people/person.ts'
import { filterTest } from './filter.ts'
import { notFound } from './graph-error.ts'
import { page } from './page.ts'
import type { GraphCall, GraphRoute } from './route.ts'

const PATH = '/reports/authenticationMethods/userRegistrationDetails'
const FILTERABLE = [
  'id',
  'userPrincipalName',
  'userDisplayName',
  'userType',
  'isAdmin',
  'isMfaCapable',
  'isMfaRegistered',
  'methodsRegistered',
]
const route = {
  method: 'GET' as const,
  bucket: 'reports' as const,
  permissions: [['AuditLog.Read.All']],
  premium: true,
}

export const REGISTRATION_REPORT_ROUTES: GraphRoute[] = [
  {
    ...route,
    path: PATH,
    answer(call) {
      const { test } = filterTest(call.query.$filter, { properties: FILTERABLE, eventual: true })
      const rows = call.world.directory.people.filter(isListed).map((person) => details(call, person))
      const found = rows.filter((row) => test((property) => row[property as keyof typeof row]))
      const context = 'reports/authenticationMethods/userRegistrationDetails'
      return page(call, found, { context, standard: 500, largest: 999 }, (row) => row)
    },
  },
  {
    ...route,
    path: `${PATH}/:id`,
    answer(call) {
      const id = call.params.id as string
      const person = call.world.directory.personById.get(id.toLowerCase())
      if (!person || !isListed(person)) throw notFound(id)
      const context = `${call.base}/$metadata#reports/authenticationMethods/userRegistrationDetails/$entity`
      return { status: 200, body: { '@odata.context': context, ...details(call, person) } }
    },
  },
]

function isListed(person: Person): boolean {
  return !person.deleted && !person.unreported
}

const PASSWORDLESS: readonly Method[] = ['passKeyDeviceBound', 'windowsHelloForBusiness']

function details(call: GraphCall, person: Person): UserRegistrationDetails & { id: string } {
  const methods = readable(person.methods, call.now)
  const strong = methods.length > 0
  const capable = methods.some((method) => isAllowed(call.world.directory, person.id, method))
  const preferred = methods.includes('microsoftAuthenticatorPush')
    ? 'push'
    : methods.includes('mobilePhone')
      ? 'sms'
      : 'none'
  return {
    id: person.id,
    userPrincipalName: person.userPrincipalName,
    userDisplayName: person.displayName,
    userType: person.kind === 'guest' ? 'guest' : 'member',
    isAdmin: person.roles.length > 0,
    isMfaRegistered: strong,
    isMfaCapable: capable,
    isPasswordlessCapable: methods.some((method) => PASSWORDLESS.includes(method)),
    isSsprCapable: strong,
    isSsprEnabled: person.kind === 'member',
    isSsprRegistered: strong,
    isSystemPreferredAuthenticationMethodEnabled: true,
    systemPreferredAuthenticationMethods: preferred === 'push' ? ['push'] : [],
    userPreferredMethodForSecondaryAuthentication: preferred,
    methodsRegistered: [...methods],
    lastUpdatedDateTime: new Date(call.now - (call.now % 3_600_000)).toISOString(),
  }
}
