import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import type { PassPolicy } from './directory/access-passes.ts'
import type { Campaign } from './directory/campaign.ts'
import type { Change, UserPatch } from './directory/change.ts'
import type { GroupPatch } from './directory/change-groups.ts'
import { type Directory, findPerson, type Group } from './directory/directory.ts'
import type { HardwareToken, NewToken, TokenPolicy, TokenState } from './directory/hardware-tokens.ts'
import type { LocationBody } from './directory/locations.ts'
import type { PhonePolicy } from './directory/phone-policy.ts'
import type { Journal } from './journal.ts'
import { latest } from './lagged.ts'
import type { Hire } from './people/newcomer.ts'
import type { Method, Person, PerUserMfaState } from './people/person.ts'
import type { PhoneType } from './people/phones.ts'
import type { BatchThrottling } from './service/batch.ts'
import type { OtherLoad } from './service/others.ts'

/** Somebody else who works in the tenant: another administrator, in the portal. Journaled as `other`. */
export interface OtherHand {
  addMember(group: string, person: string): void
  removeMember(group: string, person: string): void
  createPolicy(body: ConditionalAccessPolicy): string
  setPolicy(policy: string, body: ConditionalAccessPolicy): void
  deletePolicy(policy: string): void
  createLocation(body: LocationBody): string
  setLocation(location: string, body: LocationBody): void
  deleteLocation(location: string): void
  setSecurityDefaults(enabled: boolean): void
  patchUser(person: string, set: UserPatch): void
  deleteUser(person: string): void
  /** Back from the bin. Who is deleted goes by id. */
  restoreUser(id: string): void
  /** Out of the bin for good. */
  purgeUser(id: string): void
  /** A new account; answers with its id. */
  hire(hire: Hire): string
  /** Somebody who was away works again from now on. */
  comeBack(person: string): void
  /** A new account with the name of one that was deleted, and another id. */
  rehire(id: string): string
  disableLicence(person: string): void
  createGroup(set: GroupPatch & { displayName: string }): string
  setGroup(group: string, set: GroupPatch): void
  deleteGroup(group: string): void
  /** Puts a group into another. */
  nestGroup(parent: string, group: string): void
  setMethods(person: string, methods: Method[], phoneBroken?: boolean): void
  setPerUserMfa(person: string, state: PerUserMfaState): void
  setPassPolicy(set: Partial<PassPolicy>): void
  revokeSessions(person: string): void
  /** null: taken away. */
  setPhone(person: string, type: PhoneType, number: string | null): void
  /** The phone becomes what the person is asked by first; Graph takes no such phone away. */
  setDefaultPhone(person: string, isDefault: boolean): void
  setPhonePolicy(set: Partial<PhonePolicy>): void
  /** The registration campaign, as somebody sets it in the portal. */
  setCampaign(set: Partial<Campaign>): void
  /** Answers with its id. */
  addToken(token: NewToken): string
  /** null: out of the inventory. */
  setToken(id: string, state: TokenState | null): void
  setTokenPolicy(set: Partial<TokenPolicy>): void
}

/** What is in the tenant, for those in the same process. People go by id or UPN, groups and policies by id or name. */
export interface TenantWorld extends OtherHand {
  readonly people: readonly Person[]
  readonly groups: readonly Group[]
  readonly policies: readonly ConditionalAccessPolicy[]
  readonly journal: Journal
  /** Hardware tokens, those that are out of the inventory too. */
  readonly tokens: readonly HardwareToken[]
  person(idOrUpn: string): Person
  group(idOrName: string): Group
  /** Ids of direct members by what was written last, shown yet or not. */
  members(group: string): string[]
  /** Application permissions the app has; take one away to be refused. */
  readonly permissions: Set<string>
  /** Entra ID P1, without which there is no sign-in log and no registration report. */
  setPremium(premium: boolean): void
  /** Entra ID P2 beside it. */
  setPremiumP2(premium: boolean): void
  /** How a batch tells that some of its requests were throttled; `inner429` at first. */
  setBatchThrottling(how: BatchThrottling): void
  /** Whose mailboxes the app may send from (an application access policy); null, as at first: everybody's. */
  restrictMail(senders: readonly string[] | null): void
  /** What other applications take of the limits from now on, in each limit's units per window; nothing at first. */
  setOtherLoad(load: OtherLoad): void
  /** Seconds of wall time for which tokens given out from now on are good. */
  setTokenLifetime(seconds: number): void
}

export type Act = (change: Change) => string | undefined

