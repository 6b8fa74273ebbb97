import { expect, test } from 'vitest'
import { published } from './metadata.ts'
import { mfaPolicy, rentTenant } from './rented-tenant.ts'

const v1 = published('v1.0')
const beta = published('beta')

/** Reads each list, and holds every object of it against its type. */
async function check(
  metadata: NonNullable<typeof v1>,
  lists: Record<string, string>,
  read: (path: string) => Promise<{ body: { value: unknown[] } }>,
): Promise<string[]> {
  const checked: string[] = []
  for (const [type, path] of Object.entries(lists)) {
    if (!metadata.has(type)) continue
    const { value } = (await read(path)).body
    expect(value.length).toBeGreaterThan(0)
    expect(new Set(value.flatMap((one) => metadata.strange(one, type)))).toEqual(new Set())
    checked.push(type)
  }
  return checked
}

test.skipIf(!v1)('bodies say nothing that Microsoft’s metadata does not know', async () => {
  if (!v1) return
  const { graph, twin, tenant, pass } = await rentTenant()
  const body = mfaPolicy(tenant.world.group('MFA required').id)
  const created = await graph('/v1.0/identity/conditionalAccess/policies', { method: 'POST', body })
  expect(v1.strange(created.body, 'conditionalAccessPolicy')).toEqual([])
  tenant.world.setPhone('test.user@contoso.com', 'mobile', '+45 12345678')
  tenant.world.setPhone('test.user@contoso.com', 'office', '+45 87654321x12')
  await pass(60_000)
  const { authenticationMethodConfigurations: configurations, ...methods } = (
    await twin('/v1.0/policies/authenticationMethodsPolicy')
  ).body
  expect(v1.strange(methods, 'authenticationMethodsPolicy')).toEqual([])
  for (const { includeTargets, ...one } of configurations) {
    expect(v1.strange(one, one['@odata.type'].replace('#microsoft.graph.', ''))).toEqual([])
    expect(includeTargets).toHaveLength(1)
  }
  const lists = {
    phoneAuthenticationMethod: '/v1.0/users/test.user@contoso.com/authentication/phoneMethods',
    user: '/v1.0/users?$select=*',
    group: '/v1.0/groups',
    conditionalAccessPolicy: '/v1.0/identity/conditionalAccess/policies',
    userRegistrationDetails: '/v1.0/reports/authenticationMethods/userRegistrationDetails',
    signIn: '/v1.0/auditLogs/signIns',
    subscribedSku: '/v1.0/subscribedSkus',
    organization: '/v1.0/organization',
    directoryRole: '/v1.0/directoryRoles',
    namedLocation: '/v1.0/identity/conditionalAccess/namedLocations',
    authenticationStrengthPolicy: '/v1.0/policies/authenticationStrengthPolicies',
    unifiedRoleAssignment: '/v1.0/roleManagement/directory/roleAssignments',
  }
  expect(await check(v1, lists, twin)).toEqual(expect.arrayContaining(['signIn', 'user']))
})

test.skipIf(!beta)('nor do those of beta', async () => {
  if (!beta) return
  const { twin } = await rentTenant()
  expect(await check(beta, { signIn: '/beta/auditLogs/signIns' }, twin)).toEqual(['signIn'])
  const requirements = await twin('/beta/users/test.user@contoso.com/authentication/requirements')
  expect(beta.strange(requirements.body, 'strongAuthenticationRequirements')).toEqual([])
})
