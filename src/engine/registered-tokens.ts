import type { Registration } from '../graph/directory/reports.ts'
import { withRegisteredTokens } from '../people/registered-tokens.ts'
import type { WaveJob } from './job.ts'
import { REPORT_LAG } from './registered-phones.ts'
import { scaleOf } from './scale.ts'
import type { World } from './world.ts'

/** What the report says of a wave's people, with the tokens that were made theirs and read back since. */
export async function withPreparedTokens(
  world: World,
  { rollout, plan }: Pick<WaveJob, 'rollout' | 'plan'>,
  members: readonly string[],
  rows: readonly Registration[],
): Promise<Registration[]> {
  if (!plan.prepare?.tokens) return [...rows]
  const prepared = await world.store.read.preparations(rollout.id, members, 'tokens')
  const tokens = new Map(
    prepared.flatMap(({ personId, outcome, restore, at }): [string, number][] =>
      (outcome === 'done' || outcome === 'already') && restore === null ? [[personId, at]] : [],
    ),
  )
  return withRegisteredTokens(rows, tokens, REPORT_LAG * scaleOf(world))
}
