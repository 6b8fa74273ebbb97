import { z } from 'zod'
import { campaignChangedSince } from '../engine/campaign-look.ts'
import { CAMPAIGN_STANDS } from '../store/campaign.ts'
import type { Reader } from '../store/store.ts'

/** How the tenant's registration campaign stands for a rollout that changes it. */
export const CampaignView = z.object({
  stands: z
    .enum(CAMPAIGN_STANDS)
    .describe(
      'waiting: nothing sent; sent: may have been made; inPlace: read back; restoring: being put back; restored; conflict: part of it was changed by another hand and stays; handedOver: a later rollout puts it back',
    ),
  says: z.string().describe('what it changed, or why it stands so'),
  changed: z
    .array(z.string())
    .describe('what another hand has changed of it since; nothing waits for it, and the end leaves it so'),
  at: z.iso.datetime(),
})
export type CampaignView = z.infer<typeof CampaignView>

export async function campaignView(read: Reader, rolloutId: string): Promise<CampaignView | null> {
  const campaign = await read.campaignOf(rolloutId)
  if (!campaign) return null
  const { stands, says } = campaign
  const changed = stands === 'inPlace' ? await campaignChangedSince(read, rolloutId) : []
  return { stands, says, changed, at: new Date(campaign.at).toISOString() }
}

/** For `explain`: why it is so, or is not yet. */
export function sayCampaign(campaign: CampaignView | null | undefined): string[] {
  if (!campaign) return []
  const { stands, says, changed, at } = campaign
  const because = says === '' ? '' : `: ${says}`
  switch (stands) {
    case 'waiting':
      return [
        `The registration campaign is not changed yet (since ${at})${because || ': it waits for the holds'}.`,
      ]
    case 'sent':
      return [`The registration campaign may have been changed (${at}), and is not read back${because}.`]
    case 'inPlace':
      return [
        `The registration campaign is in place since ${at}. ${says}`.trim(),
        ...(changed.length > 0
          ? [
              `Another hand has changed the registration campaign since (${changed.join('; ')}). Nothing waits for that, and the end of the rollout leaves it so: put it right by hand.`,
            ]
          : []),
      ]
    case 'restoring':
      return [`The registration campaign is being put back (${at})${because}.`]
    case 'restored':
      return [`The registration campaign is back as it was since ${at}${because}.`]
    case 'conflict':
      return [`The registration campaign is back since ${at} but for what another hand changed${because}.`]
    case 'handedOver':
      return [`The registration campaign went over at ${at}${because}.`]
    default:
      return stands satisfies never
  }
}
