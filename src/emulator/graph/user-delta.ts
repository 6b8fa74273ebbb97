import type { Person } from '../people/person.ts'
import { changedSince, deltaPage } from './delta.ts'
import { selected } from './page.ts'
import type { GraphCall, GraphRoute } from './route.ts'
import { STANDARD_USER_FIELDS, userBody } from './user-body.ts'

export const USER_DELTA_ROUTES: GraphRoute[] = [
  {
    method: 'GET',
    path: '/users/delta',
    bucket: 'directory',
    units: 2,
    permissions: [['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All']],
    answer: (call) =>
      deltaPage(call, 'users', (token, wanted) => {
        const { people } = call.world.directory
        const changed = token.first ? null : changedSince(call, token, 'users')
        return people
          .filter((person) => wanted(person.id) && (changed ? changed.has(person.id) : !person.deleted))
          .map((person) => line(call, person))
      }),
  },
]

function line(call: GraphCall, person: Person): object {
  const { deleted } = person
  // Who lies in the bin can be restored, so is told as changed.
  if (deleted) return { id: person.id, '@removed': { reason: deleted.forGood ? 'deleted' : 'changed' } }
  return selected(userBody(person, call.settings, call.now), call.query.$select, STANDARD_USER_FIELDS)
}
