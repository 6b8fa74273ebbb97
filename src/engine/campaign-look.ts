import { z } from 'zod'
import type { Ask } from '../graph/directory/ask.ts'
import { type Campaign, campaignSchema } from '../graph/directory/campaign.ts'
import { GraphFailure } from '../graph/errors.ts'
import { campaignDrift } from '../prepare/campaign-drift.ts'
import type { CampaignOfRollout } from '../store/campaign.ts'
import type { Reader, Writer } from '../store/store.ts'
import { namesOf } from './campaign-findings.ts'
import { sentOf } from './campaign-record.ts'
import { jobFailure } from './job.ts'
import type { World } from './world.ts'

/** Under which a rollout keeps how its campaign was read back, and what looks have found since. */
const WATCHED = 'campaign'

const watchedSchema = z.object({
  was: campaignSchema,
  /** By the last look; what two in a row say is told. */
  seen: z.array(z.string()),
  told: z.array(z.string()),
})

/** Read back as it is to be: every later look compares with this. */
export async function watchCampaign(
  writer: Writer,
  rolloutId: string,
  was: Campaign,
  at: number,
): Promise<void> {
  await writer.recordObject(rolloutId, WATCHED, { was, seen: [], told: [] }, at)
}

/** What another hand has changed of it, in words, as the looks found it. */
export async function campaignChangedSince(read: Reader, rolloutId: string): Promise<string[]> {
  const kept = await read.recorded(rolloutId, WATCHED)
  return kept ? watchedSchema.parse(kept).told : []
}

/**
 * One reading of a campaign that is in place. What another hand changed is told, and stays: it holds nothing, and the
 * end of the rollout leaves it. Answers with how long until the next look.
 */
export async function lookAtCampaign(
  world: World,
  campaign: CampaignOfRollout,
  ask: Ask & { signal: AbortSignal },
): Promise<number> {
  const { rolloutId } = campaign
  const { driftMs, driftConfirmMs } = world.times
  const sent = sentOf(campaign)
  const kept = await world.store.read.recorded(rolloutId, WATCHED)
  if (!kept && !sent) return driftMs
  const { was, seen, told } = watchedSchema.parse(kept ?? { was: sent, seen: [], told: [] })
  const read = await readNow(world, rolloutId, was, ask)
  if (!read) return driftMs
  const { now, says } = read
  const isSame = says.length === 0
  const isNews = !same(says, told)
  const isSure = isNews && same(says, seen)
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    // Being put back meanwhile, it is changed by our own hand.
    const isStill = (await writer.campaignOf(rolloutId))?.stands === 'inPlace'
    if (!isStill || (await writer.rollout(rolloutId))?.state !== 'running') return
    const watched = { was, seen: says, told: isSure ? says : told }
    await writer.recordObject(rolloutId, WATCHED, watched, at)
    if (!isSure) return
    const place = { at, rolloutId, actor: 'wavegate' }
    const reason = isSame ? 'as it was sent again' : says.join('; ')
    const type = isSame ? 'campaign.asSentAgain' : 'campaign.changed'
    await writer.append({ ...place, type, reason, data: { from: was, to: now } })
  })
  return isNews && !isSure ? driftConfirmMs : driftMs
}

/** undefined: it could not be read, which says nothing about it. */
async function readNow(
  world: World,
  rolloutId: string,
  was: Campaign,
  ask: Ask,
): Promise<{ now: Campaign; says: string[] } | undefined> {
  try {
    const now = await world.directory.readCampaign(was.requireAfterSnoozes !== null, ask)
    if (campaignDrift(was, now, new Map()).length === 0) return { now, says: [] }
    const targets = [...was.include, ...now.include, ...was.exclude, ...now.exclude]
    return { now, says: campaignDrift(was, now, await namesOf(world, targets, ask)) }
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    const { code, message: reason } = jobFailure(error)
    const place = { at: world.clock.now(), rolloutId, actor: 'wavegate' }
    await world.store.tx((writer) =>
      writer.append({ ...place, type: 'campaign.notRead', reason, data: { code } }),
    )
    return undefined
  }
}

function same(some: readonly string[], others: readonly string[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others)
}
