import type { GraphRoute } from './route.ts'

const path = '/policies/authenticationMethodsPolicy'

const ENABLED: Record<string, boolean> = {
  Fido2: true,
  MicrosoftAuthenticator: true,
  Sms: true,
  TemporaryAccessPass: true,
  SoftwareOath: true,
  Voice: false,
  Email: true,
  X509Certificate: false,
}

/** Which methods the tenant lets people use; a new tenant's, with the migration done. */
export const METHODS_POLICY_ROUTES: GraphRoute[] = [
  {
    method: 'GET',
    path,
    bucket: 'directory',
    permissions: [
      ['Policy.Read.AuthenticationMethod', 'Policy.ReadWrite.AuthenticationMethod', 'Policy.Read.All'],
    ],
    answer: (call) => ({
      status: 200,
      body: {
        '@odata.context': `${call.base}/$metadata#policies/authenticationMethodsPolicy/$entity`,
        id: 'authenticationMethodsPolicy',
        displayName: 'Authentication Methods Policy',
        policyVersion: '1.5',
        policyMigrationState: 'migrationComplete',
        authenticationMethodConfigurations: Object.entries(ENABLED).map(([id, isEnabled]) => ({
          '@odata.type': `#microsoft.graph.${id[0]?.toLowerCase()}${id.slice(1)}AuthenticationMethodConfiguration`,
          id,
          state: isEnabled ? 'enabled' : 'disabled',
          excludeTargets: [],
        })),
      },
    }),
  },
]
