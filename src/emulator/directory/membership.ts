import { biting, type Lagged, latest, readable } from '../lagged.ts'
import type { Person } from '../people/person.ts'
import { type Directory, findPerson, type Group } from './directory.ts'

type Sight = (membership: Lagged<boolean>) => boolean

/** Members a read at this time answers with, in the order in which they first came. */
export function readableMembers(group: Group, now: number): string[] {
  const seen: string[] = []
  for (const [id, membership] of group.members) if (readable(membership, now)) seen.push(id)
  return seen
}

/** The members of a group and of all groups nested in it, each once. */
export function readableTransitiveMembers(directory: Directory, group: Group, now: number): string[] {
  const seen = new Set<string>()
  const walk = (inside: Group) => {
    for (const id of readableMembers(inside, now)) {
      if (seen.has(id) || id === group.id) continue
      seen.add(id)
      const nested = directory.groups.get(id)
      if (nested) walk(nested)
    }
  }
  walk(group)
  return [...seen]
}

/** Does the group, or one nested in it, hold the person as sign-ins see it at this time? */
export function countsAsMember(directory: Directory, groupId: string, person: Person, now: number): boolean {
  return holds(directory, groupId, person.id, (membership) => biting(membership, now), new Set())
}

/** Is this person in the group, or in one nested in it, by what was written last? */
export function isTransitiveMember(directory: Directory, groupId: string, id: string): boolean {
  return holds(directory, groupId, id, latest, new Set())
}

/** Is this a member by what was written last, shown yet or not? */
export function isDirectMember(group: Group, id: string): boolean {
  const membership = group.members.get(id)
  return membership !== undefined && latest(membership)
}

function holds(
  directory: Directory,
  groupId: string,
  id: string,
  sight: Sight,
  walked: Set<string>,
): boolean {
  const group = directory.groups.get(groupId)
  if (!group || walked.has(groupId)) return false
  const direct = group.members.get(id)
  if (direct && sight(direct)) return true
  walked.add(groupId)
  for (const nested of nestedGroups(directory, group)) {
    if (sight(group.members.get(nested) as Lagged<boolean>) && holds(directory, nested, id, sight, walked))
      return true
  }
  return false
}

// Which members are groups changes seldom, and a group may have thousands of members.
const nestedByGroup = new WeakMap<Group, { size: number; nested: string[] }>()

function nestedGroups(directory: Directory, group: Group): string[] {
  const known = nestedByGroup.get(group)
  if (known && known.size === group.members.size) return known.nested
  const nested = [...group.members.keys()].filter((id) => directory.groups.has(id))
  nestedByGroup.set(group, { size: group.members.size, nested })
  return nested
}

/** The object an id stands for, if there is one. */
export function memberObject(directory: Directory, id: string): Person | Group | undefined {
  return findPerson(directory, id) ?? directory.groups.get(id)
}
