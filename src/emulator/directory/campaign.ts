import type { Method } from '../people/person.ts'
import type { Directory } from './directory.ts'
import { isFor } from './phone-policy.ts'

export interface CampaignTarget {
  /** Of a group or a person, or all_users. */
  id: string
  targetType: 'group' | 'user'
}

/** The tenant's registration campaign: whom it asks, after a completed MFA, to register a method. */
export interface Campaign {
  /** `default`: whatever Microsoft does by itself. */
  state: 'default' | 'enabled' | 'disabled'
  snoozeDurationInDays: number
  /** After three snoozes there is no fourth. Known to beta only. */
  enforceRegistrationAfterAllowedSnoozes: boolean
  includeTargets: (CampaignTarget & { targetedAuthenticationMethod: string })[]
  excludeTargets: CampaignTarget[]
}

export const FIRST_CAMPAIGN: Campaign = {
  state: 'default',
  snoozeDurationInDays: 1,
  enforceRegistrationAfterAllowedSnoozes: true,
  includeTargets: [
    { id: 'all_users', targetType: 'group', targetedAuthenticationMethod: 'microsoftAuthenticator' },
  ],
  excludeTargets: [],
}

/** By the name of a campaign's method in lower case: what somebody has who did as they were asked. */
export const CAMPAIGN_METHODS: Readonly<Record<string, readonly Method[]>> = {
  microsoftauthenticator: ['microsoftAuthenticatorPush', 'softwareOneTimePasscode'],
  fido2: ['passKeyDeviceBound'],
}

/** What this person is asked to register, if the campaign asks them: an exclusion goes first. */
export function askedToRegister(directory: Directory, person: string): readonly Method[] | undefined {
  const { state, includeTargets, excludeTargets } = directory.campaign
  if (state !== 'enabled') return undefined
  const meets = ({ id, targetType }: CampaignTarget) =>
    targetType === 'user' ? id === person : isFor(directory, id, person)
  if (excludeTargets.some(meets)) return undefined
  const target = includeTargets.find(meets)
  return target && CAMPAIGN_METHODS[target.targetedAuthenticationMethod.toLowerCase()]
}
