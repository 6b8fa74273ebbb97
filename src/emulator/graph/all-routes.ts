import { ACCESS_PASS_ROUTES } from './access-passes.ts'
import { AUTHENTICATION_METHOD_ROUTES } from './authentication-methods.ts'
import { DELETED_ITEM_ROUTES } from './deleted-items.ts'
import { DIRECTORY_ROLE_ROUTES } from './directory-roles.ts'
import { GROUP_DELTA_ROUTES } from './group-delta.ts'
import { GROUP_WRITE_ROUTES } from './group-writes.ts'
import { GROUP_ROUTES } from './groups.ts'
import { HARDWARE_TOKEN_METHOD_ROUTES } from './hardware-token-methods.ts'
import { HARDWARE_TOKEN_ROUTES } from './hardware-tokens.ts'
import { METHODS_POLICY_ROUTES } from './methods-policy.ts'
import { NAMED_LOCATION_ROUTES } from './named-locations.ts'
import { ORGANIZATION_ROUTES } from './organization.ts'
import { PER_USER_MFA_ROUTES } from './per-user-mfa.ts'
import { PHONE_METHOD_ROUTES } from './phone-methods.ts'
import { POLICY_ROUTES } from './policies.ts'
import { REGISTRATION_REPORT_ROUTES } from './registration-report.ts'
import type { GraphRoute } from './route.ts'
import { SECURITY_DEFAULTS_ROUTES } from './security-defaults.ts'
import { SEND_MAIL_ROUTES } from './send-mail.ts'
import { SESSION_ROUTES } from './sessions.ts'
import { SIGN_IN_ROUTES } from './sign-ins.ts'
import { STRENGTH_ROUTES } from './strengths.ts'
import { USER_DELTA_ROUTES } from './user-delta.ts'
import { USER_ROUTES } from './users.ts'

/** Everything of Microsoft Graph that the tenant knows. */
export const GRAPH_ROUTES: readonly GraphRoute[] = [
  ...USER_DELTA_ROUTES,
  ...USER_ROUTES,
  ...GROUP_DELTA_ROUTES,
  ...PER_USER_MFA_ROUTES,
  ...ACCESS_PASS_ROUTES,
  ...SESSION_ROUTES,
  ...AUTHENTICATION_METHOD_ROUTES,
  ...PHONE_METHOD_ROUTES,
  ...HARDWARE_TOKEN_ROUTES,
  ...HARDWARE_TOKEN_METHOD_ROUTES,
  ...GROUP_ROUTES,
  ...GROUP_WRITE_ROUTES,
  ...POLICY_ROUTES,
  ...NAMED_LOCATION_ROUTES,
  ...STRENGTH_ROUTES,
  ...METHODS_POLICY_ROUTES,
  ...SECURITY_DEFAULTS_ROUTES,
  ...REGISTRATION_REPORT_ROUTES,
  ...SIGN_IN_ROUTES,
  ...DIRECTORY_ROLE_ROUTES,
  ...DELETED_ITEM_ROUTES,
  ...ORGANIZATION_ROUTES,
  ...SEND_MAIL_ROUTES,
]
