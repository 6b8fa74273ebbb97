import { z } from 'zod'
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
  at: z.iso.datetime(),
})
export type CampaignView = z.infer<typeof CampaignView>

export async function campaignView(read: Reader, rolloutId: string): Promise<CampaignView | null> {
  const campaign = await read.campaignOf(rolloutId)
  if (!campaign) return null
  return { stands: campaign.stands, says: campaign.says, at: new Date(campaign.at).toISOString() }
}
