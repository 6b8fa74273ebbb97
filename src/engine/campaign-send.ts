import type { Ask } from '../graph/directory/ask.ts'
import type { Campaign } from '../graph/directory/campaign.ts'
import { isFailure } from '../graph/errors.ts'
import { sameCampaign } from '../prepare/campaign.ts'
import { pollUntil } from './poll.ts'
import type { World } from './world.ts'

/** The campaign as wanted, read back so. @throws when it was not read back in time */
export async function sendCampaign(
  world: World,
  now: Campaign,
  wanted: Campaign,
  ask: Ask & { signal: AbortSignal },
): Promise<void> {
  const withRequired = wanted.requireAfterSnoozes !== null
  try {
    if (!sameCampaign(now, wanted)) await world.directory.setCampaign(wanted, ask)
  } catch (error) {
    // The read-back decides what a lost answer did.
    if (!isFailure(error, 'unknownEffect')) throw error
  }
  const isThere = await pollUntil(world, ask.signal, async () =>
    sameCampaign(await world.directory.readCampaign(withRequired, ask), wanted) ? true : undefined,
  )
  if (!isThere) throw new Error('the registration campaign was changed and not read back in time')
}
