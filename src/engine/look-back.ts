import { GraphFailure } from '../graph/errors.ts'
import { toStored } from './intake.ts'
import type { World } from './world.ts'

export interface LookBack {
  outcome: 'read' | 'failed' | 'noLicence'
  /** What has been read without a hole, by this reading or earlier ones; null: nothing. */
  window: { from: number; to: number } | null
}

/**
 * Reads the sign-ins of people who have not been changed yet: a wave that is being judged, back to `since`. Goes on
 * where the last reading for this wave ended, less what the log may still correct. Kept apart from the regular
 * readings, which say nothing about these people.
 */
export async function lookBack(
  world: World,
  waveId: string,
  people: ReadonlySet<string>,
  since: number,
  signal: AbortSignal,
): Promise<LookBack> {
  const { clock, store } = world
  const before = await store.read.lookBack(waveId)
  const goesOn = before !== undefined && before.from <= since
  const from = goesOn ? Math.max(since, before.to - world.declared.settlingMs) : since
  const to = clock.now()
  try {
    for await (const page of world.directory.listSignIns({ from, to }, { lane: 'scan', signal })) {
      const kept = page.filter((row) => people.has(row.userId)).map(toStored)
      await store.tx((writer) => writer.saveSignIns(kept, clock.now()))
    }
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    world.log.warn({ err: error }, 'the sign-ins of the wave to come could not be read')
    const outcome = error.kind === 'licence' ? 'noLicence' : 'failed'
    return { outcome, window: before ?? null }
  }
  const window = { from: goesOn ? before.from : from, to }
  await store.tx((writer) => writer.saveLookBack(waveId, window))
  return { outcome: 'read', window }
}
