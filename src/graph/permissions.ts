/**
 * The least application permissions for the calls we make, as data. Source: microsoftgraph/microsoft-graph-devx-content
 * `permissions/new/permissions.json` (2026-08-07) and the Graph reference page of each call.
 */
const needed: { method: RegExp; path: RegExp; permission: string }[] = [
  { method: /^GET$/, path: /^\/users(\/[^/]+)?$/, permission: 'User.Read.All' },
  { method: /^GET$/, path: /^\/groups(\/[^/]+)?$/, permission: 'GroupMember.Read.All' },
  {
    method: /^GET$/,
    path: /^\/groups\/[^/]+\/(members|transitiveMembers|memberOf)(\/|$)/,
    permission: 'GroupMember.Read.All',
  },
  { method: /^POST$/, path: /^\/groups$/, permission: 'Group.Create' },
  { method: /^DELETE$/, path: /^\/groups\/[^/]+$/, permission: 'Group.ReadWrite.All' },
  {
    method: /^(PATCH|POST|DELETE)$/,
    path: /^\/groups\/[^/]+(\/members\/.*)?$/,
    permission: 'GroupMember.ReadWrite.All',
  },
  { method: /^GET$/, path: /^\/identity\/conditionalAccess\//, permission: 'Policy.Read.All' },
  {
    method: /^(POST|PATCH)$/,
    path: /^\/identity\/conditionalAccess\/policies/,
    permission: 'Policy.Read.All, Policy.ReadWrite.ConditionalAccess and Application.Read.All',
  },
  {
    method: /^(POST|DELETE)$/,
    path: /^\/identity\/conditionalAccess\/namedLocations/,
    permission: 'Policy.Read.All and Policy.ReadWrite.ConditionalAccess',
  },
  {
    method: /^DELETE$/,
    path: /^\/identity\/conditionalAccess\/policies/,
    permission: 'Policy.Read.All and Policy.ReadWrite.ConditionalAccess',
  },
  {
    method: /^GET$/,
    path: /^\/policies\/identitySecurityDefaultsEnforcementPolicy$/,
    permission: 'Policy.Read.All',
  },
  {
    method: /^GET$/,
    path: /^\/policies\/authenticationStrengthPolicies$/,
    permission: 'Policy.Read.AuthenticationMethod',
  },
  {
    method: /^GET$/,
    path: /^\/users\/[^/]+\/authentication\/requirements$/,
    permission: 'Policy.Read.All',
  },
  {
    method: /^PATCH$/,
    path: /^\/users\/[^/]+\/authentication\/requirements$/,
    permission: 'Policy.ReadWrite.AuthenticationMethod',
  },
  {
    method: /^(GET|POST)$/,
    path: /^\/users\/[^/]+\/authentication\/temporaryAccessPassMethods$/,
    permission: 'UserAuthMethod-TAP.ReadWrite.All',
  },
  {
    method: /^POST$/,
    path: /^\/users\/[^/]+\/revokeSignInSessions$/,
    permission: 'User.RevokeSessions.All',
  },
  {
    method: /^GET$/,
    path: /^\/users\/[^/]+\/authentication\/phoneMethods(\/|$)/,
    permission: 'UserAuthMethod-Phone.Read.All',
  },
  {
    method: /^(POST|PATCH|DELETE)$/,
    path: /^\/users\/[^/]+\/authentication\/phoneMethods(\/|$)/,
    permission: 'UserAuthMethod-Phone.ReadWrite.All',
  },
  {
    method: /^(GET|POST|DELETE)$/,
    path: /^\/users\/[^/]+\/authentication\/hardwareOathMethods(\/|$)/,
    permission: 'UserAuthMethod-HardwareOATH.ReadWrite.All',
  },
  {
    method: /^(GET|PATCH|POST|DELETE)$/,
    path: /^\/directory\/authenticationMethodDevices\/hardwareOathDevices(\/|$)/,
    permission: 'Policy.ReadWrite.AuthenticationMethod',
  },
  {
    method: /^GET$/,
    path: /^\/policies\/authenticationMethodsPolicy(\/|$)/,
    permission: 'Policy.Read.AuthenticationMethod',
  },
  {
    method: /^PATCH$/,
    path: /^\/policies\/authenticationMethodsPolicy$/,
    permission: 'Policy.ReadWrite.AuthenticationMethod',
  },
  { method: /^GET$/, path: /^\/reports\/authenticationMethods\//, permission: 'AuditLog.Read.All' },
  {
    method: /^GET$/,
    path: /^\/roleManagement\/directory\/roleAssignments$/,
    permission: 'RoleManagement.Read.Directory',
  },
  {
    method: /^GET$/,
    path: /^\/roleManagement\/directory\/roleEligibilityScheduleInstances$/,
    permission: 'RoleEligibilitySchedule.Read.Directory',
  },
  {
    method: /^GET$/,
    path: /^\/users\/[^/]+\/authentication\/methods$/,
    permission: 'UserAuthenticationMethod.Read.All',
  },
  {
    method: /^GET$/,
    path: /^\/policies\/authenticationMethodsPolicy(\/authenticationMethodConfigurations\/[^/]+)?$/,
    permission: 'Policy.Read.AuthenticationMethod',
  },
  // Not a path: the property of a user, by $select.
  {
    method: /^GET$/,
    path: /^\/users\/[^/]+\/signInActivity$/,
    permission: 'User.Read.All and AuditLog.Read.All',
  },
  // The licence check behind the sign-in log wants the directory too (older reference page and known issue).
  {
    method: /^GET$/,
    path: /^\/auditLogs\/signIns$/,
    permission: 'AuditLog.Read.All, Directory.Read.All and Policy.Read.All',
  },
  { method: /^POST$/, path: /^\/users\/[^/]+\/sendMail$/, permission: 'Mail.Send' },
  { method: /^GET$/, path: /^\/subscribedSkus$/, permission: 'LicenseAssignment.Read.All' },
]

/** Permissions that give the same and more, from the same source. */
const GIVEN_BY: Record<string, readonly string[]> = {
  'User.Read.All': ['User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'GroupMember.Read.All': [
    'GroupMember.ReadWrite.All',
    'Group.Read.All',
    'Group.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  'GroupMember.ReadWrite.All': ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  'Group.Create': ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  'Application.Read.All': ['Application.ReadWrite.All', 'Directory.Read.All'],
  'Policy.Read.AuthenticationMethod': ['Policy.ReadWrite.AuthenticationMethod', 'Policy.Read.All'],
  'RoleManagement.Read.Directory': ['RoleManagement.ReadWrite.Directory', 'RoleManagement.Read.All'],
  'LicenseAssignment.Read.All': [
    'LicenseAssignment.ReadWrite.All',
    'Organization.Read.All',
    'Directory.Read.All',
  ],
  'Directory.Read.All': ['Directory.ReadWrite.All'],
  'UserAuthenticationMethod.Read.All': ['UserAuthenticationMethod.ReadWrite.All'],
  'UserAuthMethod-Phone.ReadWrite.All': ['UserAuthenticationMethod.ReadWrite.All'],
  'User.RevokeSessions.All': ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
  'UserAuthMethod-HardwareOATH.ReadWrite.All': ['UserAuthenticationMethod.ReadWrite.All'],
  'UserAuthMethod-TAP.ReadWrite.All': ['UserAuthenticationMethod.ReadWrite.All'],
}

/** By which of those granted the application has this one; undefined: by none. */
export function grantedBy(permission: string, granted: ReadonlySet<string>): string | undefined {
  return [permission, ...(GIVEN_BY[permission] ?? [])].find((one) => granted.has(one))
}

/** The permissions a call needs, each by itself; empty for a call that is not in the table. */
export function permissionsFor(call: string): string[] {
  const [method = '', path = ''] = call.split(' ')
  return permissionFor(method, path)?.split(/, | and /) ?? []
}

/** What the application needs for a call, in words for a person; undefined for a call that is not in the table. */
export function permissionFor(method: string, path: string): string | undefined {
  return needed.find((row) => row.method.test(method) && row.path.test(path))?.permission
}
