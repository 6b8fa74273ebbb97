import { type Campaign, campaignSchema } from '../graph/directory/campaign.ts'
import type { CampaignOfRollout } from '../store/campaign.ts'
import type { TenantImage } from '../store/ledger.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Reader, Writer } from '../store/store.ts'
import { planOf } from './plan-of.ts'
import type { World } from './world.ts'

/** The task that brings the tenant's campaign to what rollouts want of it: one for all of them, in a lane of its own. */
export const CAMPAIGN = 'campaign'

/** One object for the whole tenant: its before-image is found by this, in whichever run it was recorded. */
const OBJECT_ID = 'authenticationMethodsPolicy'
const KIND = 'registrationCampaign'

/** How it was before our first change, as long as it is not back. */
export type CampaignImage = Omit<TenantImage, 'image'> & { before: Campaign }

export async function campaignImage(read: Reader, rolloutId: string): Promise<CampaignImage | undefined> {
  const found = await read.tenantImage(KIND, rolloutId, OBJECT_ID)
  if (!found) return undefined
  const { image, ...rest } = found
  return { ...rest, before: campaignSchema.parse(image) }
}

export async function recordCampaignImage(
  writer: Writer,
  rolloutId: string,
  before: Campaign,
  at: number,
): Promise<void> {
  await writer.recordTenantImage({ kind: KIND, objectId: OBJECT_ID, image: before, rolloutId, at })
}

export function sentOf({ sent }: CampaignOfRollout): Campaign | null {
  return sent === null ? null : campaignSchema.parse(sent)
}

/** The start of a plan that changes the campaign. */
async function startCampaign(
  writer: Writer,
  rollout: Pick<StoredRollout, 'id' | 'plan'>,
  at: number,
): Promise<void> {
  if (!planOf(rollout).prepare?.campaign) return
  await writer.saveCampaign({ rolloutId: rollout.id, stands: 'waiting', sent: null, says: '', at })
  await settleCampaignAt(writer, at)
}

export async function settleCampaignAt(writer: Writer, runAt: number): Promise<void> {
  await writer.enqueueOnce({ kind: CAMPAIGN, lane: CAMPAIGN, data: {}, runAt })
}

const ENDED: readonly string[] = [
  'completed',
  'completedWithLeftovers',
  'graduating',
  'graduated',
  'aborted',
  'rolledBack',
  'rollbackFailed',
]

/** Nothing of the campaign is wanted any more. While the rollout is taken back, that work puts it back itself. */
export function hasEnded(state: string): boolean {
  return ENDED.includes(state)
}

/** What another state of a rollout means for the campaign. */
export async function followCampaign(
  writer: Writer,
  rollout: Pick<StoredRollout, 'id' | 'plan' | 'state'>,
  to: string,
  at: number,
): Promise<void> {
  if (rollout.state === to) return
  if (rollout.state === 'draft' && to === 'running') return await startCampaign(writer, rollout, at)
  if (!hasEnded(to)) return
  if ((await writer.openCampaigns()).some((one) => one.rolloutId === rollout.id))
    await settleCampaignAt(writer, at)
}

/** How it stands now, with an event where that is new. */
export async function noteCampaign(
  world: World,
  campaign: CampaignOfRollout,
  next: Partial<Pick<CampaignOfRollout, 'stands' | 'sent' | 'says'>>,
  event: { type: string; data?: Record<string, unknown> } | undefined,
  write: (writer: Writer) => Promise<void> = async () => {},
): Promise<CampaignOfRollout> {
  const at = world.clock.now()
  const noted = { ...campaign, ...next, at }
  await world.store.tx(async (writer) => {
    await writer.saveCampaign(noted)
    await write(writer)
    if (!event) return
    const { rolloutId, says } = noted
    await writer.append({ at, rolloutId, actor: 'wavegate', reason: says, data: {}, ...event })
  })
  return noted
}
