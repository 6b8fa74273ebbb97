import { z } from 'zod'
import type { Group } from '../directory/directory.ts'
import { isDirectMember, memberObject } from '../directory/membership.ts'
import { badRequest, denied, notFound } from './graph-error.ts'
import { groupBody } from './group-body.ts'
import { oneGroup } from './groups.ts'
import type { GraphCall, GraphRoute } from './route.ts'

const WRITE_MEMBERS = [['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All']]
const MOST_AT_ONCE = 20

const bound = z.strictObject({ 'members@odata.bind': z.array(z.string()).min(1) })
const reference = z.object({ '@odata.id': z.string() })

// The texts are the ones seen in the field, reference/graph.md §7.
const ALREADY =
  "One or more added object references already exist for the following modified properties: 'members'."
const ABSENT =
  "One or more removed object references do not exist for the following modified properties: 'members'."

// Microsoft's pages for these: Group.Create makes one, and does not delete it again.
const CREATE = [['Group.Create', 'Group.ReadWrite.All', 'Directory.ReadWrite.All']]
const DELETE = [['Group.ReadWrite.All', 'Directory.ReadWrite.All']]

const created = z.strictObject({
  displayName: z.string().min(1).max(256),
  description: z.string().min(1).max(1024).nullish(),
  mailEnabled: z.literal(false),
  mailNickname: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  securityEnabled: z.literal(true),
  groupTypes: z.array(z.never()).optional(),
})

export const GROUP_WRITE_ROUTES: GraphRoute[] = [
  {
    method: 'POST',
    path: '/groups',
    bucket: 'directory',
    permissions: CREATE,
    answer(call) {
      const body = created.safeParse(call.body)
      if (!body.success)
        throw badRequest(
          `Invalid value at ${body.error.issues[0]?.path.join('.')}: ${body.error.issues[0]?.message}`,
        )
      const { displayName, description } = body.data
      const set = { displayName, description: description ?? null }
      const id = call.world.change({ kind: 'createGroup', set }, call.hand, call.now) as string
      const group = call.world.directory.groups.get(id) as Group
      const made = { '@odata.context': `${call.base}/$metadata#groups/$entity`, ...groupBody(group) }
      return { status: 201, body: made }
    },
  },
  {
    method: 'DELETE',
    path: '/groups/:id',
    bucket: 'directory',
    permissions: DELETE,
    answer(call) {
      call.world.change({ kind: 'deleteGroup', group: oneGroup(call).id }, call.hand, call.now)
      return { status: 204 }
    },
  },
  {
    method: 'PATCH',
    path: '/groups/:id',
    bucket: 'directory',
    permissions: WRITE_MEMBERS,
    answer(call) {
      const group = writableGroup(call)
      const body = bound.safeParse(call.body)
      if (!body.success) throw badRequest('Only members@odata.bind can be changed here.')
      const links = body.data['members@odata.bind']
      if (links.length > MOST_AT_ONCE) {
        throw badRequest(
          `The number of references in members@odata.bind is over the limit of ${MOST_AT_ONCE}.`,
        )
      }
      add(call, group, links)
      return { status: 204 }
    },
  },
  {
    method: 'POST',
    path: '/groups/:id/members/$ref',
    bucket: 'directory',
    permissions: WRITE_MEMBERS,
    answer(call) {
      const group = writableGroup(call)
      const body = reference.safeParse(call.body)
      if (!body.success) throw badRequest('A reference to add was expected in @odata.id.')
      add(call, group, [body.data['@odata.id']])
      return { status: 204 }
    },
  },
  {
    method: 'DELETE',
    path: '/groups/:id/members/:member/$ref',
    bucket: 'directory',
    permissions: WRITE_MEMBERS,
    answer(call) {
      const group = writableGroup(call)
      const member = (call.params.member as string).toLowerCase()
      if (!isDirectMember(group, member)) throw Object.assign(notFound(member), { message: ABSENT })
      call.world.change({ kind: 'removeMember', group: group.id, member }, call.hand, call.now)
      return { status: 204 }
    },
  },
  {
    // Without /$ref this deletes the object itself, which takes far more than a group permission.
    method: 'DELETE',
    path: '/groups/:id/members/:member',
    bucket: 'directory',
    permissions: [['User.ReadWrite.All']],
    answer(call) {
      const user = (call.params.member as string).toLowerCase()
      if (!call.world.directory.personById.has(user)) throw notFound(user)
      call.world.change({ kind: 'deleteUser', user }, call.hand, call.now)
      return { status: 204 }
    },
  },
]

function writableGroup(call: GraphCall): Group {
  const group = oneGroup(call)
  if (group.synced) {
    throw badRequest(
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    )
  }
  if (group.membershipRule)
    throw badRequest('The members of a dynamic group are chosen by its membershipRule.')
  const { permissions } = call.settings
  if (group.isAssignableToRole && !permissions.has('RoleManagement.ReadWrite.Directory')) throw denied()
  return group
}

/** All or nothing: the first reference that cannot be added refuses them all. */
function add(call: GraphCall, group: Group, links: string[]): void {
  const members = links.map(idOfLink)
  for (const id of members) if (!memberObject(call.world.directory, id)) throw notFound(id)
  const twice = new Set(members).size < members.length
  if (twice || members.some((id) => isDirectMember(group, id))) throw badRequest(ALREADY)
  call.world.change({ kind: 'addMembers', group: group.id, members }, call.hand, call.now)
}

function idOfLink(link: string): string {
  const found = /\/(?:directoryObjects|users|groups)\/([0-9a-f-]{36})$/i.exec(link)
  if (!found) throw badRequest(`Invalid reference '${link}'.`)
  return (found[1] as string).toLowerCase()
}
