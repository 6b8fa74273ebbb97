import { GraphFailure } from '../graph/errors.ts'
import type { Change, Image } from '../methods/change.ts'
import { isImage, isOursBy, type Ledger, ledgerOf } from './chunk.ts'
import { isOpen } from './held.ts'
import { pollUntil } from './poll.ts'
import { noteOutcome } from './prepare-note.ts'
import type { Preparing } from './prepare-people.ts'

/** Tries before somebody who is never seen as wanted is `failed`. */
const MOST_TRIES = 5

/** Reads until everybody who was sent has reached the stage, or the deadline passes, or something else goes first. */
export async function readBack(
  preparing: Preparing,
  change: Change,
  sent: readonly string[],
  stage: string,
): Promise<ReadonlyMap<string, Image>> {
  const { world, signal } = preparing
  const seen = new Map<string, Image>()
  if (sent.length === 0) return seen
  let isCut = false
  const read = async () => {
    const missing = sent.filter((id) => !seen.has(id))
    for (const [id, image] of await readReached(preparing, change, missing, stage)) seen.set(id, image)
    return seen.size === sent.length ? true : undefined
  }
  await pollUntil(world, signal, read, async () => {
    isCut = await isWantedElsewhere(preparing)
    return isCut
  })
  await settle(preparing, change, [...seen.keys()], stage)
  const until = isCut ? 'when something else was to be done' : 'at the read-back deadline'
  await leaveUnknown(
    preparing,
    change,
    sent.filter((id) => !seen.has(id)),
    until,
  )
  return seen
}

/** The chunk ended on the way: nobody who may have been changed stays as if nothing was sent, whether they can be read or not. */
export async function readOnce(
  preparing: Preparing,
  change: Change,
  sent: readonly string[],
  stage: string,
): Promise<void> {
  if (sent.length === 0) return
  const reached = await reachedOrNobody(preparing, change, sent, stage)
  await settle(preparing, change, [...reached.keys()], stage)
  await leaveUnknown(
    preparing,
    change,
    sent.filter((id) => !reached.has(id)),
    'when the chunk ended',
  )
}

/** Outcomes that were unknown: read once more; who is not as wanted is asked for again, a bounded number of times. */
export async function lookAtUnknown(preparing: Preparing): Promise<void> {
  const { world, job, preparation } = preparing
  const rows = await world.store.read.preparationsWith(job.wave.id, preparation.step, 'unknown')
  if (rows.length === 0) return
  const change = preparation.change(new Map(rows.map((row) => [row.personId, row.wanted ?? {}])))
  const ids = rows.map((row) => row.personId)
  const last = lastOf(change)
  const reached = await readReached(preparing, change, ids, last)
  await settle(preparing, change, [...reached.keys()], last)
  const absent = ids.filter((id) => !reached.has(id))
  const ledger = await ledgerOf({ world, change }, absent)
  const retriedAt = await lastRetried(preparing)
  const hopeless = absent.filter((id) => isHopeless(change, ledger, id, retriedAt))
  await noteOutcome(preparing, hopeless, 'failed', `never seen ${change.says}`)
  const again = absent.filter((id) => !hopeless.includes(id))
  await noteOutcome(preparing, again, 'pending')
}

/** When somebody said retry of the wave, or of people in it; 0: nobody has. */
export async function lastRetried({ world, job }: Preparing): Promise<number> {
  return (await world.store.read.newestEvent(job.rollout.id, ['verb.retry'], job.wave.id))?.at ?? 0
}

/**
 * Tries of an earlier run, taken back since, say nothing about this one. Somebody who says retry wants to see it tried,
 * as often as the first time.
 */
export function isHopeless(
  change: Change,
  { images, attempts }: Ledger,
  id: string,
  retriedAt: number,
): boolean {
  const recordedAt = images.get(id)?.recordedAt
  if (recordedAt === undefined) return false
  const since = Math.max(recordedAt, retriedAt)
  const tries = (attempts.get(id) ?? []).filter((one) => one.direction === 'apply' && one.intendedAt >= since)
  return tries.length >= MOST_TRIES * change.stages.length
}

/** A rollback, of the wave or of somebody in it, does not wait for the deadline of what it may take back. */
async function isWantedElsewhere({ world, job }: Preparing): Promise<boolean> {
  if (!(await isOpen(world, job))) return true
  return await world.store.read.isWaiting('restorePeople', job.wave.id, world.clock.now())
}

async function reachedOrNobody(
  preparing: Preparing,
  change: Change,
  ids: readonly string[],
  stage: string,
): Promise<ReadonlyMap<string, Image>> {
  try {
    return await readReached(preparing, change, ids, stage)
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    return new Map()
  }
}

/** Who could not be read has not been seen. */
async function readReached(
  { signal }: Preparing,
  change: Change,
  ids: readonly string[],
  stage: string,
): Promise<ReadonlyMap<string, Image>> {
  const now = await change.read(ids, { lane: 'verify', signal })
  const reached = ids.flatMap((id): [string, Image][] => {
    const image = now.get(id)
    return isImage(image) && change.reached(image, stage) ? [[id, image]] : []
  })
  return new Map(reached)
}

/** As wanted, as the tenant shows it. Ours when an attempt of ours may have done it. */
async function settle(
  preparing: Preparing,
  change: Change,
  ids: readonly string[],
  stage: string,
): Promise<void> {
  if (stage !== lastOf(change)) return
  const ledger = await ledgerOf({ world: preparing.world, change }, ids)
  const ours = ids.filter((id) => isOursBy(change, ledger, id))
  await noteOutcome(preparing, ours, 'done')
  const others = ids.filter((id) => !ours.includes(id))
  await noteOutcome(preparing, others, 'already', 'put there by another hand')
}

async function leaveUnknown(
  preparing: Preparing,
  change: Change,
  ids: readonly string[],
  until: string,
): Promise<void> {
  await noteOutcome(preparing, ids, 'unknown', `asked for, and not ${change.says} ${until}`)
}

function lastOf(change: Change): string {
  return change.stages.at(-1) ?? ''
}
