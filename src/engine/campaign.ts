import type { Ask } from '../graph/directory/ask.ts'
import type { Campaign } from '../graph/directory/campaign.ts'
import { campaignSent } from '../prepare/campaign.ts'
import type { CampaignOfRollout } from '../store/campaign.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { endCampaign } from './campaign-end.ts'
import { campaignSight } from './campaign-findings.ts'
import { lookAtCampaign, watchCampaign } from './campaign-look.ts'
import {
  CAMPAIGN,
  campaignImage,
  hasEnded,
  noteCampaign,
  recordCampaignImage,
  sentOf,
  settleCampaignAt,
} from './campaign-record.ts'
import { sendCampaign } from './campaign-send.ts'
import { jobFailure, planOf, refuse } from './job.ts'
import { inPolicyTurn } from './policy-turn.ts'
import { readProtection } from './protection.ts'
import { rolloutContextOf } from './step.ts'
import type { World } from './world.ts'

/**
 * Brings the tenant's campaign to what rollouts want of it: put back for those that ended, changed for the live one, then
 * looked at now and again.
 */
export async function settleCampaign(world: World, signal: AbortSignal): Promise<void> {
  const open = await world.store.read.openCampaigns()
  const rollouts = new Map<string, StoredRollout>()
  for (const { rolloutId } of open) {
    const rollout = await world.store.read.rollout(rolloutId)
    if (rollout) rollouts.set(rolloutId, rollout)
  }
  const isOver = ({ rolloutId }: CampaignOfRollout) => hasEnded(rollouts.get(rolloutId)?.state ?? '')
  const begun = open.filter(({ stands }) => stands !== 'inPlace')
  let isLeft = false
  for (const one of [...open.filter(isOver), ...begun.filter((each) => !isOver(each))]) {
    const work = async () =>
      isOver(one)
        ? await endCampaign(world, one.rolloutId, { lane: 'restore', signal })
        : await begin(world, one.rolloutId, { lane: 'change', signal })
    isLeft = !(await attempted(world, one, () => inPolicyTurn(world, CAMPAIGN, work), signal)) || isLeft
  }
  const known = new Set(open.filter((one) => !begun.includes(one)).map(({ rolloutId }) => rolloutId))
  const waits = isLeft ? [world.times.recheckMs] : []
  for (const one of await world.store.read.openCampaigns()) {
    if (one.stands !== 'inPlace' || rollouts.get(one.rolloutId)?.state !== 'running') continue
    const isKnown = known.has(one.rolloutId)
    waits.push(isKnown ? await lookAtCampaign(world, one, { lane: 'scan', signal }) : world.times.driftMs)
  }
  const next = Math.min(...waits)
  if (waits.length > 0) await world.store.tx((writer) => settleCampaignAt(writer, world.clock.now() + next))
}

/** False: to be tried again. The reason is kept, and told once. */
async function attempted(
  world: World,
  campaign: CampaignOfRollout,
  work: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return await work()
  } catch (error) {
    if (signal.aborted) throw error
    const { message: says, code } = jobFailure(error)
    world.log.warn(
      { err: error, rolloutId: campaign.rolloutId },
      'the registration campaign could not be settled',
    )
    const now = (await world.store.read.campaignOf(campaign.rolloutId)) ?? campaign
    const event = now.says === says ? undefined : { type: 'campaign.failed', data: { code } }
    await noteCampaign(world, now, { says }, event)
    return false
  }
}

/** Ours beside what stands, read back. False: held, or not seen yet. @throws Refused */
async function begin(world: World, rolloutId: string, ask: Ask & { signal: AbortSignal }): Promise<boolean> {
  const stands = await standing(world, rolloutId)
  if (stands !== 'free') return stands === 'over'
  const rollout = await world.store.read.rollout(rolloutId)
  const campaign = await world.store.read.campaignOf(rolloutId)
  if (!rollout || !campaign) return true
  const plan = planOf(rollout)
  const planned = plan.prepare?.campaign
  if (!planned) return true
  const protection = await readProtection(world, plan, ask)
  refuse(protection.findings)
  const { now, wanted, says, findings } = await campaignSight(world, planned, protection, ask)
  refuse(findings)
  const { before, earlier } = await firstImage(world, rolloutId, now)
  const again = await standing(world, rolloutId)
  if (again !== 'free') return again === 'over'
  const sent = sentOf(campaign) ?? campaignSent(before, earlier, now, wanted)
  const intended = await noteCampaign(world, campaign, { stands: 'sent', sent }, undefined)
  await sendCampaign(world, now, wanted, ask)
  const event = { type: 'campaign.inPlace', data: { from: now, to: wanted } }
  await noteCampaign(world, intended, { stands: 'inPlace', says: says.join(' ') }, event, (writer) =>
    watchCampaign(writer, rolloutId, wanted, world.clock.now()),
  )
  return true
}

/** Committed before anything is sent, and kept from the first change on, in whichever run that was. */
async function firstImage(
  world: World,
  rolloutId: string,
  now: Campaign,
): Promise<{ before: Campaign; earlier: Campaign | null }> {
  const image = await campaignImage(world.store.read, rolloutId)
  const run = image && (await world.store.read.campaignOf(image.rolloutId))
  const earlier = run ? sentOf(run) : null
  // What an earlier run did not read, since it left it alone, is still as it was.
  const unread = image?.before.requireAfterSnoozes === null ? now.requireAfterSnoozes : null
  if (image && unread === null) return { before: image.before, earlier }
  const before = image ? { ...image.before, requireAfterSnoozes: unread } : now
  await world.store.tx(async (writer) => {
    const at = world.clock.now()
    if (image) await writer.closeTenantImage(image.id, at)
    await recordCampaignImage(writer, rolloutId, before, at)
  })
  return { before, earlier }
}

/** A change towards MFA waits for every hold; of a rollout that ended there is none. */
async function standing(world: World, rolloutId: string): Promise<'free' | 'held' | 'over'> {
  const rollout = await world.store.read.rollout(rolloutId)
  if (rollout?.state !== 'running') return 'over'
  return rolloutContextOf(rollout.saved).holds.length > 0 ? 'held' : 'free'
}
