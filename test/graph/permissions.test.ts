import { expect, test } from 'vitest'
import { permissionFor } from '../../src/graph/permissions.ts'

test('every call of ours has a permission to name', () => {
  const calls = [
    'GET /users',
    'GET /users/u',
    'GET /groups',
    'GET /groups/g',
    'GET /groups/g/memberOf',
    'GET /groups/g/members',
    'GET /groups/g/transitiveMembers',
    'PATCH /groups/g',
    'DELETE /groups/g/members/u/$ref',
    'GET /identity/conditionalAccess/policies',
    'GET /identity/conditionalAccess/policies/p',
    'POST /identity/conditionalAccess/policies',
    'PATCH /identity/conditionalAccess/policies/p',
    'DELETE /identity/conditionalAccess/policies/p',
    'GET /policies/identitySecurityDefaultsEnforcementPolicy',
    'GET /users/u/authentication/phoneMethods',
    'POST /users/u/authentication/phoneMethods',
    'PATCH /users/u/authentication/phoneMethods/m',
    'DELETE /users/u/authentication/phoneMethods/m',
    'GET /policies/authenticationMethodsPolicy',
    'GET /policies/authenticationMethodsPolicy/authenticationMethodConfigurations/hardwareOath',
    'GET /directory/authenticationMethodDevices/hardwareOathDevices',
    'PATCH /directory/authenticationMethodDevices/hardwareOathDevices',
    'POST /directory/authenticationMethodDevices/hardwareOathDevices',
    'DELETE /directory/authenticationMethodDevices/hardwareOathDevices/d',
    'POST /users/u/authentication/hardwareOathMethods/assignAndActivate',
    'POST /users/u/authentication/hardwareOathMethods/d/activate',
    'POST /users/u/authentication/hardwareOathMethods/d/deactivate',
    'DELETE /users/u/authentication/hardwareOathMethods/d',
    'GET /reports/authenticationMethods/userRegistrationDetails',
    'GET /roleManagement/directory/roleAssignments',
    'GET /roleManagement/directory/roleEligibilityScheduleInstances',
    'GET /auditLogs/signIns',
    'GET /subscribedSkus',
    'GET /users/u/authentication/temporaryAccessPassMethods',
    'POST /users/u/authentication/temporaryAccessPassMethods',
    'GET /policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass',
    'POST /users/u/revokeSignInSessions',
    'POST /users/u/sendMail',
  ]
  for (const call of calls) {
    const [method = '', path = ''] = call.split(' ')
    expect([call, permissionFor(method, path)]).toEqual([
      call,
      expect.stringMatching(/\.(Read|ReadWrite|RevokeSessions|Send)\b/),
    ])
  }
  expect(permissionFor('DELETE', '/groups/g/members/u/$ref')).toBe('GroupMember.ReadWrite.All')
  expect(permissionFor('GET', '/unknown')).toBeUndefined()
})
