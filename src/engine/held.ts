import { Superseded, type WaveJob } from './job.ts'
import { waveContextOf } from './step.ts'
import type { World } from './world.ts'

/** The chunk ends early: what is done is recorded, the rest waits. */
export class ChunkCut extends Error {
  override readonly name = 'ChunkCut'
}

/** Whether the wave still waits for this very job. */
export async function isOpen(world: World, job: WaveJob): Promise<boolean> {
  const wave = await world.store.read.wave(job.wave.id)
  const asked = wave && waveContextOf(wave.saved).asked
  return wave?.state === job.wave.state && asked?.attempt === job.attempt && asked.stands === 'open'
}

/**
 * Pause, freeze, a spent budget, a rollback: looked at before every call, since they may come at any time.
 * @throws Superseded @throws ChunkCut
 */
export async function refuseWhenHeld(world: World, job: WaveJob, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (!(await isOpen(world, job))) throw new Superseded('the wave moved on')
  const wave = await world.store.read.wave(job.wave.id)
  const { heldAbove, holds } = waveContextOf((wave ?? job.wave).saved)
  if (heldAbove || holds.some((hold) => hold.kind !== 'stuck')) throw new ChunkCut('held')
}
