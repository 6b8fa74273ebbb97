import { z } from 'zod'
import type { Graph } from '../client.ts'
import { all } from '../paging.ts'
import { type Ask, type Receipt, receiptOf, segment } from './ask.ts'

const ids = z.array(z.string()).nullish()

const users = z.looseObject({
  includeUsers: ids,
  excludeUsers: ids,
  includeGroups: ids,
  excludeGroups: ids,
  includeRoles: ids,
  excludeRoles: ids,
})

/** Loose throughout: what we do not know of another's policy is kept and written back as it was. */
const policy = z.looseObject({
  id: z.string().min(1),
  displayName: z.string(),
  description: z.string().nullish(),
  /** One of PolicyState; Microsoft may add to them. */
  state: z.string().min(1),
  conditions: z.looseObject({
    clientAppTypes: ids,
    users: users.nullish(),
    applications: z.looseObject({ includeApplications: ids, excludeApplications: ids }).nullish(),
    locations: z.looseObject({ includeLocations: ids, excludeLocations: ids }).nullish(),
  }),
  grantControls: z
    .looseObject({
      operator: z.string().nullish(),
      builtInControls: ids,
      authenticationStrength: z.looseObject({ id: z.string() }).nullish(),
    })
    .nullish(),
})
export type Policy = z.output<typeof policy>

export type PolicyState = 'enabled' | 'disabled' | 'enabledForReportingButNotEnforced'

/** A policy to be made: everything but what Graph gives it. */
export interface PolicyBody {
  displayName: string
  description?: string
  state: PolicyState
  conditions: Policy['conditions']
  grantControls: Policy['grantControls']
  [more: string]: unknown
}

const root = '/identity/conditionalAccess/policies'

export function policyCalls(graph: Graph) {
  async function patchPolicy(id: string, body: Record<string, unknown>, ask: Ask): Promise<Receipt> {
    return receiptOf(await graph.call({ ...ask, method: 'PATCH', path: `${root}/${segment(id)}`, body }))
  }

  return {
    listPolicies: (ask: Ask): Promise<Policy[]> => all(graph, { ...ask, path: root, item: policy }),

    /** Fails with `notFound`. */
    async readPolicy(id: string, ask: Ask): Promise<Policy> {
      const path = `${root}/${segment(id)}`
      return (await graph.call({ ...ask, method: 'GET', path, expect: policy })).body
    },

    /** Fails with `unknownEffect` also when the answer cannot be read: the policy may exist. */
    async createPolicy(body: PolicyBody, ask: Ask): Promise<Receipt & { policy: Policy }> {
      const answer = await graph.call({ ...ask, method: 'POST', path: root, body, expect: policy })
      return { ...receiptOf(answer), policy: answer.body }
    },

    /** Fails with `badRequest` when security defaults are on and `state` is `enabled`. */
    setPolicyState: (id: string, state: PolicyState, ask: Ask): Promise<Receipt> =>
      patchPolicy(id, { state }, ask),

    /**
     * Properties not given stay as they are. Give `conditions` and the like whole: what becomes of the parts left out of
     * a nested object is not documented.
     */
    patchPolicy,

    async deletePolicy(id: string, ask: Ask): Promise<Receipt> {
      return receiptOf(await graph.call({ ...ask, method: 'DELETE', path: `${root}/${segment(id)}` }))
    },
  }
}
