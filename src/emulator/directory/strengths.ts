import type {
  AuthenticationMethodModes,
  AuthenticationStrengthPolicy,
} from '@microsoft/microsoft-graph-types'
import type { Method } from '../people/person.ts'

type Modes = AuthenticationMethodModes | string

const PHISHING_RESISTANT: Modes[] = ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor']
const PASSWORDLESS: Modes[] = [...PHISHING_RESISTANT, 'deviceBasedPush']
const MULTIFACTOR: Modes[] = [
  ...PASSWORDLESS,
  'temporaryAccessPassOneTime',
  'temporaryAccessPassMultiUse',
  'password,microsoftAuthenticatorPush',
  'password,softwareOath',
  'password,hardwareOath',
  'password,sms',
  'password,voice',
  'federatedMultiFactor',
]

/** The three authentication strengths that every tenant of the world has. */
export const STRENGTHS: readonly (AuthenticationStrengthPolicy & { id: string })[] = [
  strength(2, 'Multifactor authentication', MULTIFACTOR),
  strength(3, 'Passwordless MFA', PASSWORDLESS),
  strength(4, 'Phishing-resistant MFA', PHISHING_RESISTANT),
]

function strength(number: number, displayName: string, combinations: Modes[]) {
  return {
    id: `00000000-0000-0000-0000-00000000000${number}`,
    createdDateTime: '2021-12-01T00:00:00Z',
    modifiedDateTime: '2021-12-01T00:00:00Z',
    displayName,
    description: `Combinations of methods that satisfy ${displayName}`,
    policyType: 'builtIn' as const,
    requirementsSatisfied: 'mfa' as const,
    allowedCombinations: combinations as AuthenticationMethodModes[],
  }
}

const MODES: Record<Method, Modes> = {
  microsoftAuthenticatorPush: 'password,microsoftAuthenticatorPush',
  softwareOneTimePasscode: 'password,softwareOath',
  hardwareOneTimePasscode: 'password,hardwareOath',
  mobilePhone: 'password,sms',
  alternateMobilePhone: 'password,voice',
  officePhone: 'password,voice',
  passKeyDeviceBound: 'fido2',
  windowsHelloForBusiness: 'windowsHelloForBusiness',
}

export function strengthOf(id: string | null | undefined) {
  return STRENGTHS.find((one) => one.id === id)
}

/** Does a method satisfy a strength? */
export function satisfies(method: Method, strengthId: string): boolean {
  return (
    (strengthOf(strengthId)?.allowedCombinations as Modes[] | undefined)?.includes(MODES[method]) ?? false
  )
}
