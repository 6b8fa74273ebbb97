import { policyNames } from '../engine/doors.ts'
import { readLocations } from '../engine/locations.ts'
import { sayNeverPrompted } from '../engine/never-prompted.ts'
import { readDemand } from '../engine/policy-wanted.ts'
import { riskLicence } from '../engine/risk-licence.ts'
import type { SecurityDefaults } from '../engine/security-defaults.ts'
import type { World } from '../engine/world.ts'
import type { Ask } from '../graph/directory/ask.ts'
import type { Policy } from '../graph/directory/policies.ts'
import { policyRoom } from '../methods/policy-room.ts'
import type { Finding as TenantFinding } from '../methods/policy-switch.ts'
import { rangesOf } from '../methods/trusted-locations.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { ipRange, isPrivate, isWide } from '../plan/ip-range.ts'
import { errorAt, type Finding, type ProblemCode, warningAt } from '../plan/problem.ts'

/** What a plan says of groups and policies, held against the tenant, each at its place in the plan. */
export async function policyProblems(
  world: World,
  plan: CompiledPlan,
  defaults: SecurityDefaults,
  people: number,
  ask: Ask,
): Promise<Finding[]> {
  if (plan.enforce.by === 'per-user-mfa') return defaultsProblems(defaults)
  const risk = await riskLicence(world, plan, people, ask)
  const policies = await world.directory.listPolicies(ask)
  const room = policyRoom(policies, policyNames(plan), world.mostPolicies)
  const demand = await readDemand(world, plan, ask)
  return [
    ...demand.findings.map(({ code, message, hint }) => {
      const [key, problem] = PLACES[code] ?? (['policy', 'policyRefused'] as const)
      return errorAt(['enforce', key], problem, message, hint)
    }),
    ...room.tooFull.map(({ message, hint }) => errorAt(['enforce', 'policy'], 'policyLimit', message, hint)),
    ...room.nearlyFull.map(({ message, hint }) =>
      warningAt(['enforce', 'policy'], 'policyLimit', message, hint),
    ),
    ...(await locationProblems(world, plan, policies, ask)),
    ...risk.missing.map(({ message, hint }) => errorAt(['enforce', 'when'], 'riskUnlicensed', message, hint)),
    ...risk.fewSeats.map(({ message, hint }) =>
      warningAt(['enforce', 'when'], 'riskUnlicensed', message, hint),
    ),
    ...defaultsProblems(defaults),
  ]
}

const PLACES: Partial<Record<TenantFinding['code'], readonly [key: string, problem: ProblemCode]>> = {
  strengthMissing: ['strength', 'unknownStrength'],
  strengthAmbiguous: ['strength', 'unknownStrength'],
  locationMissing: ['trustedLocations', 'unknownLocation'],
  locationAmbiguous: ['trustedLocations', 'unknownLocation'],
  locationRefused: ['trustedLocations', 'locationRefused'],
  locationDiffers: ['trustedLocations', 'locationRefused'],
}

/** What a change manager has to know of the places that are trusted, before anybody is touched. */
async function locationProblems(
  world: World,
  plan: CompiledPlan,
  policies: readonly Policy[],
  ask: Ask,
): Promise<Finding[]> {
  const { found } = await readLocations(world, plan, ask)
  if (found.length === 0) return []
  const path = ['enforce', 'trustedLocations']
  const hint = 'Leave a place out of the plan where people should be asked for MFA all the same.'
  const wide = found.flatMap(({ location }) => (location ? rangesOf(location) : [])).filter(isWideText)
  const isNew = found.some(({ location, findings }) => !location && findings.length === 0)
  const loosened = policies.filter((one) =>
    one.conditions.locations?.excludeLocations?.includes('AllTrusted'),
  )
  const names = loosened.map((one) => one.displayName).join(', ')
  return [
    warningAt(path, 'locationUnprompted', await sayNeverPrompted(world, found, ask), hint),
    ...wide.map((range) => warningAt(path, 'locationWide', `${range} is a very wide range.`, hint)),
    ...(isNew && loosened.length > 0
      ? [
          warningAt(
            path,
            'locationUnprompted',
            `A new trusted place is left out by every policy that leaves out all trusted places: ${names}.`,
            'Make the location by hand, untrusted, if these policies are to hold there.',
          ),
        ]
      : []),
  ]
}

function isWideText(text: string): boolean {
  const range = ipRange(text)
  return range !== undefined && (isWide(range) || isPrivate(range))
}

function defaultsProblems({ isOn, says }: SecurityDefaults): Finding[] {
  if (!isOn) return []
  const hint = 'No rollout starts beside them; once they are off, an approver accepts securityDefaultsOff.'
  return [
    warningAt(
      ['enforce', 'by'],
      'securityDefaultsOn',
      `Security defaults are on in this tenant. ${says}`,
      hint,
    ),
  ]
}
