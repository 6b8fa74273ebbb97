import { GraphFailure } from '../graph/errors.ts'
import type { Change, Image } from '../methods/change.ts'
import type { Attempt, BeforeImage } from '../store/ledger.ts'
import type { WaveJob } from './job.ts'
import { isOurs } from './ownership.ts'
import type { World } from './world.ts'

/** Some people of a wave and the change that is made to them. */
export interface Chunk {
  world: World
  job: WaveJob
  change: Change
  /** What the tenant showed of these people before anything was sent this time. */
  seen: ReadonlyMap<string, Image>
  /** Asked before every call. @throws ChunkCut when what the change stands on is to be read anew */
  refuseStale(): void
  signal: AbortSignal
}

export interface Ledger {
  images: ReadonlyMap<string, BeforeImage>
  attempts: ReadonlyMap<string, Attempt[]>
}

/** What is on record of these people for this change: the images that stand, and every attempt. */
export async function ledgerOf(
  { world, change }: Pick<Chunk, 'world' | 'change'>,
  ids: readonly string[],
): Promise<Ledger> {
  const { read } = world.store
  return {
    images: await read.openImages(change.effect, change.target, ids),
    attempts: await read.attempts(change.effect, change.target, ids),
  }
}

export function isOursBy(change: Change, { images, attempts }: Ledger, id: string): boolean {
  return isOurs(change, images.get(id), attempts.get(id) ?? [])
}

export function placeOf({ job, change }: Chunk, at: number) {
  return {
    effect: change.effect,
    target: change.target,
    rolloutId: job.rollout.id,
    waveId: job.wave.id,
    at,
  }
}

export function isImage(read: Image | GraphFailure | undefined): read is Image {
  return read !== undefined && !(read instanceof GraphFailure)
}
