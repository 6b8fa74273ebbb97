import type { Hand } from '../journal.ts'
import { guid } from '../random.ts'
import type { ChangeContext } from './change-context.ts'
import { setMember } from './change-members.ts'
import type { Group } from './directory.ts'

/** What another hand can make of a group. */
export type GroupPatch = Partial<
  Pick<Group, 'displayName' | 'description' | 'membershipRule' | 'synced' | 'isAssignableToRole'>
>

export function createGroup(
  context: ChangeContext,
  set: GroupPatch & { displayName: string },
  hand: Hand,
  now: number,
): string {
  const id = guid(context.seed, `group/made/${context.next()}`)
  const group: Group = {
    id,
    description: null,
    membershipRule: null,
    synced: false,
    isAssignableToRole: false,
    createdDateTime: new Date(now).toISOString(),
    members: new Map(),
    ...set,
  }
  context.directory.groups.set(id, group)
  context.journal.add(now, hand, `groups/${id}`, null, set)
  return id
}

export function patchGroup(
  context: ChangeContext,
  group: Group,
  set: GroupPatch,
  hand: Hand,
  now: number,
): void {
  const names = (Object.keys(set) as (keyof GroupPatch)[]).filter((name) => group[name] !== set[name])
  if (names.length === 0) return
  const before = Object.fromEntries(names.map((name) => [name, group[name]]))
  const after = Object.fromEntries(names.map((name) => [name, set[name]]))
  Object.assign(group, after)
  context.journal.add(now, hand, `groups/${group.id}`, before, after)
}

/** The group is gone, and with it its place in other groups. */
export function deleteGroup(context: ChangeContext, group: Group, hand: Hand, now: number): void {
  const { groups } = context.directory
  for (const parent of groups.values()) setMember(context, parent.id, group.id, false, hand, now)
  groups.delete(group.id)
  context.journal.add(now, hand, `groups/${group.id}`, { displayName: group.displayName }, null)
}
