import { latest } from '../lagged.ts'
import type { Method } from '../people/person.ts'
import { guid } from '../random.ts'
import { page } from './page.ts'
import type { GraphCall, GraphRoute } from './route.ts'
import { onePerson } from './users.ts'

const TYPES: Record<Method, string> = {
  microsoftAuthenticatorPush: 'microsoftAuthenticator',
  softwareOneTimePasscode: 'softwareOath',
  hardwareOneTimePasscode: 'hardwareOath',
  mobilePhone: 'phone',
  alternateMobilePhone: 'phone',
  officePhone: 'phone',
  passKeyDeviceBound: 'fido2',
  windowsHelloForBusiness: 'windowsHelloForBusiness',
}

/** What one person has registered, as it is now; the report is hours behind. A certificate is not in this list. */
export const AUTHENTICATION_METHOD_ROUTES: GraphRoute[] = [
  {
    method: 'GET',
    path: '/users/:id/authentication/methods',
    bucket: 'reports',
    permissions: [['UserAuthenticationMethod.Read.All', 'UserAuthenticationMethod.ReadWrite.All']],
    answer(call) {
      const person = onePerson(call)
      const methods = latest(person.methods)
      const types = ['password', ...new Set(methods.map((method) => TYPES[method]))]
      const context = `users('${person.id}')/authentication/methods`
      const options = { context, standard: 100, largest: 100 }
      return page(call, types, options, (type) => body(call, person.id, type))
    },
  },
]

function body(call: GraphCall, person: string, type: string): object {
  return {
    '@odata.type': `#microsoft.graph.${type}AuthenticationMethod`,
    id: guid(call.world.options.seed, `method/${person}/${type}`),
  }
}
