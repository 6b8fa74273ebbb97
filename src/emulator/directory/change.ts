import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import type { Hand } from '../journal.ts'
import type { Hire } from '../people/newcomer.ts'
import type { Method, Person, PerUserMfaState } from '../people/person.ts'
import type { PhoneType } from '../people/phones.ts'
import type { PassPolicy } from './access-passes.ts'
import type { Campaign } from './campaign.ts'
import { deleteUser, hire, purgeUser, restoreUser } from './change-bin.ts'
import { setCampaign } from './change-campaign.ts'
import type { ChangeContext } from './change-context.ts'
import { createGroup, deleteGroup, type GroupPatch, patchGroup } from './change-groups.ts'
import { addToken, setToken, setTokenPolicy } from './change-hardware-tokens.ts'
import { createLocation, setLocation, setSecurityDefaults } from './change-locations.ts'
import { type Mail, sendMail } from './change-mailbox.ts'
import { setMember } from './change-members.ts'
import { createPass, deletePass, type NewPass, setPassPolicy, usePass } from './change-passes.ts'
import { setPerUserMfa } from './change-per-user-mfa.ts'
import { setDefaultPhone, setPhone, setPhonePolicy } from './change-phones.ts'
import { createPolicy, setPolicy } from './change-policies.ts'
import { revokeSessions } from './change-sessions.ts'
import { comeBack, patchUser, setMethods } from './change-users.ts'
import type { Group } from './directory.ts'
import type { NewToken, TokenPolicy, TokenState } from './hardware-tokens.ts'
import type { LocationBody } from './locations.ts'
import type { PhonePolicy } from './phone-policy.ts'
import { patchedPolicy } from './policy-body.ts'

/** Everything that can be done to a tenant from outside. Plain data, so that a restart can do it again. */
export type Change =
  | { kind: 'addMembers'; group: string; members: string[] }
  | { kind: 'removeMember'; group: string; member: string }
  | { kind: 'createPolicy'; body: ConditionalAccessPolicy }
  | { kind: 'patchPolicy'; policy: string; body: ConditionalAccessPolicy }
  | { kind: 'deletePolicy'; policy: string }
  | { kind: 'patchUser'; user: string; set: UserPatch }
  | { kind: 'deleteUser'; user: string }
  | { kind: 'restoreUser'; user: string }
  | { kind: 'purgeUser'; user: string }
  | { kind: 'hire'; hire: Hire }
  | { kind: 'comeBack'; user: string }
  | { kind: 'createGroup'; set: GroupPatch & { displayName: string } }
  | { kind: 'patchGroup'; group: string; set: GroupPatch }
  | { kind: 'deleteGroup'; group: string }
  | { kind: 'setMethods'; user: string; methods: Method[]; phoneBroken: boolean }
  | { kind: 'createLocation'; body: LocationBody }
  | { kind: 'patchLocation'; location: string; body: LocationBody }
  | { kind: 'deleteLocation'; location: string }
  | { kind: 'setSecurityDefaults'; isEnabled: boolean }
  | { kind: 'setPerUserMfa'; user: string; state: PerUserMfaState }
  | { kind: 'createPass'; user: string; pass: NewPass }
  | { kind: 'deletePass'; user: string }
  | { kind: 'usePass'; user: string }
  | { kind: 'setPassPolicy'; set: Partial<PassPolicy> }
  | { kind: 'revokeSessions'; user: string }
  | { kind: 'sendMail'; from: string; mail: Mail }
  | { kind: 'setPhone'; user: string; type: PhoneType; number: string | null }
  | { kind: 'setDefaultPhone'; user: string; isDefault: boolean }
  | { kind: 'setPhonePolicy'; set: Partial<PhonePolicy> }
  | { kind: 'setCampaign'; set: Partial<Campaign> }
  | { kind: 'addToken'; token: NewToken }
  | { kind: 'setToken'; token: string; state: TokenState | null }
  | { kind: 'setTokenPolicy'; set: Partial<TokenPolicy> }

export interface UserPatch {
  accountEnabled?: boolean
  licensed?: boolean
  displayName?: string
  userPrincipalName?: string
  department?: string
  perUserMfa?: PerUserMfaState
  roles?: string[]
  eligibleRoles?: string[]
  manager?: string | null
  jobTitle?: string
  mobilePhone?: string | null
  mail?: string | null
  preferredLanguage?: string
  /** They came to the tenant by a way that the log does not show. */
  signedInAt?: number
}

/** Makes a change and journals what it changed. Answers with the id of what it created. */
export function applyChange(
  context: ChangeContext,
  change: Change,
  hand: Hand,
  now: number,
): string | undefined {
  const person = (id: string) => context.directory.personById.get(id) as Person
  const group = (id: string) => context.directory.groups.get(id) as Group
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
      patchUser(context, person(change.user), change.set, hand, now)
      return
    case 'deleteUser':
      deleteUser(context, person(change.user), hand, now)
      return
    case 'restoreUser':
      restoreUser(context, person(change.user), hand, now)
      return
    case 'purgeUser':
      purgeUser(context, person(change.user), hand, now)
      return
    case 'hire':
      return hire(context, change.hire, hand, now)
    case 'comeBack':
      return comeBack(context, person(change.user), now)
    case 'createGroup':
      return createGroup(context, change.set, hand, now)
    case 'patchGroup':
      patchGroup(context, group(change.group), change.set, hand, now)
      return
    case 'deleteGroup':
      deleteGroup(context, group(change.group), hand, now)
      return
    case 'setMethods':
      setMethods(context, person(change.user), change, hand, now)
      return
    case 'createLocation':
      return createLocation(context, change.body, hand, now)
    case 'patchLocation':
      setLocation(context, change.location, change.body, hand, now)
      return
    case 'deleteLocation':
      setLocation(context, change.location, null, hand, now)
      return
    case 'setSecurityDefaults':
      setSecurityDefaults(context, change.isEnabled, hand, now)
      return
    case 'setPerUserMfa':
      setPerUserMfa(context, person(change.user), change.state, hand, now)
      return
    case 'createPass':
      return createPass(context, change.user, change.pass, hand, now)
    case 'deletePass':
      deletePass(context, change.user, hand, now)
      return
    case 'usePass':
      usePass(context, change.user, hand, now)
      return
    case 'setPassPolicy':
      setPassPolicy(context, change.set, hand, now)
      return
    case 'revokeSessions':
      revokeSessions(context, change.user, hand, now)
      return
    case 'sendMail':
      sendMail(context, change.from, change.mail, hand, now)
      return
    case 'setPhone':
      setPhone(context, person(change.user), change.type, change.number, hand, now)
      return
    case 'setDefaultPhone':
      setDefaultPhone(context, person(change.user), change.isDefault, hand, now)
      return
    case 'setPhonePolicy':
      setPhonePolicy(context, change.set, hand, now)
      return
    case 'setCampaign':
      setCampaign(context, change.set, hand, now)
      return
    case 'addToken':
      return addToken(context, change.token, hand, now)
    case 'setToken':
      setToken(context, change.token, change.state, hand, now)
      return
    case 'setTokenPolicy':
      setTokenPolicy(context, change.set, hand, now)
      return
  }
}
