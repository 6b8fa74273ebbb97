import type { Campaign, CampaignTarget } from '../graph/directory/campaign.ts'
import { ALL_USERS, sameTarget } from './campaign.ts'

/** What becomes of the tenant's campaign, and for whom besides the plan's own people; nothing: it is so already. */
export function sayCampaignChanges(
  before: Campaign,
  after: Campaign,
  names: ReadonlyMap<string, string>,
): string[] {
  const say = (targets: readonly CampaignTarget[]) => sayTargets(targets, names)
  const added = after.include.filter((one) => !before.include.some((other) => sameTarget(one, other)))
  const excepted = after.exclude.filter((one) => !before.exclude.some((other) => sameTarget(one, other)))
  const others = after.include.filter((one) => !added.includes(one))
  const said: string[] = []
  if (before.state === 'default') {
    const own =
      'The registration campaign is Microsoft managed (state default): Microsoft decides whom it asks'
    said.push(
      `${own}, and for what. It becomes enabled, asks ${say(after.include)} alone, and goes back to Microsoft when the rollout ends.`,
    )
  } else if (before.state !== 'enabled') {
    const also = others.length > 0 ? ` It names ${say(others)} besides: they are asked again, too.` : ''
    said.push(
      `The registration campaign is ${before.state}; it becomes enabled until the rollout ends.${also}`,
    )
  }
  if (before.snoozeDays !== after.snoozeDays) {
    const whom = others.length > 0 ? `everybody it asks, ${say(others)} among them` : 'whomever it asks'
    said.push(`Its snooze goes from ${days(before.snoozeDays)} to ${days(after.snoozeDays)} for ${whom}.`)
  }
  if (before.requireAfterSnoozes !== after.requireAfterSnoozes && after.requireAfterSnoozes !== null) {
    said.push(
      after.requireAfterSnoozes
        ? 'After three snoozes registering is required of everybody it asks.'
        : 'Everybody it asks may put it off as often as they like.',
    )
  }
  if (added.length > 0 && before.state !== 'default') said.push(`It asks ${say(added)} besides.`)
  if (excepted.length > 0) said.push(`It asks nobody who is protected: ${say(excepted)}.`)
  if (said.length > 0 && after.requireAfterSnoozes === null)
    said.push(
      'Whether registering is required after three snoozes stays as the tenant has it; by default it is (requireAfterSnoozes: false in the plan says no).',
    )
  if (said.length > 0)
    said.push('It asks after a completed MFA only: whoever never does MFA registers nothing by it.')
  return said
}

function days(count: number): string {
  if (count === 0) return 'none (asked at every MFA)'
  return count === 1 ? '1 day' : `${count} days`
}

const AT_MOST = 10

function sayTargets(targets: readonly CampaignTarget[], names: ReadonlyMap<string, string>): string {
  const said = targets.map(({ id }) => (id === ALL_USERS ? 'everybody' : (names.get(id) ?? id)))
  const more = said.length > AT_MOST ? ` and ${said.length - AT_MOST} more` : ''
  return `${said.slice(0, AT_MOST).join(', ')}${more}`
}
