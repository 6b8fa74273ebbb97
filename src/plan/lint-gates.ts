import { errorAt, type Finding, type PathStep } from './problem.ts'
import type { Plan } from './schema.ts'
import type { PlanGates, PlanWaveGates } from './schema-gates.ts'
import { basisPoints, durationMs, WHOLE_BP } from './units.ts'

type Readiness = PlanGates['readiness']
type Budget = PlanGates['budget']['lockedOut']

/** Gates that say nothing, and keys of a gate that nothing reads. */
export function lintGates(plan: Plan): Finding[] {
  const findings = lintSet(plan.gates, ['gates'])
  const first = plan.waves[0]
  const minIsRead = first?.gates?.readiness === undefined
  findings.push(...lintDeferMin(plan.gates.readiness, ['gates', 'readiness'], minIsRead))
  for (const [index, wave] of plan.waves.entries()) {
    const path = ['waves', index, 'gates']
    findings.push(...lintSet(wave.gates ?? {}, path))
    if (index === 0) findings.push(...lintTestUserGates(wave.gates ?? {}, path))
    else findings.push(...lintDeferMin(wave.gates?.readiness, [...path, 'readiness'], false))
  }
  return findings
}

function lintSet(gates: PlanWaveGates, path: PathStep[]): Finding[] {
  return [
    ...lintReadiness(gates.readiness, [...path, 'readiness']),
    ...lintWouldBlock(gates.wouldBlock, [...path, 'wouldBlock']),
    ...lintApproval(gates.approval, [...path, 'approval']),
    ...lintSoak(gates.soak, [...path, 'soak']),
    ...lintBudget(gates.budget?.lockedOut, [...path, 'budget', 'lockedOut']),
    ...lintBudget(gates.budget?.failedChanges, [...path, 'budget', 'failedChanges']),
  ]
}

function lintReadiness(gate: Readiness | undefined, path: PathStep[]): Finding[] {
  if (gate === undefined) return []
  const findings = [
    ...lintPercent(gate.min, [...path, 'min']),
    ...lintPercent(gate.deferAtMost, [...path, 'deferAtMost']),
  ]
  switch (gate.unready) {
    case 'hold':
      if (gate.min === undefined || basisPoints(gate.min) === 0)
        findings.push(noCondition(path, 'readiness', 'min: 95%'))
      if (gate.deferAtMost !== undefined) {
        findings.push(noEffect([...path, 'deferAtMost'], 'acts only with unready: defer'))
      }
      return findings
    case 'defer':
      if (gate.deferAtMost === undefined || basisPoints(gate.deferAtMost) === WHOLE_BP) {
        findings.push(noCondition(path, 'readiness', 'deferAtMost: 40%'))
      }
      return findings
    default:
      return gate.unready satisfies never
  }
}

function lintDeferMin(gate: Readiness | undefined, path: PathStep[], read: boolean): Finding[] {
  if (read || gate?.unready !== 'defer' || gate.min === undefined) return []
  return [noEffect([...path, 'min'], 'acts only with unready: hold, and for the test users')]
}

function lintApproval(gate: PlanGates['approval'] | undefined, path: PathStep[]): Finding[] {
  if (gate?.from === 'none' && gate.reason === undefined) {
    const hint = 'Add reason: why nobody has to approve; it stands on the report.'
    return [errorAt(path, 'reasonMissing', 'No approval is asked for, and no reason is given.', hint)]
  }
  if (gate?.from === 'none') {
    return (['quorum', 'answerWithin'] as const)
      .filter((key) => gate[key] !== undefined)
      .map((key) => noEffect([...path, key], 'acts only with from: approver'))
  }
  if (gate?.reason !== undefined) return [noEffect([...path, 'reason'], 'acts only with from: none')]
  if (gate?.answerWithin === undefined || durationMs(gate.answerWithin) > 0) return []
  const message = `${gate.answerWithin} leaves no time to answer.`
  const hint = 'Write a duration above zero, such as 3d.'
  return [errorAt([...path, 'answerWithin'], 'durationZero', message, hint)]
}

function lintWouldBlock(gate: PlanGates['wouldBlock'], path: PathStep[]): Finding[] {
  if (gate === undefined) return []
  if (basisPoints(gate.max) === WHOLE_BP) return [noCondition([...path, 'max'], 'wouldBlock', 'max: 2%')]
  return lintPercent(gate.max, [...path, 'max'])
}

function lintSoak(gate: PlanGates['soak'] | undefined, path: PathStep[]): Finding[] {
  if (gate === undefined || durationMs(gate.for) > 0) return []
  return [noCondition([...path, 'for'], 'soak', 'for: 24h')]
}

function lintBudget(budget: Budget | undefined, path: PathStep[]): Finding[] {
  if (budget === undefined) return []
  if (basisPoints(budget.max) === WHOLE_BP)
    return [noCondition([...path, 'max'], String(path.at(-1)), 'max: 2%')]
  return lintPercent(budget.max, [...path, 'max'])
}

function lintTestUserGates(gates: PlanWaveGates, path: PathStep[]): Finding[] {
  const findings: Finding[] = []
  if (gates.readiness?.unready === 'defer') {
    const hint = 'A test user proves the change; replace one who is not ready, or drop this key.'
    findings.push(
      errorAt([...path, 'readiness', 'unready'], 'testUserDeferred', 'A test user is never deferred.', hint),
    )
  }
  for (const name of ['lockedOut', 'failedChanges'] as const) {
    if (gates.budget?.[name] === undefined) continue
    findings.push(noEffect([...path, 'budget', name], 'does not act here: test users are allowed none'))
  }
  return findings
}

function lintPercent(text: string | undefined, path: PathStep[]): Finding[] {
  if (text === undefined || basisPoints(text) <= WHOLE_BP) return []
  return [errorAt(path, 'percentOver100', `${text} is more than everybody.`, 'Write at most 100%.')]
}

function noCondition(path: PathStep[], gate: string, example: string): Finding {
  const message = `The gate ${gate} has no condition: it could never stop anything.`
  return errorAt(path, 'gateWithoutCondition', message, `Write a limit, such as ${example}.`)
}

function noEffect(path: PathStep[], why: string): Finding {
  return errorAt(path, 'keyWithoutEffect', `The key ${String(path.at(-1))} ${why}.`, 'Leave the key out.')
}
