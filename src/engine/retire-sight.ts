import type { Ask } from '../graph/directory/ask.ts'
import { covers, readCover } from './covered-elsewhere.ts'
import { type CrossingOrder, mayRetire } from './crossing.ts'
import { planOf } from './job.ts'
import { readProtection } from './protection.ts'
import { readRoles } from './role-holders.ts'
import { READING_GOOD_FOR } from './switch-on.ts'
import type { World } from './world.ts'

/** What was read of the tenant just before somebody loses their per-user MFA. */
export interface RetireSight {
  /** Why nobody may; null: who may is said person by person. */
  refuses: string | null
  /** Why this person keeps it; null: nothing speaks against. */
  keeps(personId: string): KeepReason | null
  readAt: number
}

export type KeepReason =
  | 'notProven'
  | 'protected'
  | 'directoryRole'
  | 'directoryRoleUnknown'
  | 'notInGroup'
  | 'notCovered'

/** The policy is read as enabled, the group as it is now, roles and protection anew. @throws GraphFailure */
export async function retireSight(
  world: World,
  order: CrossingOrder,
  signal: AbortSignal,
): Promise<RetireSight> {
  const ask: Ask = { lane: 'change', signal }
  const readAt = world.clock.now()
  const refused = (refuses: string): RetireSight => ({ refuses, keeps: () => 'notCovered', readAt })
  const rollout = await world.store.read.rollout(order.rolloutId)
  if (!rollout?.policyId || !rollout.groupId) return refused('the policy of the rollout is not on yet')
  const protection = await readProtection(world, planOf(rollout), ask)
  const [first] = protection.findings
  if (first) return refused(`${first.message} ${first.hint}`)
  const policy = await world.directory.readPolicy(rollout.policyId, ask)
  const cover = await readCover(world, policy, ask)
  if (!cover) return refused(`the policy ${policy.displayName} is not read as asking its people for MFA`)
  const members = new Set((await world.directory.listMembers(rollout.groupId, ask)).map(({ id }) => id))
  const inPlace = (await world.store.read.membersOf(order.waveId)).filter((one) => one.inPlaceAt !== null)
  const roles = await readRoles(
    world,
    inPlace.map((one) => one.personId),
    ask,
  )
  return {
    refuses: null,
    keeps(id) {
      if (protection.people.has(id)) return 'protected'
      if (roles.holders.has(id)) return 'directoryRole'
      if (!roles.free.has(id)) return 'directoryRoleUnknown'
      if (!members.has(id)) return 'notInGroup'
      return covers(cover, id) ? null : 'notCovered'
    },
    readAt,
  }
}

/** Asked before every call: held, too old a reading, or people of the wave are wanted back. */
export async function isCut(world: World, order: CrossingOrder, readAt: number): Promise<boolean> {
  const now = world.clock.now()
  if (now - readAt > READING_GOOD_FOR) return true
  if ((await mayRetire(world.store.read, order, now)) !== 'now') return true
  return await isWantedBack(world, order)
}

/** While somebody is waited for, the wave's own work goes first too. */
export async function isLaneWanted(world: World, order: CrossingOrder): Promise<boolean> {
  if (await isWantedBack(world, order)) return true
  return await world.store.read.isWaiting('work', order.waveId, world.clock.now())
}

/** A rollback, or per-user MFA that has to be back because the policy went off, waits for nobody's read-back. */
export async function isWantedBack(world: World, { waveId }: CrossingOrder): Promise<boolean> {
  const { read } = world.store
  const now = world.clock.now()
  if (await read.isWaiting('restorePeople', waveId, now)) return true
  if ((await read.wave(waveId))?.state === 'rollingBack') return true
  return await read.isWaitingAnywhere('unretire', now)
}
