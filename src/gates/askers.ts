/** Who may ask for a second factor, or turn a sign-in away. */
export const MECHANISMS = [
  'ours',
  'otherPolicy',
  'perUserMfa',
  'securityDefaults',
  'microsoft',
  'password',
  'provider',
] as const
export type Mechanism = (typeof MECHANISMS)[number]

/**
 * `requirementProvider` of the beta sign-in log, as far as it names somebody: Microsoft's enumeration of 2026. That `user`
 * stands for per-user MFA is an interpretation. Conditional Access is told apart by the policies of the row itself.
 */
const BY_PROVIDER: Readonly<Record<string, Mechanism>> = {
  user: 'perUserMfa',
  securityDefaults: 'securityDefaults',
  mfaRegistrationRequiredBySecurityDefaults: 'securityDefaults',
  baselineProtection: 'microsoft',
  mfaRegistrationRequiredByBaselineProtection: 'microsoft',
  enforcedForCspAdmins: 'microsoft',
  proofUpCodeRequest: 'microsoft',
  riskBasedPolicy: 'otherPolicy',
  tenantSessionRiskPolicy: 'otherPolicy',
  accountCompromisePolicies: 'otherPolicy',
  mfaRegistrationRequiredByIdentityProtectionPolicy: 'otherPolicy',
}

/** Who asked, by the beta log's word; undefined: the word names nobody. */
export function mechanismOfProvider(provider: string): Mechanism | undefined {
  return Object.hasOwn(BY_PROVIDER, provider) ? BY_PROVIDER[provider] : undefined
}

/**
 * Apps where Microsoft demands MFA of everybody, whatever the tenant's policies say: the portals since 2024 and 2025, command
 * lines since 2025-10-01. Source: concept-mandatory-multifactor-authentication of Microsoft's Entra docs (2025-07-29).
 */
const MANDATORY_MFA_APPS: Readonly<Record<string, string>> = {
  'c44b4083-3bb0-49c1-b47d-974e53cbdf3c': 'the Azure, Entra and Intune portals',
  '04b07795-8ddb-461a-bbee-02f9e1bf7b46': 'the Azure command line',
  '1950a258-227b-4e31-a9cf-717495945fc2': 'Azure PowerShell',
}

/** Where Microsoft itself demands MFA; undefined: not of this app. */
export function mandatoryMfaAt(appId: string | null | undefined): string | undefined {
  const key = appId?.toLowerCase() ?? ''
  return Object.hasOwn(MANDATORY_MFA_APPS, key) ? MANDATORY_MFA_APPS[key] : undefined
}
