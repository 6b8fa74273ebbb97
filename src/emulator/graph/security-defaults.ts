import { z } from 'zod'
import { latest } from '../lagged.ts'
import { badRequest } from './graph-error.ts'
import type { GraphRoute } from './route.ts'

const path = '/policies/identitySecurityDefaultsEnforcementPolicy'
const bucket = 'directory' as const

const patch = z.strictObject({ isEnabled: z.boolean() })

export const SECURITY_DEFAULTS_ROUTES: GraphRoute[] = [
  {
    method: 'GET',
    path,
    bucket,
    permissions: [['Policy.Read.All']],
    answer: (call) => ({
      status: 200,
      body: {
        '@odata.context': `${call.base}/$metadata#policies/identitySecurityDefaultsEnforcementPolicy/$entity`,
        id: '00000000-0000-0000-0000-000000000005',
        displayName: 'Security Defaults',
        description:
          'Security defaults is a set of basic identity security mechanisms recommended by Microsoft.',
        isEnabled: latest(call.world.directory.securityDefaults),
      },
    }),
  },
  {
    method: 'PATCH',
    path,
    bucket,
    permissions: [['Policy.Read.All'], ['Policy.ReadWrite.SecurityDefaults']],
    answer(call) {
      const body = patch.safeParse(call.body)
      if (!body.success) throw badRequest('isEnabled is true or false.', 'BadRequest')
      const { isEnabled } = body.data
      const { policies } = call.world.directory
      const inTheWay = [...policies.values()].some((policy) => latest(policy.body)?.state === 'enabled')
      if (isEnabled && inTheWay) {
        throw badRequest(
          'Security Defaults cannot be enabled while Conditional Access policies are enabled.',
          'BadRequest',
        )
      }
      call.world.change({ kind: 'setSecurityDefaults', isEnabled }, call.hand, call.now)
      return { status: 204 }
    },
  },
]
