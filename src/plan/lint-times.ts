import type { DeclaredTimes } from '../gates/declared-times.ts'
import { waveTooSmall } from './power.ts'
import { errorAt, type Finding, type PathStep, warningAt } from './problem.ts'
import type { Plan } from './schema.ts'
import { basisPoints, durationMs, sayDuration, WHOLE_BP } from './units.ts'

/** Durations that cannot be, and those that will not do what their reader expects. */
export function lintTimes(plan: Plan, declared: DeclaredTimes): Finding[] {
  const findings = [
    ...positive(plan.pace.per, ['pace', 'per']),
    ...positive(plan.away.after, ['away', 'after']),
    ...positive(plan.rollback.window, ['rollback', 'window']),
    ...lintHolds(plan),
    ...lintSoak(plan.gates.soak.for, ['gates', 'soak', 'for'], declared),
    ...lintWindow(plan, declared),
  ]
  for (const [index, wave] of plan.waves.entries()) {
    findings.push(...positive(wave.pace?.per, ['waves', index, 'pace', 'per']))
    findings.push(...lintSoak(wave.gates?.soak?.for, ['waves', index, 'gates', 'soak', 'for'], declared))
    findings.push(...lintSize(plan, index))
  }
  return findings
}

/** A reminder at nothing or at the end would say no more than the hold or its end. */
function lintHolds({ holds }: Plan): Finding[] {
  const outside = holds.remindAt.flatMap((share, index) => {
    const bp = basisPoints(share)
    if (bp > 0 && bp < WHOLE_BP) return []
    const message = `A reminder at ${share} of the time comes with the hold itself or with its end.`
    const hint = 'Write shares above 0% and below 100%, such as [50%, 90%].'
    return [errorAt(['holds', 'remindAt', index], 'keyWithoutEffect', message, hint)]
  })
  return [...positive(holds.expireAfter, ['holds', 'expireAfter']), ...outside]
}

function positive(text: string | undefined, path: PathStep[]): Finding[] {
  if (text === undefined || durationMs(text) > 0) return []
  return [
    errorAt(path, 'durationZero', `${text} is no time at all.`, 'Write a duration above zero, such as 1h.'),
  ]
}

function lintSoak(text: string | undefined, path: PathStep[], declared: DeclaredTimes): Finding[] {
  if (text === undefined || durationMs(text) === 0) return []
  const wait = Math.max(declared.propagationMs, declared.settlingMs)
  if (durationMs(text) >= wait) return []
  const message = `A soak of ${text} ends before Microsoft promises that the policy bites everywhere (${sayDuration(declared.propagationMs)}) and that the sign-in log is complete (${sayDuration(declared.settlingMs)}).`
  const hint = `The wave is judged no earlier than ${sayDuration(wait)} after its last person is in place; plan with that.`
  return [warningAt(path, 'soakShorterThanPropagation', message, hint)]
}

function lintWindow(plan: Plan, declared: DeclaredTimes): Finding[] {
  const windowMs = durationMs(plan.rollback.window)
  if (windowMs === 0 || windowMs >= declared.propagationMs) return []
  const message = `The rollback window of ${plan.rollback.window} closes before the policy bites everywhere (${sayDuration(declared.propagationMs)}).`
  return [
    warningAt(
      ['rollback', 'window'],
      'rollbackWindowShort',
      message,
      'Keep the window open for days, such as 30d.',
    ),
  ]
}

function lintSize(plan: Plan, index: number): Finding[] {
  const wave = plan.waves[index]
  if (
    index === 0 ||
    wave === undefined ||
    typeof wave.members === 'string' ||
    wave.members.users === undefined
  )
    return []
  const budget = wave.gates?.budget?.lockedOut ?? plan.gates.budget.lockedOut
  const path = ['waves', index, 'members', 'users']
  return waveTooSmall(wave.name, wave.members.users.length, basisPoints(budget.max), path)
}
