import type { Campaign, CampaignTarget } from '../graph/directory/campaign.ts'
import { sameTarget } from './campaign.ts'

export interface CampaignBack {
  /** How the campaign is to be. */
  back: Campaign
  /** What another hand has changed since and stays, in words. */
  conflicts: string[]
}

/**
 * The campaign without what is ours: `before` our first change, `sent` by us, `now` in the tenant. Whatever another hand
 * changed since we sent it stays as it is.
 */
export function campaignBack(before: Campaign, sent: Campaign, now: Campaign): CampaignBack {
  const conflicts: string[] = []
  function scalar<T>(what: string, was: T, ours: T, is: T): T {
    if (is === ours || is === was) return was
    conflicts.push(`${what} is ${String(is)}, which another hand set`)
    return is
  }
  const include = listBack(before.include, sent.include, now.include)
  const exclude = listBack(before.exclude, sent.exclude, now.exclude)
  const added = include.foreign.map(({ id }) => id)
  const wasOff = before.state !== 'enabled'
  const isKeptOn = wasOff && added.length > 0 && now.state === sent.state
  if (isKeptOn) conflicts.push(`it stays enabled: another hand added ${added.join(', ')}`)
  conflicts.push(...include.changed.map((id) => `the target ${id} was changed by another hand`))
  // A list that nobody had set comes back whole; beside another hand's targets it would widen what they chose.
  const asideBack = isKeptOn ? [] : include.aside
  return {
    back: {
      state: isKeptOn ? now.state : scalar('state', before.state, sent.state, now.state),
      snoozeDays: scalar('the snooze in days', before.snoozeDays, sent.snoozeDays, now.snoozeDays),
      requireAfterSnoozes: scalar(
        'whether three snoozes are all',
        before.requireAfterSnoozes,
        sent.requireAfterSnoozes,
        now.requireAfterSnoozes,
      ),
      include: [...asideBack, ...include.kept],
      exclude: [...exclude.aside, ...exclude.kept],
    },
    conflicts,
  }
}

function listBack<T extends CampaignTarget & { method?: string }>(
  before: readonly T[],
  sent: readonly T[],
  now: readonly T[],
) {
  const has = (list: readonly T[], one: T) => list.some((other) => sameTarget(one, other))
  const hasId = (list: readonly T[], one: T) => list.some((other) => one.id === other.id)
  const ours = sent.filter((one) => !has(before, one))
  const kept = now.filter((one) => !has(ours, one))
  return {
    /** All that stands and is not ours. */
    kept,
    /** What we had put aside while ours stood. */
    aside: before.filter((one) => !has(sent, one) && !hasId(kept, one)),
    /** Came by another hand. */
    foreign: now.filter((one) => !hasId(sent, one) && !hasId(before, one)),
    /** Ours, and asked for something else by now. */
    changed: now.filter((one) => hasId(ours, one) && !has(ours, one)).map(({ id }) => id),
  }
}
