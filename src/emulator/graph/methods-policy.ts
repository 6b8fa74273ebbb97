import type { Directory } from '../directory/directory.ts'
import { passConfiguration } from './access-passes.ts'
import { campaignBody, readCampaignPatch } from './campaign-body.ts'
import { notFound } from './graph-error.ts'
import type { GraphCall, GraphRoute } from './route.ts'

const path = '/policies/authenticationMethodsPolicy'
const READ = [
  ['Policy.Read.AuthenticationMethod', 'Policy.ReadWrite.AuthenticationMethod', 'Policy.Read.All'],
]

/** Methods besides phones and passes, and whether a new tenant lets people use them. */
const OTHERS: Record<string, boolean> = {
  Fido2: true,
  MicrosoftAuthenticator: true,
  SoftwareOath: true,
  Email: true,
  X509Certificate: false,
}

/** Of beta alone. */
const HARDWARE = 'HardwareOath'

/** Which methods the tenant lets people use. */
export const METHODS_POLICY_ROUTES: GraphRoute[] = [
  {
    method: 'GET',
    path,
    bucket: 'directory',
    permissions: READ,
    answer: (call) => ({ status: 200, body: policyBody(call) }),
  },
  {
    method: 'PATCH',
    path,
    bucket: 'directory',
    permissions: [['Policy.ReadWrite.AuthenticationMethod']],
    answer(call) {
      const set = readCampaignPatch(call.world.directory, call.body, call.beta)
      call.world.change({ kind: 'setCampaign', set }, call.hand, call.now)
      return { status: 200, body: policyBody(call) }
    },
  },
  {
    method: 'GET',
    path: `${path}/authenticationMethodConfigurations/:id`,
    bucket: 'directory',
    permissions: READ,
    answer: (call) => ({ status: 200, body: configurationOf(call) }),
  },
]

function policyBody(call: GraphCall): object {
  const { directory } = call.world
  const { phonePolicy, campaign } = directory
  return {
    '@odata.context': `${call.base}/$metadata#policies/authenticationMethodsPolicy/$entity`,
    id: 'authenticationMethodsPolicy',
    displayName: 'Authentication Methods Policy',
    description: 'The tenant-wide policy that controls which authentication methods are allowed.',
    policyVersion: '1.5',
    policyMigrationState: phonePolicy.migration,
    registrationEnforcement: campaignBody(campaign, call.beta),
    authenticationMethodConfigurations: configurations(directory).filter(
      ({ id }) => call.beta || id !== HARDWARE,
    ),
  }
}

function configurationOf(call: GraphCall): object {
  const id = (call.params.id as string).toLowerCase()
  const found = configurations(call.world.directory).find((one) => one.id.toLowerCase() === id)
  if (!found || (found.id === HARDWARE && !call.beta)) throw notFound(call.params.id as string)
  return found
}

function configurations({
  phonePolicy: policy,
  passPolicy,
  tokenPolicy,
}: Pick<Directory, 'phonePolicy' | 'passPolicy' | 'tokenPolicy'>) {
  const target = { targetType: 'group', id: 'all_users', isRegistrationRequired: false }
  const sms = { ...target, id: policy.smsFor, isUsableForSignIn: policy.smsIsUsableForSignIn }
  return [
    { ...head('Sms', policy.sms), includeTargets: [sms] },
    {
      ...head('Voice', policy.voice),
      isOfficePhoneAllowed: policy.isOfficePhoneAllowed,
      includeTargets: [{ ...target, id: policy.voiceFor }],
    },
    passConfiguration(passPolicy),
    { ...head(HARDWARE, tokenPolicy.isEnabled), includeTargets: [{ ...target, id: tokenPolicy.includes }] },
    ...Object.entries(OTHERS).map(([id, isEnabled]) => ({
      ...head(id, isEnabled),
      includeTargets: [target],
    })),
  ]
}

function head(id: string, isEnabled: boolean) {
  const type = `${id[0]?.toLowerCase()}${id.slice(1)}AuthenticationMethodConfiguration`
  const state = isEnabled ? 'enabled' : 'disabled'
  return { '@odata.type': `#microsoft.graph.${type}`, id, state, excludeTargets: [] as object[] }
}
