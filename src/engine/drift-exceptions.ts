import type { Ask } from '../graph/directory/ask.ts'
import { EXCEPTION_MEMBER } from '../methods/exception-member.ts'
import type { Finding } from '../store/drift.ts'
import type { Member } from '../store/members.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { planOf } from './job.ts'
import { type Protection, readProtection } from './protection.ts'
import type { World } from './world.ts'

interface Looked {
  rollout: StoredRollout
  protection: Protection
  rows: ReadonlyMap<string, Member>
  names: ReadonlyMap<string, string>
}

/**
 * While the policy covers all users: whom another hand took from the exceptions, and so put under MFA; and whom it put
 * among them, and so took out of it. Leavers are neither.
 */
export async function exceptedFindings(
  world: World,
  rollout: StoredRollout,
  groupId: string,
  inGroup: readonly string[],
  ask: Ask,
): Promise<Finding[]> {
  const { read } = world.store
  const { effect } = EXCEPTION_MEMBER
  const changed = await read.peopleChanged(effect, groupId)
  const images = await read.openImages(effect, groupId, [...changed, ...inGroup])
  const present = new Set(inGroup)
  const rows = new Map(
    (await read.membersAmong(rollout.id, [...new Set([...changed, ...inGroup])])).map((one) => [
      one.personId,
      one,
    ]),
  )
  const isSettling = (id: string) => ['unknown', 'failed'].includes(rows.get(id)?.restore ?? '')
  const removed = changed.filter(
    (id) => images.get(id)?.image['member'] === false && !present.has(id) && !isSettling(id),
  )
  const added = inGroup.filter((id) => !images.has(id))
  if (removed.length + added.length === 0) return []
  const users = await world.directory.readUserStates([...removed, ...added], ask)
  const protection = await readProtection(world, planOf(rollout), ask)
  const names = new Map(users.map((user) => [user.id, user.userPrincipalName]))
  const looked: Looked = { rollout, protection, rows, names }
  return [
    ...removed.filter((id) => names.has(id)).map((id) => sayRemoved(looked, id)),
    ...added.filter((id) => names.has(id)).map((id) => sayAdded(looked, id)),
  ]
}

function sayRemoved({ protection, rows, names }: Looked, personId: string): Finding {
  const upn = names.get(personId)
  return {
    object: 'exceptions',
    property: 'members.removed',
    personId,
    before: { member: true, upn },
    after: { member: false },
    says: `${upn} was taken from the exceptions by another hand, and is under MFA`,
    barred: protection.people.has(personId) ? PROTECTED : barredOf(rows.get(personId)),
  }
}

const PROTECTED = 'the account is under the protection of the plan'

function barredOf(row: Member | undefined): string | null {
  if (row?.deferred === 'rolledBack' || row?.restore === 'restored')
    return 'somebody was taken back, and nobody has released them'
  return null
}

function sayAdded({ names }: Looked, personId: string): Finding {
  const upn = names.get(personId)
  return {
    object: 'exceptions',
    property: 'members.added',
    personId,
    before: { member: false, upn },
    after: { member: true },
    says: `${upn} was put among the exceptions by another hand, and is out of MFA`,
    barred: null,
  }
}
