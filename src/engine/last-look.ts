import { GraphFailure } from '../graph/errors.ts'
import type { Chunk } from './chunk.ts'
import { jobOf } from './job.ts'
import { readBackAdded, recordWhatWasSent } from './read-back-added.ts'
import type { WorkOrder } from './tell.ts'
import { wayOf } from './undo-order.ts'
import type { World } from './world.ts'

/**
 * A chunk that the end of the process cut off, and that is not run again since the wave was aborted meanwhile: whoever
 * may have been changed by it is read back, as after any change, and stays `pending` no more.
 */
export async function lastLook(world: World, order: WorkOrder, signal: AbortSignal): Promise<void> {
  const job = await jobOf(world, order)
  if (job?.wave.state !== 'aborted') return
  const people = await world.store.read.toEnforce(job.wave.id, 'pending', 100_000)
  const sent = people.filter((member) => member.requestedAt !== null)
  if (sent.length === 0) return
  const change = wayOf(world, job.rollout, job.planned)
  if (!change) return
  const chunk: Chunk = { world, job, change, seen: new Map(), refuseStale: () => {}, signal }
  try {
    await readBackAdded(chunk, sent, change.stages.at(-1) ?? '', () => isTakenBack(chunk))
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    await recordWhatWasSent(chunk, sent)
  }
}

/** A rollback, of the wave or of somebody in it, does not wait for this. */
async function isTakenBack({ world, job }: Chunk): Promise<boolean> {
  const now = await world.store.read.wave(job.wave.id)
  if (now?.state !== 'aborted') return true
  return await world.store.read.isWaiting('restorePeople', job.wave.id, world.clock.now())
}
