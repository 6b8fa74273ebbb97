import type { Group } from '../directory/directory.ts'
import { readable } from '../lagged.ts'
import { changedSince, deltaPage } from './delta.ts'
import type { DeltaToken } from './delta-token.ts'
import { groupBody } from './group-body.ts'
import { selected } from './page.ts'
import type { GraphCall, GraphRoute } from './route.ts'

/** A large group comes in several parts. */
const MEMBERS_AT_ONCE = 100

export const GROUP_DELTA_ROUTES: GraphRoute[] = [
  {
    method: 'GET',
    path: '/groups/delta',
    bucket: 'directory',
    units: 2,
    permissions: [['GroupMember.Read.All', 'Group.Read.All', 'Group.ReadWrite.All', 'Directory.Read.All']],
    answer: (call) =>
      deltaPage(call, 'groups', (token, wanted) => {
        const groups = [...call.world.directory.groups.values()].filter((group) => wanted(group.id))
        if (token.first) return groups.flatMap((group) => parts(call, group, membersOf(call, group, null)))
        const changed = changedSince(call, token, 'groups')
        const gone = [...changed].filter((id) => !call.world.directory.groups.has(id) && isGroup(call, id))
        const lines = groups.flatMap((group) => {
          const members = membersOf(call, group, token)
          return members.length > 0 || changed.has(group.id) ? parts(call, group, members) : []
        })
        return [...lines, ...gone.filter(wanted).map((id) => ({ id, '@removed': { reason: 'changed' } }))]
      }),
  },
]

// Entries of the bin are people's.
function isGroup(call: GraphCall, id: string): boolean {
  return !call.world.directory.personById.has(id)
}

/** Who is in the group as reads show it now, or what is different from what they showed when the token was made. */
function membersOf(call: GraphCall, group: Group, since: DeltaToken | null): object[] {
  const { $select } = call.query
  if ($select && !$select.split(',').includes('members')) return []
  return [...group.members].flatMap(([id, membership]) => {
    const now = readable(membership, call.now)
    // What came at the very moment of the token may be told twice; it must not be lost.
    if (since ? now === readable(membership, since.at - 1) : !now) return []
    const kind = call.world.directory.personById.has(id) ? 'user' : 'group'
    const line = { '@odata.type': `#microsoft.graph.${kind}`, id }
    return now ? line : { ...line, '@removed': { reason: 'deleted' } }
  })
}

function parts(call: GraphCall, group: Group, members: object[]): object[] {
  const body = selected(groupBody(group), call.query.$select)
  if (members.length === 0) return [body]
  const found: object[] = []
  for (let start = 0; start < members.length; start += MEMBERS_AT_ONCE) {
    found.push({ ...body, 'members@delta': members.slice(start, start + MEMBERS_AT_ONCE) })
  }
  return found
}
