import type { JournalEntry } from '../../src/emulator/journal.ts'
import type { Rehearsal } from './rehearsal.ts'

interface User {
  id: string
  userPrincipalName: string
  accountEnabled: boolean
  userType: string
}

interface Registration {
  id: string
  isAdmin: boolean
  isMfaCapable: boolean
}

interface Named {
  id: string
}

/** Whom the plan puts under MFA, told by the tenant alone: enabled members who can, neither protected nor with a role. */
export async function peopleWhoGo(here: Rehearsal): Promise<Set<string>> {
  const users = await here.read<User>('/users?$select=id,userPrincipalName,accountEnabled,userType&$top=999')
  const reports = await here.read<Registration>('/reports/authenticationMethods/userRegistrationDetails')
  const able = new Set(reports.filter((one) => one.isMfaCapable && !one.isAdmin).map(({ id }) => id))
  const guarded = new Set(await membersOf(here, 'Service accounts'))
  const goes = (user: User) =>
    able.has(user.id) &&
    user.accountEnabled &&
    user.userType === 'Member' &&
    !guarded.has(user.id) &&
    !/^bg\d@/.test(user.userPrincipalName)
  return new Set(users.filter(goes).map(({ id }) => id))
}

export async function membersOf(here: Rehearsal, groupName: string): Promise<string[]> {
  const group = await groupId(here, groupName)
  return (await here.read<Named>(`/groups/${group}/members?$top=999`)).map(({ id }) => id)
}

export async function groupId(here: Rehearsal, name: string): Promise<string> {
  const filter = encodeURIComponent(`displayName eq '${name}'`)
  const [group] = await here.read<Named>(`/groups?$filter=${filter}`)
  if (group === undefined) throw new Error(`the tenant has no group ${name}`)
  return group.id
}

/** How often the application changed each thing to the same: 1 everywhere unless something was done twice. */
export function repeated(journal: readonly JournalEntry[]): string[] {
  const times = new Map<string, number>()
  for (const { actor, target, after } of journal) {
    if (actor !== 'app') continue
    const change = `${target} = ${JSON.stringify(after)}`
    times.set(change, (times.get(change) ?? 0) + 1)
  }
  return [...times].filter(([, count]) => count > 1).map(([change]) => change)
}

/** Who was put into the group, or taken out, by the application. */
export function moved(journal: readonly JournalEntry[], group: string, into: boolean): string[] {
  return journal
    .filter(({ actor, target }) => actor === 'app' && target.startsWith(`groups/${group}/members/`))
    .filter(({ after }) => (after as { member: boolean }).member === into)
    .map(({ target }) => target.split('/').at(-1) as string)
}
