import type { Image } from '../methods/change.ts'
import type { PrepareOutcome } from '../store/preparation.ts'
import type { Preparing } from './prepare-people.ts'

/** What was found of one person for a step. */
export interface Found {
  personId: string
  outcome: PrepareOutcome
  reason: string | null
  wanted: Image | null
}

/** On each person, and as one event for all of one outcome and reason; who is only wanted so far is no event. */
export async function noteFound(
  { world, job, preparation }: Pick<Preparing, 'world' | 'job' | 'preparation'>,
  found: readonly Found[],
): Promise<void> {
  if (found.length === 0) return
  const at = world.clock.now()
  const { step } = preparation
  const place = { at, rolloutId: job.rollout.id, waveId: job.wave.id }
  const groups = Map.groupBy(found, ({ outcome, reason }) => `${outcome} ${reason ?? ''}`)
  await world.store.tx(async (writer) => {
    await writer.notePrepared({ ...place, step }, found)
    for (const group of groups.values()) {
      const [{ outcome, reason }] = group as [Found]
      if (outcome === 'pending') continue
      const data = { step, people: group.map((one) => one.personId) }
      await writer.append({
        ...place,
        type: `prepare.${outcome}`,
        actor: 'wavegate',
        reason: reason ?? '',
        data,
      })
    }
  })
}

/** An outcome for several people at once. */
export async function noteOutcome(
  preparing: Pick<Preparing, 'world' | 'job' | 'preparation'>,
  ids: readonly string[],
  outcome: PrepareOutcome,
  reason: string | null = null,
): Promise<void> {
  await noteFound(
    preparing,
    ids.map((personId) => ({ personId, outcome, reason, wanted: null })),
  )
}
