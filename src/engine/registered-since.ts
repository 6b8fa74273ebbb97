import type { Registration } from '../graph/directory/reports.ts'
import type { WaveJob } from './job.ts'
import { withPreparedPhones } from './registered-phones.ts'
import { withPreparedTokens } from './registered-tokens.ts'
import type { World } from './world.ts'

/** What the report says of these people, with whatever a rollout prepared for them and read back since. */
export async function withPrepared(
  world: World,
  of: Pick<WaveJob, 'rollout' | 'plan'>,
  people: readonly string[],
  rows: readonly Registration[],
): Promise<Registration[]> {
  const withPhones = await withPreparedPhones(world, of, people, rows)
  return await withPreparedTokens(world, of, people, withPhones)
}
