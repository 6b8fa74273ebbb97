import type { Campaign, CampaignTarget } from '../graph/directory/campaign.ts'

export const ALL_USERS = 'all_users'

const sameId = (one: CampaignTarget) => (other: CampaignTarget) => one.id === other.id
const sameMethod = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()

/** What a plan wants of it. */
export interface CampaignWanted {
  method: string
  /** null: as it stands. */
  snoozeDays: number | null
  requireAfterSnoozes: boolean | null
  /** Id of a group, or all_users. */
  target: string
  /** Who is protected, and asked by nobody. */
  exceptPeople: readonly string[]
  exceptGroups: readonly string[]
}

/** Ours added to what stands: whoever was asked before is asked still. Where Microsoft decides, nobody had set the list. */
export function campaignWith(now: Campaign, wanted: CampaignWanted): Campaign {
  const include = now.state === 'default' ? [] : now.include
  const ours = { id: wanted.target, targetType: 'group', method: wanted.method }
  const except = [
    ...wanted.exceptPeople.map((id) => ({ id, targetType: 'user' })),
    ...wanted.exceptGroups.map((id) => ({ id, targetType: 'group' })),
  ]
  return {
    state: 'enabled',
    snoozeDays: wanted.snoozeDays ?? now.snoozeDays,
    requireAfterSnoozes: wanted.requireAfterSnoozes ?? now.requireAfterSnoozes,
    include: include.some(sameId(ours)) ? include : [...include, ours],
    exclude: [...now.exclude, ...except.filter((one) => !now.exclude.some(sameId(one)))],
  }
}

/**
 * What of it is our doing, beside what stood before our first change: ours now, and an earlier run's that was not put
 * back. What another hand added stays theirs.
 */
export function campaignSent(
  before: Campaign,
  earlier: Campaign | null,
  now: Campaign,
  wanted: Campaign,
): Campaign {
  function known<T extends CampaignTarget & { method?: string }>(list: (of: Campaign) => readonly T[]): T[] {
    const isIn = (one: T, of: Campaign | null) =>
      of !== null && list(of).some((other) => sameTarget(one, other))
    return list(wanted).filter((one) => isIn(one, before) || isIn(one, earlier) || !isIn(one, now))
  }
  return { ...wanted, include: known((of) => of.include), exclude: known((of) => of.exclude) }
}

/** Targets that ask for another method: a campaign asks for one. */
export function otherMethods({ state, include }: Campaign, method: string): string[] {
  if (state === 'default') return []
  return [...new Set(include.map((one) => one.method).filter((one) => !sameMethod(one, method)))]
}

export function sameCampaign(one: Campaign, other: Campaign): boolean {
  return (
    one.state === other.state &&
    one.snoozeDays === other.snoozeDays &&
    (one.requireAfterSnoozes ?? other.requireAfterSnoozes) ===
      (other.requireAfterSnoozes ?? one.requireAfterSnoozes) &&
    sameTargets(one.include, other.include) &&
    sameTargets(one.exclude, other.exclude)
  )
}

function sameTargets(some: readonly CampaignTarget[], others: readonly CampaignTarget[]): boolean {
  return some.length === others.length && some.every((one) => others.some((other) => sameTarget(one, other)))
}

/** The same place, asked for the same. */
export function sameTarget(
  one: CampaignTarget & { method?: string },
  other: CampaignTarget & { method?: string },
): boolean {
  return one.id === other.id && sameMethod(one.method ?? '', other.method ?? '')
}
