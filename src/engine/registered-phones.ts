import type { Registration } from '../graph/directory/reports.ts'
import { type RegisteredPhone, withRegisteredPhones } from '../people/registered-phones.ts'
import type { WaveJob } from './job.ts'
import { scaleOf } from './scale.ts'
import type { World } from './world.ts'

/** Microsoft says "up to a few hours"; a number that is still not in the report after that is looked at as missing. */
export const REPORT_LAG = 12 * 3_600_000

/** What the report says of a wave's people, with the numbers that were registered for them and read back since. */
export async function withPreparedPhones(
  world: World,
  { rollout, plan }: Pick<WaveJob, 'rollout' | 'plan'>,
  members: readonly string[],
  rows: readonly Registration[],
): Promise<Registration[]> {
  const type = plan.prepare?.phones?.type
  if (type === undefined) return [...rows]
  const prepared = await world.store.read.preparations(rollout.id, members, 'phones')
  const phones = new Map(
    prepared.flatMap(({ personId, outcome, restore, wanted, at }): [string, RegisteredPhone][] => {
      const isThere = (outcome === 'done' || outcome === 'already') && restore === null
      // Where an older policy may or may not allow phones, only the report can tell.
      return isThere && wanted?.['isUsable'] === true ? [[personId, { type, at }]] : []
    }),
  )
  return withRegisteredPhones(rows, phones, REPORT_LAG * scaleOf(world))
}
