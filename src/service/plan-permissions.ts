import { z } from 'zod'
import type { World } from '../engine/world.ts'
import { Fault } from '../errors.ts'
import { GraphFailure } from '../graph/errors.ts'
import { grantedBy, permissionsFor } from '../graph/permissions.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { type GivenPlan, readGiven } from './check-plan.ts'
import { FEATURES } from './plan-features.ts'

const Granted = z.boolean().nullable().describe('null: no tenant is connected')

export const PlanPermissions = z.object({
  features: z
    .array(
      z.object({
        feature: z.string(),
        says: z.string(),
        isBesides: z.boolean().describe('true: no rollout needs it; grant it for what it says'),
        permissions: z.array(
          z.object({
            permission: z.string(),
            granted: Granted,
            by: z.string().nullable().describe('the granted permission that gives it'),
          }),
        ),
      }),
    )
    .describe('what the plan does, and what each needs'),
  permissions: z
    .array(z.object({ permission: z.string(), granted: Granted, features: z.array(z.string()) }))
    .describe('the least application permissions for all of it; what another one gives is left out'),
  notNeeded: z
    .array(z.string())
    .describe('granted, and this plan does not use it: take it away, or keep it for another plan'),
  application: z.string().nullable().describe('the application’s id, as the token says'),
  notConnected: z.string().nullable().describe('why what is granted is not known'),
})
export type PlanPermissions = z.infer<typeof PlanPermissions>

/** The least that a plan needs, per feature; with what the tenant grants, where one is connected. */
export async function planPermissions(world: World, given: GivenPlan): Promise<PlanPermissions> {
  return permissionsOf(readGiven(world, given).compiled, await readGrants(world))
}

export type Grants = { application: string | null; permissions: ReadonlySet<string> } | { why: string }

export async function readGrants(world: World): Promise<Grants> {
  try {
    const { applicationId, permissions } = await world.identity()
    return { application: applicationId, permissions }
  } catch (error) {
    // Without a credential the plan's needs are answered all the same.
    if (error instanceof GraphFailure || error instanceof Fault) return { why: error.message }
    throw error
  }
}

/** Reading is given with writing of the same kind; what a right on the whole directory gives besides is still named. */
function isGivenWithin(permission: string, all: readonly string[]): boolean {
  const familyOf = (name: string) => name.split('.')[0]
  const others = all.filter((one) => one !== permission && familyOf(one) === familyOf(permission))
  return grantedBy(permission, new Set(others)) !== undefined
}

export function permissionsOf(plan: CompiledPlan, grants: Grants): PlanPermissions {
  const granted = 'why' in grants ? null : grants.permissions
  const by = (permission: string) => (granted ? (grantedBy(permission, granted) ?? null) : null)
  const has = (permission: string) => (granted ? by(permission) !== null : null)
  const features = FEATURES.filter((one) => one.isIn(plan)).map(
    ({ feature, says, calls, isBesides = false }) => {
      const needed = [...new Set(calls.flatMap(permissionsFor))]
      const permissions = needed.map((one) => ({ permission: one, granted: has(one), by: by(one) }))
      return { feature, says, isBesides, permissions }
    },
  )
  const forPlan = features.filter((one) => !one.isBesides)
  const all = [...new Set(forPlan.flatMap((one) => one.permissions.map(({ permission }) => permission)))]
  const least = all.filter((one) => !isGivenWithin(one, all))
  const usedBy = (permission: string) =>
    forPlan.filter((one) => one.permissions.some((other) => other.permission === permission))
  const used = new Set(features.flatMap((one) => one.permissions.map((other) => other.by)))
  return {
    features,
    permissions: least.toSorted().map((permission) => ({
      permission,
      granted: has(permission),
      features: usedBy(permission).map((one) => one.feature),
    })),
    notNeeded: granted ? [...granted].filter((one) => !used.has(one) && !least.includes(one)).toSorted() : [],
    application: 'why' in grants ? null : grants.application,
    notConnected: 'why' in grants ? grants.why : null,
  }
}
