import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import { patchedPolicy } from '../directory/policy-body.ts'
import { latest } from '../lagged.ts'
import { filterTest } from './filter.ts'
import { badRequest, notFound } from './graph-error.ts'
import { page, selected } from './page.ts'
import { checkWhole, validPatch } from './policy-validation.ts'
import type { GraphCall, GraphRoute } from './route.ts'

const PATH = '/identity/conditionalAccess/policies'
const READ = [['Policy.Read.All', 'Policy.Read.ConditionalAccess', 'Policy.ReadWrite.ConditionalAccess']]
// Microsoft's page demands all three for POST and PATCH (reference/graph.md §6).
const WRITE = [['Policy.Read.All'], ['Policy.ReadWrite.ConditionalAccess'], ['Application.Read.All']]

export const POLICY_ROUTES: GraphRoute[] = [
  {
    method: 'GET',
    path: PATH,
    bucket: 'conditionalAccess',
    permissions: READ,
    answer(call) {
      const { test } = filterTest(call.query.$filter, {
        properties: ['id', 'displayName', 'state'],
        eventual: call.eventual,
      })
      const found = policies(call).filter((body) => test((property) => body[property as keyof typeof body]))
      const options = { context: 'identity/conditionalAccess/policies', standard: 100, largest: 999 }
      return page(call, found, options, (body) => selected(body, call.query.$select))
    },
  },
  {
    method: 'GET',
    path: `${PATH}/:id`,
    bucket: 'conditionalAccess',
    permissions: READ,
    answer: (call) => ({ status: 200, body: entity(call, onePolicy(call)) }),
  },
  {
    method: 'POST',
    path: PATH,
    bucket: 'conditionalAccess',
    permissions: WRITE,
    answer(call) {
      const body = validPatch(call.body)
      checkWhole(body, call.world.directory)
      refuseBesideSecurityDefaults(call, body)
      const { id: _sent, ...policy } = body
      const id = call.world.change({ kind: 'createPolicy', body: policy }, call.hand, call.now) as string
      return { status: 201, body: entity(call, policies(call).find((one) => one.id === id) ?? {}) }
    },
  },
  {
    method: 'PATCH',
    path: `${PATH}/:id`,
    bucket: 'conditionalAccess',
    permissions: WRITE,
    answer(call) {
      const before = onePolicy(call)
      const { id: _sent, ...body } = validPatch(call.body)
      checkWhole(patchedPolicy(before, body), call.world.directory)
      refuseBesideSecurityDefaults(call, body)
      call.world.change({ kind: 'patchPolicy', policy: before.id as string, body }, call.hand, call.now)
      return { status: 204 }
    },
  },
  {
    method: 'DELETE',
    path: `${PATH}/:id`,
    bucket: 'conditionalAccess',
    permissions: [['Policy.Read.All'], ['Policy.ReadWrite.ConditionalAccess']],
    answer(call) {
      const policy = onePolicy(call).id as string
      call.world.change({ kind: 'deletePolicy', policy }, call.hand, call.now)
      return { status: 204 }
    },
  },
]

function policies(call: GraphCall): ConditionalAccessPolicy[] {
  return [...call.world.directory.policies.values()].flatMap((policy) => latest(policy.body) ?? [])
}

function onePolicy(call: GraphCall): ConditionalAccessPolicy {
  const id = call.params.id as string
  const policy = call.world.directory.policies.get(id.toLowerCase())
  const body = policy && latest(policy.body)
  if (!body) throw notFound(id)
  return body
}

function entity(call: GraphCall, body: ConditionalAccessPolicy): object {
  return { '@odata.context': `${call.base}/$metadata#identity/conditionalAccess/policies/$entity`, ...body }
}

function refuseBesideSecurityDefaults(call: GraphCall, body: ConditionalAccessPolicy): void {
  if (!latest(call.world.directory.securityDefaults) || body.state !== 'enabled') return
  const message =
    'Security Defaults is enabled in the tenant. You must disable Security defaults before enabling a Conditional Access policy.'
  throw badRequest(message, 'BadRequest')
}
