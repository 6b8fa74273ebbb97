import { doorsOf, policyNames } from '../engine/doors.ts'
import { readDemand } from '../engine/policy-wanted.ts'
import type { SecurityDefaults } from '../engine/security-defaults.ts'
import type { World } from '../engine/world.ts'
import type { Ask } from '../graph/directory/ask.ts'
import { policyRoom } from '../methods/policy-room.ts'
import { inspectGroup, type Finding as TenantFinding } from '../methods/policy-switch.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { errorAt, type Finding, type PathStep, type ProblemCode, warningAt } from '../plan/problem.ts'

/** What a plan says of groups and policies, held against the tenant, each at its place in the plan. */
export async function policyProblems(
  world: World,
  plan: CompiledPlan,
  defaults: SecurityDefaults,
  ask: Ask,
): Promise<Finding[]> {
  const room = policyRoom(await world.directory.listPolicies(ask), policyNames(plan), world.mostPolicies)
  const demand = await readDemand(world, plan, ask)
  return [
    ...(await groupProblems(world, plan, ask)),
    ...demand.findings.map(({ code, message, hint }) => {
      const [key, problem] = PLACES[code] ?? (['policy', 'policyRefused'] as const)
      return errorAt(['enforce', key], problem, message, hint)
    }),
    ...room.tooFull.map(({ message, hint }) => errorAt(['enforce', 'policy'], 'policyLimit', message, hint)),
    ...room.nearlyFull.map(({ message, hint }) =>
      warningAt(['enforce', 'policy'], 'policyLimit', message, hint),
    ),
    ...defaultsProblems(defaults),
  ]
}

const PLACES: Partial<Record<TenantFinding['code'], readonly [key: string, problem: ProblemCode]>> = {
  strengthMissing: ['strength', 'unknownStrength'],
  strengthAmbiguous: ['strength', 'unknownStrength'],
}

async function groupProblems(world: World, plan: CompiledPlan, ask: Ask): Promise<Finding[]> {
  const found: Finding[] = []
  for (const door of doorsOf(plan)) {
    const { findings } = await inspectGroup(world.directory, door.group, world.installation, ask)
    const path: PathStep[] = door.for === 'people' ? ['enforce', 'group'] : ['enforce', 'administrators']
    for (const { code, message, hint } of findings) {
      if (code === 'groupMissing') found.push(errorAt(path, 'unknownGroup', message, hint))
      if (code === 'groupAmbiguous') found.push(errorAt(path, 'ambiguousGroup', message, hint))
    }
  }
  return found
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
