import type { Strength } from '../graph/directory/strengths.ts'
import { type Finding, finding } from './policy-finding.ts'

/** As a plan names it. */
export type StrengthName = 'mfa' | 'passwordless' | 'phishing-resistant'

/** What only the weaker of Microsoft's strengths let through. */
const NEEDS_PASSWORD = /(^|,)password(,|$)/
const NOT_PHISHING_RESISTANT = new Set([
  'deviceBasedPush',
  'microsoftAuthenticatorPush',
  'softwareOath',
  'hardwareOath',
  'sms',
  'voice',
  'temporaryAccessPassOneTime',
  'temporaryAccessPassMultiUse',
  'federatedMultiFactor',
  'federatedSingleFactor',
  'x509CertificateSingleFactor',
  'qrCodePin',
  'email',
])

/**
 * Which of Microsoft's own strengths this is, by what it lets through: names are translated and ids are not promised.
 * Undefined: it is the tenant's own, asks for less than MFA, or lets nothing through.
 */
export function strengthName(strength: Strength): StrengthName | undefined {
  const { policyType, requirementsSatisfied, allowedCombinations } = strength
  if (policyType !== 'builtIn' || requirementsSatisfied !== 'mfa' || allowedCombinations.length === 0)
    return undefined
  if (allowedCombinations.some((one) => NEEDS_PASSWORD.test(one))) return 'mfa'
  const tokens = allowedCombinations.flatMap((one) => one.split(','))
  return tokens.some((token) => NOT_PHISHING_RESISTANT.has(token.trim()))
    ? 'passwordless'
    : 'phishing-resistant'
}

/** The strength a plan names, among those the tenant has: one, or a finding. */
export function chooseStrength(
  all: readonly Strength[],
  name: StrengthName,
): { strength?: Strength; findings: Finding[] } {
  const found = all.filter((one) => strengthName(one) === name)
  const [strength] = found
  if (strength && found.length === 1) return { strength, findings: [] }
  if (found.length > 1) {
    const hint = 'Microsoft has more than one by now: write strength: mfa, and report this.'
    const ids = found.map((one) => `${one.displayName ?? ''} (${one.id})`).join(', ')
    const message = `Several of Microsoft’s authentication strengths are ${name}: ${ids}.`
    return { findings: [finding('strengthAmbiguous', message, hint)] }
  }
  const hint =
    'Check that Policy.Read.AuthenticationMethod is granted and that the tenant has Entra ID P1; or write strength: mfa.'
  const message = `None of Microsoft’s authentication strengths that this tenant shows is ${name}.`
  return { findings: [finding('strengthMissing', message, hint)] }
}
