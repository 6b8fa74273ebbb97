import type { Hand } from '../journal.ts'
import { type Hire, newcomer } from '../people/newcomer.ts'
import type { Person } from '../people/person.ts'
import type { ChangeContext } from './change-context.ts'
import { setMember } from './change-members.ts'
import { isDirectMember } from './membership.ts'

/** Into the bin; memberships go, and are remembered. */
export function deleteUser(context: ChangeContext, person: Person, hand: Hand, now: number): void {
  if (person.deleted) return
  const groups = [...context.directory.groups.values()].filter((group) => isDirectMember(group, person.id))
  for (const group of groups) setMember(context, group.id, person.id, false, hand, now)
  person.deleted = { at: now, groups: groups.map((group) => group.id), forGood: false }
  context.journal.add(now, hand, `users/${person.id}`, { userPrincipalName: person.userPrincipalName }, null)
}

/** Back from the bin, with the memberships of then. */
export function restoreUser(context: ChangeContext, person: Person, hand: Hand, now: number): void {
  const { deleted } = person
  if (!deleted || deleted.forGood) return
  person.deleted = null
  context.journal.add(now, hand, `users/${person.id}`, null, { userPrincipalName: person.userPrincipalName })
  for (const group of deleted.groups) {
    if (context.directory.groups.has(group)) setMember(context, group, person.id, true, hand, now)
  }
}

/** Out of the bin, for good. */
export function purgeUser(context: ChangeContext, person: Person, hand: Hand, now: number): void {
  const { deleted } = person
  if (!deleted || deleted.forGood) return
  person.deleted = { ...deleted, forGood: true }
  const before = { userPrincipalName: person.userPrincipalName }
  context.journal.add(now, hand, `directory/deletedItems/${person.id}`, before, null)
}

/** A new account, in the group of all staff from the first day. */
export function hire(context: ChangeContext, body: Hire, hand: Hand, now: number): string {
  const { directory } = context
  context.next()
  const person = newcomer(context.seed, directory.people.length, body, now)
  directory.people.push(person)
  directory.personById.set(person.id, person)
  const { userPrincipalName, displayName, department } = person
  const after = { userPrincipalName, displayName, department }
  context.journal.add(now, hand, `users/${person.id}`, null, after)
  const staff = [...directory.groups.values()].find((group) => group.displayName === 'All staff')
  if (staff) setMember(context, staff.id, person.id, true, hand, now)
  context.join(person, now)
  return person.id
}
