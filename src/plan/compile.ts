import { compileLimits, compileMembers } from './compile-members.ts'
import { compilePrepare } from './compile-prepare.ts'
import type {
  CompiledBudget,
  CompiledGates,
  CompiledHolds,
  CompiledPlan,
  CompiledReadiness,
  CompiledWave,
} from './compiled-plan.ts'
import type { FileDigests } from './files.ts'
import type { Plan, PlanWave } from './schema.ts'
import { administratorsDoor } from './schema-enforce.ts'
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
    protect: compileProtect(plan.protect),
    prepare: compilePrepare(plan, files),
    rollback: { windowMs: durationMs(plan.rollback.window) },
    graduate: plan.graduate ?? null,
    holds: compileHolds(plan.holds),
    newJoiners: plan.tenant.newJoiners,
    telephonyProvider: plan.tenant.telephonyProvider,
    away: { afterMs: durationMs(plan.away.after) },
    catchUp: compileCatchUp(plan),
    waves: plan.waves.map((wave, index) => compileWave(plan, wave, index, files)),
  }
}

function compileProtect({ emergencyAccounts, emergencySignIn, groups }: Plan['protect']) {
  return { emergencyAccounts, emergencySignInMs: durationMs(emergencySignIn), groups }
}

function compileHolds({ remindAt, expireAfter, onExpire }: Plan['holds']): CompiledHolds {
  const remindAtBp = [...new Set(remindAt.map(basisPoints))].sort((a, b) => a - b)
  return { remindAtBp, expireAfterMs: durationMs(expireAfter), onExpire }
}

function compileCatchUp(plan: Plan): CompiledPlan['catchUp'] {
  if (plan.catchUp === undefined) return null
  const { name, every } = plan.catchUp
  const pace = { people: plan.pace.people, perMs: durationMs(plan.pace.per) }
  return { name, everyMs: durationMs(every), pace, gates: compileGates(plan, {}, false) }
}

/** What stands for group and policy where there is neither. */
const PER_USER_TARGET = 'per-user MFA'

function compileEnforce(enforce: Plan['enforce']): CompiledPlan['enforce'] {
  const { by, group = PER_USER_TARGET, policy = PER_USER_TARGET } = enforce
  const { strength = 'mfa', when = 'always', administrators, trustedLocations = [] } = enforce
  return {
    by,
    group,
    policy,
    strength,
    when,
    exceptions: enforce.exceptions ?? null,
    retirePerUserMfa: enforce.retirePerUserMfa ?? false,
    revokeSessions: enforce.revokeSessions ?? false,
    trustedLocations: trustedLocations.map((location) =>
      typeof location === 'string' ? { name: location, ranges: null } : location,
    ),
    administrators: administratorsDoor({ group, policy, administrators }),
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

function compileGates(plan: Plan, wave: Pick<PlanWave, 'gates'>, testUsers: boolean): CompiledGates {
  const own = wave.gates ?? {}
  const readiness = own.readiness ?? plan.gates.readiness
  const lockedOut = own.budget?.lockedOut ?? plan.gates.budget.lockedOut
  const failedChanges = own.budget?.failedChanges ?? plan.gates.budget.failedChanges
  return {
    readiness: testUsers ? testUserReadiness(readiness) : compileReadiness(readiness),
    wouldBlock: compileWouldBlock(own.wouldBlock ?? (testUsers ? undefined : plan.gates.wouldBlock)),
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

/** Test users agreed to go first and are too few for a share: only their own wave asks it of them. */
function compileWouldBlock(gate: PlanGates['wouldBlock']): CompiledGates['wouldBlock'] {
  return gate ? { maxBp: basisPoints(gate.max) } : null
}

function compileApproval(gate: PlanGates['approval']): CompiledGates['approval'] {
  switch (gate.from) {
    case 'approver':
      return {
        from: 'approver',
        quorum: gate.quorum ?? 1,
        answerWithinMs: durationMs(gate.answerWithin ?? '3d'),
      }
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
