import { z } from 'zod'
import { readable } from '../lagged.ts'
import { badRequest } from './graph-error.ts'
import type { GraphRoute } from './route.ts'
import { onePerson } from './users.ts'

const PATH = '/users/:id/authentication/requirements'

const patch = z.strictObject({ perUserMfaState: z.enum(['disabled', 'enabled', 'enforced']) })

// Whether this path is in the bucket of the authentication methods is not documented; assumed (reference/graph.md §12).
const route = { path: PATH, betaOnly: true, bucket: 'reports' as const }

export const PER_USER_MFA_ROUTES: GraphRoute[] = [
  {
    ...route,
    method: 'GET',
    permissions: [['Policy.Read.All', 'Policy.ReadWrite.AuthenticationMethod']],
    answer(call) {
      const person = onePerson(call)
      const context = `${call.base}/$metadata#users('${person.id}')/authentication/requirements`
      const perUserMfaState = readable(person.perUserMfaLine, call.now)
      return { status: 200, body: { '@odata.context': context, perUserMfaState } }
    },
  },
  {
    ...route,
    method: 'PATCH',
    permissions: [['Policy.ReadWrite.AuthenticationMethod']],
    answer(call) {
      const { id: user } = onePerson(call)
      const body = patch.safeParse(call.body)
      if (!body.success) {
        throw badRequest('perUserMfaState is one of disabled, enabled, enforced.', 'BadRequest')
      }
      const { perUserMfaState: state } = body.data
      call.world.change({ kind: 'setPerUserMfa', user, state }, call.hand, call.now)
      return { status: 204 }
    },
  },
]
