import { GraphFailure } from '../graph/errors.ts'
import type { Task } from '../store/tasks.ts'
import { type CrossingOrder, mayRetire, queueRetire, sayOnce, wordsCountSince } from './crossing.ts'
import { CHUNK } from './enforce.ts'
import { jobFailure } from './job.ts'
import { retirePeople } from './retire-people.ts'
import { retireSight } from './retire-sight.ts'
import type { World } from './world.ts'

/**
 * Switches off the per-user MFA of people of one wave whom the policy is proven to ask, a chunk at a time. Whatever
 * holds the wave or the rollout is waited for.
 */
export async function retireProven(world: World, task: Task, signal: AbortSignal): Promise<void> {
  const order = task.data as CrossingOrder
  const next = await oneChunk(world, order, signal)
  if (next !== undefined) await world.store.tx((writer) => queueRetire(writer, order, next))
}

/** When to look again; undefined: there is nothing left to do. */
async function oneChunk(
  world: World,
  order: CrossingOrder,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { clock, store, times } = world
  const leave = await mayRetire(store.read, order, clock.now())
  if (leave === 'never') return undefined
  if (leave === 'later') return clock.now() + times.recheckMs
  const since = await wordsCountSince(store.read, order.rolloutId)
  const people = await store.read.toRetire(order.waveId, since, CHUNK)
  if (people.length === 0) return undefined
  try {
    const sight = await retireSight(world, order, signal)
    if (sight.refuses !== null) {
      await sayOnce(world, order, 'crossing.waits', sight.refuses)
      return clock.now() + times.recheckMs
    }
    const isThrough = await retirePeople({ world, order, sight, signal }, people)
    const left = await store.read.toRetire(order.waveId, since, CHUNK)
    if (left.length === 0) return undefined
    return isThrough && left.some((one) => one.perUserMfa !== 'unknown')
      ? clock.now()
      : clock.now() + times.recheckMs
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    await sayOnce(world, order, 'crossing.failed', jobFailure(error).message)
    return clock.now() + times.recheckMs
  }
}
