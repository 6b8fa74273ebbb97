import { doorsOf } from '../engine/doors.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'

/** Something a plan asks for, and the calls that wavegate makes for it; `{}` stands for an id. */
export interface Feature {
  feature: string
  says: string
  calls: readonly string[]
  isIn(plan: CompiledPlan): boolean
  /** No rollout needs it; whoever wants what it says grants it besides. */
  isBesides?: true
}

const always = () => true
const isByPolicy = (plan: CompiledPlan) => doorsOf(plan).length > 0
const POLICIES = '/identity/conditionalAccess/policies'
const TOKENS = '/directory/authenticationMethodDevices/hardwareOathDevices'

/** What the permissions of an application are for; which permission a call needs stands in src/graph/permissions.ts. */
export const FEATURES: readonly Feature[] = [
  {
    feature: 'people',
    says: 'who is in the tenant, and in which group',
    calls: ['GET /users', 'GET /groups', 'GET /groups/{}/transitiveMembers'],
    isIn: always,
  },
  {
    feature: 'readiness',
    says: 'who has a second factor (registration report)',
    calls: ['GET /reports/authenticationMethods/userRegistrationDetails'],
    isIn: always,
  },
  {
    feature: 'signIns',
    says: 'who was kept out, and whom a sign-in has proven (sign-in log)',
    calls: ['GET /auditLogs/signIns'],
    isIn: always,
  },
  {
    feature: 'roles',
    says: 'who holds a directory role',
    calls: ['GET /roleManagement/directory/roleAssignments'],
    isIn: always,
  },
  {
    feature: 'emergencyAccounts',
    says: 'whether the emergency accounts and whoever steers the rollout get in afterwards',
    calls: [
      'GET /users/{}/authentication/methods',
      'GET /users/{}/signInActivity',
      'GET /roleManagement/directory/roleEligibilityScheduleInstances',
    ],
    isIn: always,
  },
  {
    feature: 'tenant',
    says: 'licences, security defaults, which methods are allowed',
    calls: [
      'GET /subscribedSkus',
      'GET /policies/identitySecurityDefaultsEnforcementPolicy',
      'GET /policies/authenticationMethodsPolicy',
    ],
    isIn: always,
  },
  {
    feature: 'conditionalAccess',
    says: 'people join the group, and the policy is made, switched on and off',
    calls: [
      'GET /groups/{}/members',
      'PATCH /groups/{}',
      'DELETE /groups/{}/members/{}/$ref',
      `GET ${POLICIES}`,
      `POST ${POLICIES}`,
      `PATCH ${POLICIES}/{}`,
      `DELETE ${POLICIES}/{}`,
    ],
    isIn: isByPolicy,
  },
  {
    feature: 'strength',
    says: 'the authentication strength that the plan names',
    calls: ['GET /policies/authenticationStrengthPolicies'],
    isIn: (plan) => plan.enforce.strength !== 'mfa',
  },
  {
    feature: 'trustedLocations',
    says: 'named locations where nobody is asked',
    calls: ['GET /identity/conditionalAccess/namedLocations'],
    isIn: (plan) => plan.enforce.trustedLocations.length > 0,
  },
  {
    feature: 'makeLocations',
    says: 'named locations that the plan gives ranges for',
    calls: [
      'POST /identity/conditionalAccess/namedLocations',
      'DELETE /identity/conditionalAccess/namedLocations/{}',
    ],
    isIn: (plan) => plan.enforce.trustedLocations.some((location) => location.ranges !== null),
  },
  {
    feature: 'perUserMfa',
    says: 'each person’s own MFA state is read and changed',
    calls: ['GET /users/{}/authentication/requirements', 'PATCH /users/{}/authentication/requirements'],
    isIn: (plan) => plan.enforce.by === 'per-user-mfa' || plan.enforce.retirePerUserMfa,
  },
  {
    feature: 'campaign',
    says: 'the tenant’s registration campaign asks the plan’s group until the rollout ends',
    calls: ['GET /policies/authenticationMethodsPolicy', 'PATCH /policies/authenticationMethodsPolicy'],
    isIn: (plan) => Boolean(plan.prepare?.campaign),
  },
  {
    feature: 'revokeSessions',
    says: 'people’s sessions end once they are in place',
    calls: ['POST /users/{}/revokeSignInSessions'],
    isIn: (plan) => plan.enforce.revokeSessions,
  },
  {
    feature: 'accessPass',
    says: 'the help desk and on-call make temporary access passes (the verb pass)',
    calls: [
      'GET /policies/authenticationMethodsPolicy/authenticationMethodConfigurations/{}',
      'POST /users/{}/authentication/temporaryAccessPassMethods',
    ],
    isIn: always,
    isBesides: true,
  },
  {
    feature: 'tokens',
    says: 'hardware tokens go into the inventory, to their people, and are activated (prepare.tokens)',
    calls: [
      'GET /policies/authenticationMethodsPolicy/authenticationMethodConfigurations/hardwareOath',
      `GET ${TOKENS}`,
      `PATCH ${TOKENS}`,
      `POST ${TOKENS}`,
      `DELETE ${TOKENS}/{}`,
      'POST /users/{}/authentication/hardwareOathMethods/assignAndActivate',
      'DELETE /users/{}/authentication/hardwareOathMethods/{}',
    ],
    isIn: (plan) => (plan.prepare?.tokens ?? null) !== null,
  },
  {
    feature: 'phones',
    says: 'people’s phone numbers are registered before the switch (prepare.phones)',
    calls: [
      'GET /policies/authenticationMethodsPolicy',
      'GET /users/{}/authentication/phoneMethods',
      'POST /users/{}/authentication/phoneMethods',
    ],
    isIn: (plan) => (plan.prepare?.phones ?? null) !== null,
  },
  {
    feature: 'notices',
    says: 'mails to people before, on and after their switch (keep it to the sender by an application access policy)',
    calls: ['GET /users', 'POST /users/{}/sendMail'],
    isIn: (plan) => plan.prepare?.notices != null,
  },
  {
    feature: 'graduate',
    says: 'the policy for all users, less a group of exceptions',
    calls: ['PATCH /groups/{}', `PATCH ${POLICIES}/{}`],
    isIn: (plan) => plan.graduate !== null && isByPolicy(plan),
  },
  {
    feature: 'makeExceptions',
    says: 'the group of exceptions is made, and deleted after a rollback (enforce.exceptions names one of yours instead)',
    calls: ['POST /groups', 'DELETE /groups/{}'],
    isIn: (plan) => plan.graduate !== null && isByPolicy(plan) && plan.enforce.exceptions === null,
  },
]
