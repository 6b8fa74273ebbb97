import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import type { Hand, Journal } from '../journal.ts'
import { latest, settled, write } from '../lagged.ts'
import type { MicrosoftDelays } from '../microsoft-delays.ts'
import type { Method, Person, PerUserMfaState } from '../people/person.ts'
import { guid } from '../random.ts'
import type { Directory, Group } from './directory.ts'
import { isDirectMember } from './membership.ts'
import { normalPolicy, patchedPolicy } from './policy-body.ts'

/** Everything that can be done to a tenant from outside. Plain data, so that a restart can do it again. */
export type Change =
  | { kind: 'addMembers'; group: string; members: string[] }
  | { kind: 'removeMember'; group: string; member: string }
  | { kind: 'createPolicy'; body: ConditionalAccessPolicy }
  | { kind: 'patchPolicy'; policy: string; body: ConditionalAccessPolicy }
  | { kind: 'deletePolicy'; policy: string }
  | { kind: 'patchUser'; user: string; set: UserPatch }
  | { kind: 'deleteUser'; user: string }
  | { kind: 'setMethods'; user: string; methods: Method[]; phoneBroken: boolean }

export interface UserPatch {
  accountEnabled?: boolean
  licensed?: boolean
  displayName?: string
  userPrincipalName?: string
  department?: string
  perUserMfa?: PerUserMfaState
  roles?: string[]
}

export interface ChangeContext {
  seed: number
  directory: Directory
  journal: Journal
  delays: MicrosoftDelays
  /** Counts changes; the delays of each are drawn by its number. */
  next(): number
}

/** Makes a change and journals what it changed. Answers with the id of what it created. */
export function applyChange(
  context: ChangeContext,
  change: Change,
  hand: Hand,
  now: number,
): string | undefined {
  const { directory } = context
  switch (change.kind) {
    case 'addMembers':
      for (const member of change.members) setMember(context, change.group, member, true, hand, now)
      return
    case 'removeMember':
      setMember(context, change.group, change.member, false, hand, now)
      return
    case 'createPolicy':
      return createPolicy(context, change.body, hand, now)
    case 'patchPolicy':
      setPolicy(context, change.policy, (before) => patchedPolicy(before, change.body), hand, now)
      return
    case 'deletePolicy':
      setPolicy(context, change.policy, () => null, hand, now)
      return
    case 'patchUser':
      patchUser(context, directory.personById.get(change.user) as Person, change.set, hand, now)
      return
    case 'deleteUser':
      deleteUser(context, directory.personById.get(change.user) as Person, hand, now)
      return
    case 'setMethods':
      setMethods(context, directory.personById.get(change.user) as Person, change, hand, now)
      return
  }
}

function setMember(
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

function createPolicy(
  context: ChangeContext,
  body: ConditionalAccessPolicy,
  hand: Hand,
  now: number,
): string {
  const change = context.next()
  const id = guid(context.seed, `policy/${change}`)
  const created = {
    ...normalPolicy(body),
    id,
    createdDateTime: new Date(now).toISOString(),
    modifiedDateTime: null,
  }
  const line = settled<ConditionalAccessPolicy | null>(null)
  write(line, created, { now, readAt: now, biteAt: now + context.delays.untilBite(change) })
  context.directory.policies.set(id, { id, body: line })
  context.journal.add(now, hand, `identity/conditionalAccess/policies/${id}`, null, created)
  return id
}

function setPolicy(
  context: ChangeContext,
  id: string,
  next: (before: ConditionalAccessPolicy) => ConditionalAccessPolicy | null,
  hand: Hand,
  now: number,
): void {
  const policy = context.directory.policies.get(id)
  const before = policy && latest(policy.body)
  if (!policy || !before) return
  const after = next(before)
  if (JSON.stringify(after) === JSON.stringify(before)) return
  const change = context.next()
  if (after) after.modifiedDateTime = new Date(now).toISOString()
  write(policy.body, after, { now, readAt: now, biteAt: now + context.delays.untilBite(change) })
  context.journal.add(now, hand, `identity/conditionalAccess/policies/${id}`, before, after)
}

function patchUser(context: ChangeContext, person: Person, set: UserPatch, hand: Hand, now: number): void {
  const names = (Object.keys(set) as (keyof UserPatch)[]).filter(
    (name) => JSON.stringify(person[name]) !== JSON.stringify(set[name]),
  )
  if (names.length === 0) return
  const before = Object.fromEntries(names.map((name) => [name, person[name]]))
  const after = Object.fromEntries(names.map((name) => [name, set[name]]))
  Object.assign(person, after)
  context.journal.add(now, hand, `users/${person.id}`, before, after)
}

function deleteUser(context: ChangeContext, person: Person, hand: Hand, now: number): void {
  if (person.deleted) return
  for (const group of context.directory.groups.values()) {
    setMember(context, group.id, person.id, false, hand, now)
  }
  person.deleted = true
  context.journal.add(now, hand, `users/${person.id}`, { userPrincipalName: person.userPrincipalName }, null)
}

function setMethods(
  context: ChangeContext,
  person: Person,
  set: { methods: Method[]; phoneBroken: boolean },
  hand: Hand,
  now: number,
): void {
  const before = latest(person.methods)
  if (JSON.stringify(before) === JSON.stringify(set.methods) && person.phoneBroken === set.phoneBroken) return
  const change = context.next()
  person.phoneBroken = set.phoneBroken
  write(person.methods, set.methods, { now, readAt: now + context.delays.untilReported(change), biteAt: now })
  context.journal.add(
    now,
    hand,
    `users/${person.id}/authentication/methods`,
    { methods: before },
    { methods: set.methods },
  )
}
