import type { HoldKind } from '../../machines/language.ts'
import { rolloutContextOf, waveContextOf } from '../engine/step.ts'
import { policyOf, type WatchedPolicy } from '../engine/watched-policy.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import type { Reader } from '../store/store.ts'
import type { Situation } from './act.ts'
import { refuseWhileFrozen } from './freeze.ts'
import { graphFault } from './graph-fault.ts'

/** Nothing new towards MFA while one of these stands. */
const STOPPING: readonly HoldKind[] = ['user', 'freeze', 'disarmed', 'budgetSpent']

const NAMES = 10

/**
 * The policy comes to cover people whom it does not cover now: refused while anything stops new changes, and while
 * somebody is in the group who is neither in a wave that has begun to enforce nor adopted by name.
 * @throws installationFrozen, notApplicable, revertWidens
 */
export async function refuseWidening(
  world: World,
  { rollout }: Situation,
  object: WatchedPolicy,
  leaving: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await refuseWhileStopped(world.store.read, rollout.id)
  const { groupId } = policyOf(rollout, object)
  if (groupId === null) return
  const ask = { lane: 'change', signal } as const
  const members = await world.directory.listMembers(groupId, ask).catch((error) => {
    throw graphFault(error)
  })
  const staying = members.map((member) => member.id).filter((id) => !leaving.includes(id))
  const foreign = await uncoveredByUs(world.store.read, rollout.id, groupId, staying)
  if (foreign.length === 0) return
  const some = foreign.slice(0, NAMES)
  const users = await world.directory.readUserStates(some, ask).catch((error) => {
    throw graphFault(error)
  })
  const upns = new Map(users.map((user) => [user.id, user.userPrincipalName]))
  const names = some.map((id) => upns.get(id) ?? id).join(', ')
  throw fault('revertWidens', { count: foreign.length, names, people: foreign })
}

/** @throws installationFrozen, notApplicable */
export async function refuseWhileStopped(read: Reader, rolloutId: string): Promise<void> {
  await refuseWhileFrozen(read)
  const rollout = await read.rollout(rolloutId)
  const waves = await read.wavesOf(rolloutId)
  const holds = [
    ...(rollout ? rolloutContextOf(rollout.saved).holds : []),
    ...waves.flatMap((wave) => waveContextOf(wave.saved).holds),
  ]
  const stopping = [...new Set(holds.map((hold) => hold.kind))].filter((kind) => STOPPING.includes(kind))
  if (stopping.length === 0) return
  throw fault('notApplicable', {
    verb: 'revert',
    because: `it would put people under MFA while the rollout is held (${stopping.join(', ')})`,
    instead: 'Lift that first; or name in findings only what takes the policy off people.',
  })
}

async function uncoveredByUs(
  read: Reader,
  rolloutId: string,
  groupId: string,
  ids: readonly string[],
): Promise<string[]> {
  const waves = await read.wavesOf(rolloutId)
  const begun = new Set(waves.filter((wave) => wave.enforcingAt !== null).map((wave) => wave.id))
  const members = await read.membersOfRollout(rolloutId)
  const waved = new Set(members.filter((one) => begun.has(one.waveId)).map((one) => one.personId))
  const images = await read.openImages(GROUP_MEMBERSHIP.effect, groupId, ids)
  const adopted = await read.adopted(groupId)
  return ids.filter((id) => !adopted.has(id) && !(images.has(id) && waved.has(id)))
}
