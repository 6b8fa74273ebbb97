import type { Ask } from '../graph/directory/ask.ts'
import type { Campaign } from '../graph/directory/campaign.ts'
import { type Finding, finding } from '../methods/policy-finding.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { CompiledCampaign } from '../plan/compiled-prepare-campaign.ts'
import { ALL_USERS, type CampaignWanted, campaignWith, otherMethods } from '../prepare/campaign.ts'
import { sayCampaignChanges } from '../prepare/say-campaign.ts'
import { type Protection, readProtection } from './protection.ts'
import type { World } from './world.ts'

/** The tenant's campaign beside what a plan makes of it. */
export interface CampaignSight {
  now: Campaign
  wanted: Campaign
  /** What becomes of it, in words. */
  says: string[]
  /** Why it cannot be. */
  findings: Finding[]
}

/** Reads only. */
export async function campaignSight(
  world: World,
  campaign: CompiledCampaign,
  protection: Protection,
  ask: Ask,
): Promise<CampaignSight> {
  const now = await world.directory.readCampaign(campaign.requireAfterSnoozes !== null, ask)
  const { target, findings } = await targetOf(world, campaign.group, ask)
  const { method, snoozeDays, requireAfterSnoozes } = campaign
  const except = { exceptPeople: protection.emergencyIds, exceptGroups: protection.groupIds }
  const asked: CampaignWanted = { ...{ method, snoozeDays, requireAfterSnoozes, target }, ...except }
  const wanted = campaignWith(now, asked)
  findings.push(...(await methodFindings(world, campaign, now, ask)))
  if (now.exclude.some(({ id }) => id === target)) {
    const message = `The registration campaign excludes ${campaign.group}: an exclusion goes first, nobody of it would be asked.`
    const hint = 'Take the exclusion out by hand, or name another group in prepare.campaign.group.'
    findings.push(finding('campaignExcluded', message, hint))
  }
  const names = await namesOf(world, [...now.include, ...wanted.include, ...wanted.exclude], ask)
  return { now, wanted, says: sayCampaignChanges(now, wanted, names), findings }
}

/** What stands against the campaign of a plan, and what it changes for others. Reads nothing where there is none. */
export async function campaignFindings(
  world: World,
  plan: CompiledPlan,
  ask: Ask,
  protection?: Protection,
): Promise<{ findings: Finding[]; notes: Finding[] }> {
  const campaign = plan.prepare?.campaign
  if (!campaign) return { findings: [], notes: [] }
  const sight = await campaignSight(
    world,
    campaign,
    protection ?? (await readProtection(world, plan, ask)),
    ask,
  )
  if (sight.findings.length > 0 || sight.says.length === 0) return { findings: sight.findings, notes: [] }
  const hint = 'All of it goes back as it was when the rollout ends.'
  return { findings: [], notes: [finding('campaignChanges', sight.says.join(' '), hint)] }
}

async function targetOf(world: World, group: string, ask: Ask) {
  const findings: Finding[] = []
  if (group === ALL_USERS) return { target: ALL_USERS, findings }
  const resolved = await world.directory.resolveGroup(group, ask)
  if (resolved.found === 'one') return { target: resolved.group.id, findings }
  const message = `The group ${group} of the registration campaign ${resolved.found === 'none' ? 'does not exist' : 'is not unique'}.`
  const hint = 'Name a group by its object id in prepare.campaign.group, or write all_users.'
  findings.push(finding('campaignGroup', message, hint))
  return { target: group, findings }
}

async function methodFindings(
  world: World,
  { method }: CompiledCampaign,
  now: Campaign,
  ask: Ask,
): Promise<Finding[]> {
  const { methods } = await world.directory.readMethodsPolicy(ask)
  const known = methods.find(({ id }) => id.toLowerCase() === method.toLowerCase())
  const found: Finding[] = []
  if (known?.state !== 'enabled') {
    const message = `The tenant’s policy of authentication methods does not let people use ${method}: the registration campaign would ask for what cannot be registered.`
    const hint = 'Enable it in the policy of authentication methods, or plan another method.'
    found.push(finding('campaignMethodOff', message, hint))
  }
  const others = otherMethods(now, method)
  if (others.length > 0) {
    const message = `The registration campaign asks for ${others.join(', ')} already, and a campaign asks for one method.`
    const hint = 'Plan the same method, or end that campaign by hand first.'
    found.push(finding('campaignMethodDiffers', message, hint))
  }
  return found
}

/** As many targets as are called by their names. */
const NAMED = 20

/** What targets are called; the first of them. */
export async function namesOf(
  world: World,
  targets: Campaign['exclude'],
  ask: Ask,
): Promise<Map<string, string>> {
  const idsOf = (type: string) => {
    const ids = targets.filter((one) => one.targetType === type && one.id !== ALL_USERS).map(({ id }) => id)
    return [...new Set(ids)].slice(0, NAMED)
  }
  const users = await world.directory.readUserStates(idsOf('user'), ask)
  const names = new Map(users.map((user) => [user.id, user.userPrincipalName]))
  for (const id of idsOf('group')) {
    const resolved = await world.directory.resolveGroup(id, ask)
    if (resolved.found === 'one') names.set(id, resolved.group.displayName ?? id)
  }
  return names
}
