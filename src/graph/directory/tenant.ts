import { z } from 'zod'
import type { Graph } from '../client.ts'
import { all } from '../paging.ts'
import type { Ask } from './ask.ts'

const defaults = z.object({ isEnabled: z.boolean() })

const sku = z.object({
  capabilityStatus: z.string().nullish(),
  prepaidUnits: z.object({ enabled: z.number().nullish() }).nullish(),
  servicePlans: z.array(z.object({ servicePlanId: z.string() })),
})

// AAD_PREMIUM and AAD_PREMIUM_P2, the same in every tenant.
const premium1 = '41781fb2-bc02-4b7c-bd55-b576c07bb09d'
const premium2 = 'eec0eb4f-6444-4f95-aba0-50c24d67f998'

export interface Licences {
  /** Entra ID P1 or P2: Conditional Access, sign-in log, registration report. */
  p1: boolean
  p2: boolean
  /** Seats bought that carry P1 or P2. */
  seats: number
  /** Of these, seats that carry P2. */
  p2Seats: number
}

function seatsOf(skus: readonly z.output<typeof sku>[]): number {
  return skus.reduce((sum, one) => sum + (one.prepaidUnits?.enabled ?? 0), 0)
}

export function tenantReads(graph: Graph) {
  return {
    /** Whether security defaults are on; while they are, no Conditional Access policy can be enabled. */
    async readSecurityDefaults(ask: Ask): Promise<{ isEnabled: boolean }> {
      const path = '/policies/identitySecurityDefaultsEnforcementPolicy'
      return (await graph.call({ ...ask, method: 'GET', path, expect: defaults })).body
    },

    /** From the subscriptions that are in force; one in its grace period (Warning) still works. */
    async readLicences(ask: Ask): Promise<Licences> {
      const skus = await all(graph, { ...ask, path: '/subscribedSkus', item: sku })
      const active = skus.filter((one) => !/^(Suspended|Deleted|LockedOut)$/.test(one.capabilityStatus ?? ''))
      const having = (...plans: string[]) =>
        active.filter((one) => one.servicePlans.some((plan) => plans.includes(plan.servicePlanId)))
      const either = having(premium1, premium2)
      return {
        p1: either.length > 0,
        p2: having(premium2).length > 0,
        seats: seatsOf(either),
        p2Seats: seatsOf(having(premium2)),
      }
    },
  }
}
