import { compileLimits, compileMembers } from './compile-members.ts'
import type {
  CompiledBudget,
  CompiledGates,
  CompiledPlan,
  CompiledReadiness,
  CompiledWave,
} from './compiled-plan.ts'
import type { FileDigests } from './files.ts'
import type { Plan, PlanWave } from './schema.ts'
import type { PlanGates } from './schema-gates.ts'
import { basisPoints, durationMs, WHOLE_BP } from './units.ts'

/** Resolves every default and override, so that the engine asks no further question. The plan has passed `loadPlan`. */
export function compilePlan(plan: Plan, files: FileDigests = {}): CompiledPlan {
  return {
    version: plan.version,
    name: plan.name,
    change: plan.change ?? null,
    timezone: plan.timezone,
    salt: plan.name,
    enforce: compileEnforce(plan.enforce),
    protect: plan.protect,
    rollback: { windowMs: durationMs(plan.rollback.window) },
    graduate: plan.graduate ?? null,
    waves: plan.waves.map((wave, index) => compileWave(plan, wave, index, files)),
  }
}

/** What stands for group and policy where there is neither. */
const PER_USER_TARGET = 'per-user MFA'

function compileEnforce({ by, group, policy, exceptions }: Plan['enforce']): CompiledPlan['enforce'] {
  return {
    by,
    group: group ?? PER_USER_TARGET,
    policy: policy ?? PER_USER_TARGET,
    exceptions: exceptions ?? null,
  }
}

function compileWave(plan: Plan, wave: PlanWave, index: number, files: FileDigests): CompiledWave {
  const pace = wave.pace ?? plan.pace
  return {
    name: wave.name,
    index,
    testUsers: index === 0,
    members: compileMembers(wave.members, files),
    limits: compileLimits(wave.members),
    pace: { people: pace.people, perMs: durationMs(pace.per) },
    gates: compileGates(plan, wave, index === 0),
  }
}

function compileGates(plan: Plan, wave: PlanWave, testUsers: boolean): CompiledGates {
  const own = wave.gates ?? {}
  const readiness = own.readiness ?? plan.gates.readiness
  const lockedOut = own.budget?.lockedOut ?? plan.gates.budget.lockedOut
  const failedChanges = own.budget?.failedChanges ?? plan.gates.budget.failedChanges
  return {
    readiness: testUsers ? testUserReadiness(readiness) : compileReadiness(readiness),
    approval: compileApproval(own.approval ?? plan.gates.approval),
    soak: { forMs: durationMs((own.soak ?? plan.gates.soak).for) },
    budget: {
      lockedOut: testUsers ? nothingAllowed(lockedOut) : compileBudget(lockedOut),
      failedChanges: testUsers ? nothingAllowed(failedChanges) : compileBudget(failedChanges),
    },
  }
}

function compileReadiness(gate: PlanGates['readiness']): CompiledReadiness {
  switch (gate.unready) {
    case 'hold':
      return { unready: 'hold', minBp: basisPoints(gate.min ?? '100%') }
    case 'defer':
      return { unready: 'defer', deferAtMostBp: basisPoints(gate.deferAtMost ?? '0%') }
    default:
      return gate.unready satisfies never
  }
}

function testUserReadiness(gate: PlanGates['readiness']): CompiledReadiness {
  return { unready: 'hold', minBp: gate.min === undefined ? WHOLE_BP : basisPoints(gate.min) }
}

function compileApproval(gate: PlanGates['approval']): CompiledGates['approval'] {
  switch (gate.from) {
    case 'approver':
      return { from: 'approver' }
    case 'none':
      return { from: 'none', reason: gate.reason ?? '' }
    default:
      return gate.from satisfies never
  }
}

function compileBudget(budget: PlanGates['budget']['lockedOut']): CompiledBudget {
  return { maxBp: basisPoints(budget.max), onSpent: budget.onSpent }
}

function nothingAllowed(budget: PlanGates['budget']['lockedOut']): CompiledBudget {
  return { maxBp: 0, onSpent: budget.onSpent }
}
