import { findPerson } from '../directory/directory.ts'
import { readableMembers } from '../directory/membership.ts'
import type { Person } from '../people/person.ts'
import { filterTest } from './filter.ts'
import { notFound } from './graph-error.ts'
import { groupBody } from './group-body.ts'
import { page } from './page.ts'
import type { GraphCall, GraphRoute } from './route.ts'
import { asksForActivity } from './sign-in-activity.ts'
import { directoryObject, managerOf, userBody, userShown } from './user-body.ts'

const READ_USERS = [['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All']]

const FILTERABLE = [
  'id',
  'userPrincipalName',
  'displayName',
  'givenName',
  'surname',
  'mail',
  'accountEnabled',
  'userType',
  'department',
  'jobTitle',
  'employeeId',
  'employeeType',
  'country',
  'usageLocation',
  'createdDateTime',
  'onPremisesSyncEnabled',
]

export const USER_ROUTES: GraphRoute[] = [
  {
    method: 'GET',
    path: '/users',
    bucket: 'directory',
    units: 2,
    permissions: READ_USERS,
    variant: withActivity,
    answer(call) {
      const { test } = filterTest(call.query.$filter, { properties: FILTERABLE, eventual: call.eventual })
      const found = call.world.directory.people.filter(
        (person) => !person.deleted && test(reader(person, call)),
      )
      const most = asksForActivity(call.query) ? 500 : 999
      const options = { context: 'users', standard: 100, largest: 999, most }
      return page(call, found, options, (person) => userShown(call, person))
    },
  },
  {
    method: 'GET',
    path: '/users/:id',
    bucket: 'directory',
    permissions: READ_USERS,
    variant: withActivity,
    answer(call) {
      const body = userShown(call, onePerson(call))
      return { status: 200, body: { '@odata.context': `${call.base}/$metadata#users/$entity`, ...body } }
    },
  },
  {
    method: 'GET',
    path: '/users/:id/manager',
    bucket: 'directory',
    permissions: READ_USERS,
    answer(call) {
      const manager = managerOf(call, onePerson(call))
      if (!manager) throw notFound('manager')
      const context = `${call.base}/$metadata#directoryObjects/$entity`
      const body = directoryObject(call, manager, call.query.$select)
      return { status: 200, body: { '@odata.context': context, ...body } }
    },
  },
  {
    method: 'GET',
    path: '/users/:id/memberOf',
    bucket: 'directory',
    units: 2,
    permissions: [
      ['Directory.Read.All', 'GroupMember.Read.All', 'Group.Read.All', 'GroupMember.ReadWrite.All'],
    ],
    answer(call) {
      const person = onePerson(call)
      const groups = [...call.world.directory.groups.values()].filter((group) =>
        readableMembers(group, call.now).includes(person.id),
      )
      const options = { context: 'directoryObjects', standard: 100, largest: 999 }
      return page(call, groups, options, (group) => ({
        '@odata.type': '#microsoft.graph.group',
        ...groupBody(group),
      }))
    },
  },
]

/** When people last signed in has a limit, a permission and a licence of its own. */
function withActivity(query: Record<string, string>) {
  if (!asksForActivity(query)) return undefined
  const permissions = [...READ_USERS, ['AuditLog.Read.All']]
  return { bucket: 'signInActivity' as const, premium: true, permissions }
}

export function onePerson(call: GraphCall): Person {
  const id = call.params.id as string
  const person = findPerson(call.world.directory, id)
  if (!person) throw notFound(id)
  return person
}

function reader(person: Person, call: GraphCall): (property: string) => unknown {
  let body: Record<string, unknown> | undefined
  return (property) => {
    if (property in person && property !== 'kind')
      return (person as unknown as Record<string, unknown>)[property]
    body ??= userBody(person, call.settings, call.now) as unknown as Record<string, unknown>
    return body[property]
  }
}
