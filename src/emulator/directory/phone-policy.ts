import type { Method } from '../people/person.ts'
import type { Directory } from './directory.ts'
import { isTransitiveMember } from './membership.ts'

/** What the tenant's policy of authentication methods says of phones. */
export interface PhonePolicy {
  sms: boolean
  voice: boolean
  isOfficePhoneAllowed: boolean
  /** Id of a group, or all_users. */
  smsFor: string
  voiceFor: string
  /** A mobile number is registered for signing in with it, too, as it is added. */
  smsIsUsableForSignIn: boolean
  migration: 'preMigration' | 'migrationInProgress' | 'migrationComplete'
}

export const FIRST_PHONE_POLICY: PhonePolicy = {
  sms: true,
  voice: false,
  isOfficePhoneAllowed: false,
  smsFor: 'all_users',
  voiceFor: 'all_users',
  smsIsUsableForSignIn: true,
  migration: 'migrationComplete',
}

/** Does the policy let this person use this method? Only phones and hardware tokens can be switched off here. */
export function isAllowed(directory: Directory, person: string, method: Method): boolean {
  const { sms, voice, smsFor, voiceFor, isOfficePhoneAllowed } = directory.phonePolicy
  const bySms = () => sms && isFor(directory, smsFor, person)
  const byVoice = () => voice && isFor(directory, voiceFor, person)
  if (method === 'mobilePhone') return bySms() || byVoice()
  if (method === 'alternateMobilePhone') return byVoice()
  if (method === 'officePhone') return isOfficePhoneAllowed && byVoice()
  if (method !== 'hardwareOneTimePasscode') return true
  const { isEnabled, includes } = directory.tokenPolicy
  return isEnabled && isFor(directory, includes, person)
}

export function isFor(directory: Directory, target: string, person: string): boolean {
  return target === 'all_users' || isTransitiveMember(directory, target, person)
}
