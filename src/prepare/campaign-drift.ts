import type { Campaign, CampaignTarget } from '../graph/directory/campaign.ts'
import { ALL_USERS, sameTarget } from './campaign.ts'

/** How the campaign differs from how it was read back, property by property, in words; nothing: it is as it was. */
export function campaignDrift(was: Campaign, is: Campaign, names: ReadonlyMap<string, string>): string[] {
  const scalar = (what: string, before: unknown, after: unknown) =>
    before === after ? [] : [`${what}: ${String(before)} → ${String(after)}`]
  const say = ({ id, method }: CampaignTarget & { method?: string }) =>
    `${id === ALL_USERS ? 'everybody' : (names.get(id) ?? id)}${method === undefined ? '' : ` (${method})`}`
  function list<T extends CampaignTarget & { method?: string }>(what: string, before: T[], after: T[]) {
    const missing = (some: T[], others: T[]) =>
      some.filter((one) => !others.some((other) => sameTarget(one, other))).map(say)
    return [
      ...missing(before, after).map((one) => `${what}: ${one} is gone`),
      ...missing(after, before).map((one) => `${what}: ${one} was added`),
    ]
  }
  const isRead = was.requireAfterSnoozes !== null && is.requireAfterSnoozes !== null
  return [
    ...scalar('state', was.state, is.state),
    ...scalar('snooze in days', was.snoozeDays, is.snoozeDays),
    ...(isRead
      ? scalar('required after three snoozes', was.requireAfterSnoozes, is.requireAfterSnoozes)
      : []),
    ...list('whom it asks', was.include, is.include),
    ...list('whom it leaves out', was.exclude, is.exclude),
  ]
}
