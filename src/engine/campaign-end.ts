import type { Ask } from '../graph/directory/ask.ts'
import { campaignBack } from '../prepare/campaign-back.ts'
import type { Reader } from '../store/store.ts'
import { campaignImage, noteCampaign, sentOf } from './campaign-record.ts'
import { sendCampaign } from './campaign-send.ts'
import type { World } from './world.ts'

const OVER: readonly string[] = ['restored', 'conflict', 'handedOver']

/**
 * Takes what is ours out of the tenant's campaign and reads that back; what another hand changed since stays and is
 * told. Nothing of ours there: true at once. @throws when it was not read back in time
 */
export async function endCampaign(
  world: World,
  rolloutId: string,
  ask: Ask & { signal: AbortSignal },
): Promise<boolean> {
  const campaign = await world.store.read.campaignOf(rolloutId)
  if (!campaign || OVER.includes(campaign.stands)) return true
  const image = await campaignImage(world.store.read, rolloutId)
  const sent = sentOf(campaign)
  const close = async () =>
    void (image && (await world.store.tx((writer) => writer.closeTenantImage(image.id, world.clock.now()))))
  if (!image || sent === null) {
    // Recorded, and never changed by this run: an earlier one may stand still.
    if (image?.rolloutId === rolloutId) await close()
    await noteCampaign(world, campaign, { stands: 'restored', says: 'nothing was changed' }, undefined)
    return true
  }
  const later = await laterRun(world.store.read, rolloutId)
  if (later !== undefined) {
    const says = `${later} has the campaign now, and puts it back as it was before both`
    await noteCampaign(world, campaign, { stands: 'handedOver', says }, { type: 'campaign.handedOver' })
    return true
  }
  const withRequired = image.before.requireAfterSnoozes !== null
  const now = await world.directory.readCampaign(withRequired, ask)
  const { back, conflicts } = campaignBack(image.before, sent, now)
  const restoring = await noteCampaign(world, campaign, { stands: 'restoring' }, undefined)
  await sendCampaign(world, now, back, ask)
  const stands = conflicts.length > 0 ? 'conflict' : 'restored'
  const event = { type: `campaign.${stands}`, data: { from: now, to: back } }
  await noteCampaign(world, restoring, { stands, says: conflicts.join('; ') }, event, (writer) =>
    writer.closeTenantImage(image.id, world.clock.now()),
  )
  return true
}

/** Another run that has changed the campaign and is not over. */
async function laterRun(read: Reader, rolloutId: string): Promise<string | undefined> {
  for (const one of await read.openCampaigns()) {
    if (one.rolloutId === rolloutId || one.sent === null) continue
    if ((await read.rollout(one.rolloutId))?.state === 'running') return one.rolloutId
  }
  return undefined
}
