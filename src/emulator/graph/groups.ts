import type { Group } from '../directory/directory.ts'
import { memberObject, readableMembers, readableTransitiveMembers } from '../directory/membership.ts'
import type { Person } from '../people/person.ts'
import { inDirectory } from './directory-object.ts'
import { filterTest } from './filter.ts'
import { badRequest, notFound } from './graph-error.ts'
import { groupBody } from './group-body.ts'
import { page, selected } from './page.ts'
import type { Answer, GraphCall, GraphRoute } from './route.ts'

const READ_GROUPS = [
  [
    'GroupMember.Read.All',
    'Group.Read.All',
    'GroupMember.ReadWrite.All',
    'Group.ReadWrite.All',
    'Directory.Read.All',
  ],
]
const USERS_ONLY = 'microsoft.graph.user'
const FILTERABLE = [
  'id',
  'displayName',
  'securityEnabled',
  'mailEnabled',
  'mailNickname',
  'onPremisesSyncEnabled',
]

export const GROUP_ROUTES: GraphRoute[] = [
  ...members('/groups/:id/members', 3, (call, group) => readableMembers(group, call.now)),
  ...members('/groups/:id/transitiveMembers', 5, (call, group) =>
    readableTransitiveMembers(call.world.directory, group, call.now),
  ),
  {
    method: 'GET',
    path: '/groups',
    bucket: 'directory',
    units: 1,
    permissions: READ_GROUPS,
    answer(call) {
      const { test } = filterTest(call.query.$filter, { properties: FILTERABLE, eventual: call.eventual })
      const bodies = [...call.world.directory.groups.values()].map(groupBody)
      const found = bodies.filter((body) => test((property) => body[property as keyof typeof body]))
      const options = { context: 'groups', standard: 100, largest: 999 }
      return page(call, found, options, (body) => selected(body, call.query.$select))
    },
  },
  {
    method: 'GET',
    path: '/groups/:id',
    bucket: 'directory',
    permissions: READ_GROUPS,
    answer(call) {
      const body = selected(groupBody(oneGroup(call)), call.query.$select)
      return { status: 200, body: { '@odata.context': `${call.base}/$metadata#groups/$entity`, ...body } }
    },
  },
  {
    method: 'GET',
    path: '/groups/:id/memberOf',
    bucket: 'directory',
    units: 2,
    permissions: READ_GROUPS,
    answer(call) {
      const { id } = oneGroup(call)
      const parents = [...call.world.directory.groups.values()].filter((group) =>
        readableMembers(group, call.now).includes(id),
      )
      const options = { context: 'directoryObjects', standard: 100, largest: 999 }
      return page(call, parents, options, (group) => inDirectory(call, group))
    },
  },
]

function members(
  path: string,
  units: number,
  list: (call: GraphCall, group: Group) => string[],
): GraphRoute[] {
  const answer = (call: GraphCall, usersOnly: boolean): Answer => {
    const { directory } = call.world
    const objects = list(call, oneGroup(call)).flatMap((id) => memberObject(directory, id) ?? [])
    const shown = usersOnly ? objects.filter(isPerson) : objects
    return page(call, shown, { context: 'directoryObjects', standard: 100, largest: 999 }, (one) =>
      inDirectory(call, one),
    )
  }
  const route = { method: 'GET' as const, bucket: 'directory' as const, units, permissions: READ_GROUPS }
  return [
    { ...route, path, answer: (call) => answer(call, false) },
    {
      ...route,
      path: `${path}/${USERS_ONLY}`,
      answer(call) {
        if (!call.eventual || call.query.$count !== 'true') {
          const message = 'A cast needs the header ConsistencyLevel: eventual and $count=true.'
          throw badRequest(message, 'Request_UnsupportedQuery')
        }
        return answer(call, true)
      },
    },
  ]
}

export function oneGroup(call: GraphCall): Group {
  const id = call.params.id as string
  const group = call.world.directory.groups.get(id.toLowerCase())
  if (!group) throw notFound(id)
  return group
}

function isPerson(object: Person | Group): object is Person {
  return 'userPrincipalName' in object
}
