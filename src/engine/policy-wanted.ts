import type { Ask } from '../graph/directory/ask.ts'
import type { Finding } from '../methods/policy-finding.ts'
import type { PolicyDemand, PolicyWanted } from '../methods/policy-template.ts'
import { chooseStrength } from '../methods/strengths.ts'
import type { StrengthAsked } from '../people/readiness.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { readLocations } from './locations.ts'
import type { Protection } from './protection.ts'
import type { World } from './world.ts'

export interface ReadDemand {
  demand: PolicyDemand
  findings: Finding[]
}

/** What the plan's policies ask of whom, in the ids of this tenant. Reads only. */
export async function readDemand(world: World, plan: CompiledPlan, ask: Ask): Promise<ReadDemand> {
  const strength = await readStrength(world, plan, ask)
  const locations = await readLocations(world, plan, ask)
  const exceptLocations = locations.found.flatMap(({ location }) => location?.id ?? [])
  return {
    demand: { strengthId: strength.id, onlyRisky: plan.enforce.when === 'risk', exceptLocations },
    findings: [...strength.findings, ...locations.findings],
  }
}

/** The strength beyond any second factor that the plan names; `asked` is undefined where it names none. */
export async function readStrength(
  world: World,
  plan: CompiledPlan,
  ask: Ask,
): Promise<{ id: string | null; asked?: StrengthAsked; findings: Finding[] }> {
  const name = plan.enforce.strength
  if (name === 'mfa') return { id: null, findings: [] }
  const { strength, findings } = chooseStrength(await world.directory.listStrengths(ask), name)
  if (!strength) return { id: null, findings }
  return { id: strength.id, asked: { name, combinations: strength.allowedCombinations }, findings }
}

/** A policy as it has to be; `groupId` null: on everybody, as the twin. */
export function wantedPolicy(
  world: World,
  name: string,
  groupId: string | null,
  demand: PolicyDemand,
  protection: Pick<Protection, 'emergencyIds' | 'groupIds'>,
): PolicyWanted {
  return {
    name,
    groupId,
    demand,
    excludedPeople: protection.emergencyIds,
    excludedGroups: protection.groupIds,
    mark: world.installation,
  }
}
