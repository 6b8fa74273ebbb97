import type { StrengthAsked } from './readiness.ts'
import { methodsThatMeet } from './strength-evidence.ts'

/** What the registration report calls the kinds that Graph names one person's methods by. */
const REPORTED_AS: Record<string, string> = {
  phone: 'mobilePhone',
  microsoftAuthenticator: 'microsoftAuthenticatorPush',
  softwareOath: 'softwareOneTimePasscode',
  hardwareOath: 'hardwareOneTimePasscode',
  fido2: 'fido2',
  windowsHelloForBusiness: 'windowsHelloForBusiness',
  platformCredential: 'platformCredential',
  external: 'external',
}

/**
 * The kinds of one person's methods that get past what the plan asks; empty: none that we know of. A password, a mail
 * address and a temporary access pass are none.
 */
export function secondFactors(kinds: readonly string[], strength?: StrengthAsked): string[] {
  const known = kinds.filter((kind) => kind in REPORTED_AS)
  if (!strength) return known
  return known.filter(
    (kind) => methodsThatMeet([REPORTED_AS[kind] as string], strength.combinations).length > 0,
  )
}
