import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import type { Tenant } from '../../src/emulator/tenant.ts'

/** A tenant at one moment, as it was written last, shown by Graph yet or not. */
export interface Snapshot {
  people: Map<string, { upn: string; perUserMfa: string; isGuest?: boolean }>
  /** Direct members, people and groups. */
  groups: Map<string, Set<string>>
  policies: Map<string, ConditionalAccessPolicy>
}

export function snapshotOf({ world }: Pick<Tenant, 'world'>): Snapshot {
  return {
    people: new Map(
      world.people
        .filter((person) => !person.deleted)
        .map((person) => [
          person.id,
          { upn: person.userPrincipalName, perUserMfa: person.perUserMfa, isGuest: person.kind === 'guest' },
        ]),
    ),
    groups: new Map(world.groups.map((group) => [group.id, new Set(world.members(group.id))])),
    policies: new Map(world.policies.map((policy) => [policy.id as string, structuredClone(policy)])),
  }
}

/** Everybody in a group, by whatever way; `groups` as they stand. */
export function peopleIn(groups: Snapshot['groups'], id: string, seen = new Set<string>()): Set<string> {
  const found = new Set<string>()
  if (seen.has(id)) return found
  seen.add(id)
  for (const member of groups.get(id) ?? []) {
    if (groups.has(member)) for (const one of peopleIn(groups, member, seen)) found.add(one)
    else found.add(member)
  }
  return found
}

/** Whom a policy demands MFA of; nobody while it is not enabled. */
export function coveredBy(
  policy: ConditionalAccessPolicy | null,
  groups: Snapshot['groups'],
  everybody: Iterable<string>,
  guests: Iterable<string> = [],
): Set<string> {
  if (policy?.state !== 'enabled') return new Set()
  const users = policy.conditions?.users
  const found = new Set<string>()
  for (const id of users?.includeUsers ?? []) {
    if (id === 'All') for (const one of everybody) found.add(one)
    else found.add(id)
  }
  for (const group of users?.includeGroups ?? []) for (const one of peopleIn(groups, group)) found.add(one)
  for (const id of users?.excludeUsers ?? []) {
    if (id === 'GuestsOrExternalUsers') for (const one of guests) found.delete(one)
    else found.delete(id)
  }
  for (const group of users?.excludeGroups ?? []) for (const one of peopleIn(groups, group)) found.delete(one)
  return found
}
