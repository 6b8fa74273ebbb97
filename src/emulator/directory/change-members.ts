import type { Hand } from '../journal.ts'
import { settled, write } from '../lagged.ts'
import type { ChangeContext } from './change-context.ts'
import type { Group } from './directory.ts'
import { isDirectMember } from './membership.ts'

/** Makes a person or a group a direct member, or no longer. */
export function setMember(
  context: ChangeContext,
  groupId: string,
  member: string,
  value: boolean,
  hand: Hand,
  now: number,
): void {
  const group = context.directory.groups.get(groupId) as Group
  if (isDirectMember(group, member) === value) return
  const change = context.next()
  const membership = group.members.get(member) ?? settled(false)
  write(membership, value, {
    now,
    readAt: now + context.delays.untilRead(change),
    biteAt: now + context.delays.untilBite(change),
  })
  group.members.set(member, membership)
  context.journal.add(
    now,
    hand,
    `groups/${group.id}/members/${member}`,
    { member: !value },
    { member: value },
  )
}
