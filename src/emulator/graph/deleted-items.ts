import type { Person } from '../people/person.ts'
import { badRequest, notFound } from './graph-error.ts'
import { page, selected } from './page.ts'
import type { GraphCall, GraphRoute } from './route.ts'
import { STANDARD_USER_FIELDS, userBody } from './user-body.ts'

const bucket = 'directory' as const
const READ = [['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All']]
const WRITE = [['User.DeleteRestore.All', 'User.ReadWrite.All']]
const ONE = '/directory/deletedItems/:id'
const MONTH = 30 * 86_400_000

export const DELETED_ITEM_ROUTES: GraphRoute[] = [
  {
    method: 'GET',
    path: '/directory/deletedItems/microsoft.graph.user',
    bucket,
    permissions: READ,
    answer(call) {
      const found = call.world.directory.people.filter((person) => isInBin(call, person))
      const options = { context: 'users', standard: 100, largest: 999 }
      return page(call, found, options, (person) => shown(call, person))
    },
  },
  {
    method: 'GET',
    path: ONE,
    bucket,
    permissions: READ,
    answer(call) {
      const body = { '@odata.type': '#microsoft.graph.user', ...shown(call, fromBin(call)) }
      const context = `${call.base}/$metadata#directoryObjects/$entity`
      return { status: 200, body: { '@odata.context': context, ...body } }
    },
  },
  {
    method: 'POST',
    path: `${ONE}/restore`,
    bucket,
    permissions: WRITE,
    answer(call) {
      const person = fromBin(call)
      if (isNameTaken(call, person)) {
        throw badRequest('Another object with the same value for property userPrincipalName already exists.')
      }
      call.world.change({ kind: 'restoreUser', user: person.id }, call.hand, call.now)
      const body = { '@odata.type': '#microsoft.graph.user', ...userBody(person, call.settings) }
      return { status: 200, body }
    },
  },
  {
    method: 'DELETE',
    path: ONE,
    bucket,
    permissions: WRITE,
    answer(call) {
      call.world.change({ kind: 'purgeUser', user: fromBin(call).id }, call.hand, call.now)
      return { status: 204 }
    },
  },
]

/** After 30 days the bin forgets. */
function isInBin(call: GraphCall, { deleted }: Person): boolean {
  return deleted !== null && !deleted.forGood && call.now < deleted.at + call.world.options.delays * MONTH
}

function fromBin(call: GraphCall): Person {
  const id = (call.params.id as string).toLowerCase()
  const person = call.world.directory.personById.get(id)
  if (!person || !isInBin(call, person)) throw notFound(id)
  return person
}

function isNameTaken(call: GraphCall, { userPrincipalName }: Person): boolean {
  return call.world.directory.people.some(
    (one) => !one.deleted && one.userPrincipalName === userPrincipalName,
  )
}

// In the bin an account's name begins with its id, so that another can have the name.
function shown(call: GraphCall, person: Person): object {
  const body = {
    ...userBody(person, call.settings),
    userPrincipalName: `${person.id.replaceAll('-', '')}${person.userPrincipalName}`,
    deletedDateTime: new Date(person.deleted?.at ?? 0).toISOString(),
  }
  return selected(body, call.query.$select, [...STANDARD_USER_FIELDS, 'deletedDateTime'])
}
