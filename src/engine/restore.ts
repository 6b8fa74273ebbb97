import { groupMembership } from '../methods/group-membership.ts'
import type { Task } from '../store/tasks.ts'
import { finish, type WaveJob } from './job.ts'
import { type Restoring, takePeopleOut } from './take-people-out.ts'
import type { World } from './world.ts'

/** Takes a whole wave back. Says how many are not yet as before; only none of them is a rollback that is done. */
export async function restoreWave(world: World, job: WaveJob, signal: AbortSignal): Promise<void> {
  const restoring = await restoringOf(world, job.rollout.id, signal)
  const members = await world.store.read.membersOf(job.wave.id)
  if (restoring) await takePeopleOut(restoring, members)
  const after = await world.store.read.membersOf(job.wave.id)
  const count = (restore: string) => after.filter((member) => member.restore === restore).length
  await finish(world, job, {
    type: 'RESTORED',
    at: world.clock.now(),
    attempt: job.attempt,
    failed: count('failed') + count('conflict'),
    unknown: count('unknown'),
  })
}

export interface RestoreOrder {
  rolloutId: string
  people: string[]
}

/** Some people of a rollout; the state of their waves stays as it is. Runs again until nobody of them is unknown. */
export async function restorePeople(world: World, task: Task, signal: AbortSignal): Promise<void> {
  const order = task.data as RestoreOrder
  const restoring = await restoringOf(world, order.rolloutId, signal)
  if (!restoring) return
  const isOrdered = new Set(order.people)
  const members = await world.store.read.membersOfRollout(order.rolloutId)
  await takePeopleOut(
    restoring,
    members.filter((member) => isOrdered.has(member.personId)),
  )
}

/** undefined: nobody was ever put into a group, so there is nothing to take back. */
async function restoringOf(
  world: World,
  rolloutId: string,
  signal: AbortSignal,
): Promise<Restoring | undefined> {
  const rollout = await world.store.read.rollout(rolloutId)
  if (!rollout?.groupId) return undefined
  return { world, rolloutId, groupId: rollout.groupId, method: groupMembership(world.directory), signal }
}
