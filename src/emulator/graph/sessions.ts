import type { GraphRoute } from './route.ts'
import { onePerson } from './users.ts'

/** Graph's page says 204; its metadata, and what it does, is 200 with `value: true`. */
export const SESSION_ROUTES: GraphRoute[] = [
  {
    method: 'POST',
    path: '/users/:id/revokeSignInSessions',
    bucket: 'directory',
    permissions: [['User.RevokeSessions.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All']],
    answer(call) {
      const { id: user } = onePerson(call)
      call.world.change({ kind: 'revokeSessions', user }, call.hand, call.now)
      return { status: 200, body: { '@odata.context': `${call.base}/$metadata#Edm.Boolean`, value: true } }
    },
  },
]