export function otherHand(
  directory: Directory,
  act: Act,
): OtherHand & Pick<TenantWorld, 'person' | 'group' | 'members'> {
  const person = (idOrUpn: string) => findPerson(directory, idOrUpn) ?? missing('person', idOrUpn)
  const anybody = (id: string) => directory.personById.get(id) ?? missing('person', id)
  const group = (idOrName: string) =>
    directory.groups.get(idOrName) ??
    [...directory.groups.values()].find((one) => one.displayName === idOrName) ??
    missing('group', idOrName)
  const policy = (idOrName: string) => {
    if (directory.policies.has(idOrName)) return idOrName
    const found = [...directory.policies.values()].find((one) => latest(one.body)?.displayName === idOrName)
    return found?.id ?? missing('policy', idOrName)
  }
  const location = (idOrName: string) => {
    if (directory.locations.has(idOrName)) return idOrName
    const found = [...directory.locations.values()].find((one) => latest(one.body)?.displayName === idOrName)
    return found?.id ?? missing('named location', idOrName)
  }
  return {
    person,
    group,
    members: (name) => [...group(name).members].filter(([, member]) => latest(member)).map(([id]) => id),
    addMember: (name, who) =>
      void act({ kind: 'addMembers', group: group(name).id, members: [person(who).id] }),
    removeMember: (name, who) =>
      void act({ kind: 'removeMember', group: group(name).id, member: person(who).id }),
    createPolicy: (body) => act({ kind: 'createPolicy', body }) as string,
    setPolicy: (name, body) => void act({ kind: 'patchPolicy', policy: policy(name), body }),
    deletePolicy: (name) => void act({ kind: 'deletePolicy', policy: policy(name) }),
    createLocation: (body) => act({ kind: 'createLocation', body }) as string,
    setLocation: (name, body) => void act({ kind: 'patchLocation', location: location(name), body }),
    deleteLocation: (name) => void act({ kind: 'deleteLocation', location: location(name) }),
    setSecurityDefaults: (isEnabled) => void act({ kind: 'setSecurityDefaults', isEnabled }),
    patchUser: (who, set) => void act({ kind: 'patchUser', user: person(who).id, set }),
    deleteUser: (who) => void act({ kind: 'deleteUser', user: person(who).id }),
    restoreUser: (id) => void act({ kind: 'restoreUser', user: anybody(id).id }),
    purgeUser: (id) => void act({ kind: 'purgeUser', user: anybody(id).id }),
    hire: (hire) => act({ kind: 'hire', hire }) as string,
    comeBack: (who) => void act({ kind: 'comeBack', user: person(who).id }),
    rehire: (id) => {
      const { userPrincipalName, displayName, department, jobTitle } = anybody(id)
      const job = { ...(department ? { department } : {}), ...(jobTitle ? { jobTitle } : {}) }
      return act({ kind: 'hire', hire: { userPrincipalName, displayName, ...job } }) as string
    },
    createGroup: (set) => act({ kind: 'createGroup', set }) as string,
    setGroup: (name, set) => void act({ kind: 'patchGroup', group: group(name).id, set }),
    deleteGroup: (name) => void act({ kind: 'deleteGroup', group: group(name).id }),
    nestGroup: (parent, name) =>
      void act({ kind: 'addMembers', group: group(parent).id, members: [group(name).id] }),
    disableLicence: (who) => void act({ kind: 'patchUser', user: person(who).id, set: { licensed: false } }),
    setPassPolicy: (set) => void act({ kind: 'setPassPolicy', set }),
    revokeSessions: (who) => void act({ kind: 'revokeSessions', user: person(who).id }),
    setPhone: (who, type, number) => void act({ kind: 'setPhone', user: person(who).id, type, number }),
    setDefaultPhone: (who, isDefault) =>
      void act({ kind: 'setDefaultPhone', user: person(who).id, isDefault }),
    setPhonePolicy: (set) => void act({ kind: 'setPhonePolicy', set }),
    setCampaign: (set) => void act({ kind: 'setCampaign', set }),
    addToken: (token) => act({ kind: 'addToken', token }) as string,
    setToken: (token, state) => void act({ kind: 'setToken', token, state }),
    setTokenPolicy: (set) => void act({ kind: 'setTokenPolicy', set }),
    setPerUserMfa: (who, state) => void act({ kind: 'setPerUserMfa', user: person(who).id, state }),
    setMethods: (who, methods, phoneBroken = false) =>
      void act({ kind: 'setMethods', user: person(who).id, methods, phoneBroken }),
  }
}

function missing(what: string, name: string): never {
  throw new Error(`the simulated tenant has no ${what} ${name}`)
}
