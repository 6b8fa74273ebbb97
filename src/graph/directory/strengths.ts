import { z } from 'zod'
import type { Graph } from '../client.ts'
import { all } from '../paging.ts'
import { type Ask, nullableText } from './ask.ts'

const strength = z.object({
  id: z.string().min(1),
  displayName: nullableText,
  /** builtIn | custom; Microsoft may add to them. */
  policyType: nullableText,
  /** none | mfa */
  requirementsSatisfied: nullableText,
  /** Each is one way in: tokens of methods, with commas between those that go together. An open set. */
  allowedCombinations: z.array(z.string()),
})
export type Strength = z.output<typeof strength>

export function strengthReads(graph: Graph) {
  return {
    /** Microsoft's own and those the tenant made. */
    listStrengths: (ask: Ask): Promise<Strength[]> =>
      all(graph, { ...ask, path: '/policies/authenticationStrengthPolicies', item: strength }),
  }
}
