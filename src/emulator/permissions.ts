/** Application permissions that an administrator has consented to when the tenant starts. */
export const FULL_PERMISSIONS: readonly string[] = [
  'User.Read.All',
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.Create',
  'Policy.Read.All',
  'Policy.ReadWrite.ConditionalAccess',
  'Policy.ReadWrite.AuthenticationMethod',
  'Application.Read.All',
  'UserAuthenticationMethod.Read.All',
  'UserAuthMethod-Phone.ReadWrite.All',
  'UserAuthMethod-HardwareOATH.ReadWrite.All',
  'AuditLog.Read.All',
  'Directory.Read.All',
  'RoleManagement.Read.Directory',
  'LicenseAssignment.Read.All',
  'Organization.Read.All',
]
