import { STRENGTHS, strengthOf } from '../directory/strengths.ts'
import { notFound } from './graph-error.ts'
import { page } from './page.ts'
import type { GraphRoute } from './route.ts'

const READ = [
  ['Policy.Read.AuthenticationMethod', 'Policy.ReadWrite.AuthenticationMethod', 'Policy.Read.All'],
]
const PATH = '/policies/authenticationStrengthPolicies'
const route = { method: 'GET' as const, bucket: 'directory' as const, permissions: READ }

export const STRENGTH_ROUTES: GraphRoute[] = [
  {
    ...route,
    path: PATH,
    answer: (call) =>
      page(
        call,
        STRENGTHS,
        { context: 'policies/authenticationStrengthPolicies', standard: 100, largest: 999 },
        (one) => one,
      ),
  },
  {
    ...route,
    path: `${PATH}/:id`,
    answer(call) {
      const found = strengthOf(call.params.id)
      if (!found) throw notFound(call.params.id as string)
      const context = `${call.base}/$metadata#policies/authenticationStrengthPolicies/$entity`
      return { status: 200, body: { '@odata.context': context, ...found } }
    },
  },
]
