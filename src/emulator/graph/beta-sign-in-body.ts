import type { SignIn } from '@microsoft/microsoft-graph-types'
import type { Method } from '../people/person.ts'
import type { SignInRow } from '../sign-ins/sign-in-row.ts'
import { type SignInBodyOptions, signInBody } from './sign-in-body.ts'

interface AuthenticationDetail {
  authenticationStepDateTime: string
  authenticationMethod: string
  authenticationMethodDetail: string | null
  succeeded: boolean
  authenticationStepResultDetail: string
  authenticationStepRequirement: string
}

/** What only /beta tells of a sign-in. */
export interface BetaSignIn extends Omit<SignIn, 'id'> {
  id: string
  userType: 'member' | 'guest'
  signInEventTypes: string[]
  authenticationRequirement: 'singleFactorAuthentication' | 'multiFactorAuthentication'
  authenticationRequirementPolicies: { requirementProvider: string; detail: string }[]
  authenticationDetails: AuthenticationDetail[]
}

const PROVIDER_DETAILS = {
  user: 'Per-user MFA',
  multiConditionalAccess: 'Conditional Access',
  securityDefaults: 'Security Defaults',
}

/** A row as beta shows it. Its details may at first be wrong, and are corrected later. */
export function betaSignInBody(row: SignInRow, options: SignInBodyOptions): BetaSignIn {
  const { providers } = row
  const multifactor = providers.length > 0
  return {
    ...signInBody(row, options),
    userType: row.person.kind === 'guest' ? 'guest' : 'member',
    signInEventTypes: ['interactiveUser'],
    authenticationRequirement: multifactor ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    authenticationRequirementPolicies: providers.map((requirementProvider) => ({
      requirementProvider,
      detail: PROVIDER_DETAILS[requirementProvider],
    })),
    authenticationDetails: row.detailsCorrectedAt > options.now ? [satisfied(row)] : detailsOf(row),
  }
}

function detailsOf(row: SignInRow): AuthenticationDetail[] {
  if (row.details.endsWith('by claim in the token')) return [satisfied(row)]
  const wrong = row.code === 50126 || row.code === 50053
  const password = step(
    row,
    'Password',
    !wrong,
    wrong ? 'Invalid password' : 'Correct password',
    'Primary authentication',
  )
  if (!row.factor && row.providers.length === 0) return [password]
  if (row.details === '') return [password]
  const [method, detail] = row.factor ? METHOD_NAMES[row.factor] : ['', null]
  const second = step(row, method, row.code === 0, row.details, 'Multifactor authentication')
  return [password, { ...second, authenticationMethodDetail: detail }]
}

const METHOD_NAMES: Record<Method, [method: string, detail: string | null]> = {
  microsoftAuthenticatorPush: ['Mobile app notification', 'Microsoft Authenticator'],
  softwareOneTimePasscode: ['OATH verification code', null],
  hardwareOneTimePasscode: ['OATH verification code', null],
  mobilePhone: ['Text message', '+XX XXXXXXXX12'],
  alternateMobilePhone: ['Phone call', '+XX XXXXXXXX12'],
  officePhone: ['Phone call', '+XX XXXXXXXX12'],
  passKeyDeviceBound: ['Passkey (device-bound)', null],
  windowsHelloForBusiness: ['Windows Hello for Business', null],
}

function satisfied(row: SignInRow): AuthenticationDetail {
  const text = 'MFA requirement satisfied by claim in the token'
  return step(row, 'Previously satisfied', true, text, 'Primary authentication')
}

function step(
  row: SignInRow,
  authenticationMethod: string,
  succeeded: boolean,
  authenticationStepResultDetail: string,
  authenticationStepRequirement: string,
): AuthenticationDetail {
  return {
    authenticationStepDateTime: new Date(row.at).toISOString(),
    authenticationMethod,
    authenticationMethodDetail: null,
    succeeded,
    authenticationStepResultDetail,
    authenticationStepRequirement,
  }
}
