import { latest } from '../lagged.ts'
import { hasUsableMethod } from '../people/person.ts'
import { between, type Dice } from '../random.ts'
import { appliedPolicies, type Evaluation, type Outcome } from './conditional-access.ts'
import { openSession, type Routine, type Stage, stepDice } from './routine.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** What a step of somebody's routine can do to the world. */
export interface AttemptContext {
  seed: number
  /** Signs in by a protocol that knows no second factor. */
  isLegacy(routine: Routine): boolean
  evaluate(routine: Routine): Evaluation
  log(routine: Routine, row: LoggedOutcome): void
  /** The person goes through the registration wizard. */
  register(routine: Routine): void
}

export interface LoggedOutcome {
  code: number
  details: string
  applied: ReturnType<typeof appliedPolicies>
  conditionalAccess: 'success' | 'failure' | 'notApplied'
}

/** What comes next, and how much later; null when the try is over. */
export type Next = { stage: Stage; ms: number } | null

interface Attempt {
  context: AttemptContext
  routine: Routine
  roll: Dice
  needsMfa: boolean
  say(code: number, details: string, outcome: Outcome): void
}

/** Takes one step of a person's day. */
export function takeStep(context: AttemptContext, routine: Routine): Next {
  const { person, stage } = routine
  const roll = stepDice(context.seed, routine)
  // Who is stopped at the password has not reached any policy.
  const unreached = (code: number) =>
    context.log(routine, { code, details: '', applied: [], conditionalAccess: 'notApplied' })
  if (!person.accountEnabled) {
    if (stage === 'arriving') unreached(50057)
    return null
  }
  const asked = context.evaluate(routine)
  const say = (code: number, details: string, outcome: Outcome) => {
    const enforced = asked.verdicts.some((one) => one.applies && one.policy.state === 'enabled')
    const passed = outcome === 'satisfied' || outcome === 'unasked'
    const conditionalAccess = !enforced ? 'notApplied' : passed ? 'success' : 'failure'
    context.log(routine, { code, details, applied: appliedPolicies(asked, outcome), conditionalAccess })
  }
  if (asked.block || (asked.mfa && context.isLegacy(routine))) {
    if (stage === 'arriving' || roll() < 0.3) say(53003, '', 'failed')
    return null
  }
  const needsMfa = asked.mfa || person.perUserMfa !== 'disabled'
  const attempt: Attempt = { context, routine, roll, needsMfa, say }
  if (stage !== 'arriving' && stage !== 'touching') return goOn(attempt)
  routine.try++
  if (routine.life < routine.sessionUntil && (!needsMfa || routine.sessionHasMfa)) {
    if (roll() < (stage === 'arriving' ? 0.3 : 0.06)) bySession(attempt)
    return null
  }
  if (roll() < 0.04) {
    unreached(50126)
    return { stage: 'retyping', ms: between(roll, 10, 50) * SECOND }
  }
  return passwordGiven(attempt)
}

function goOn(attempt: Attempt): Next {
  const { routine, context, needsMfa } = attempt
  // Meanwhile the policy may have let go of them.
  if (!needsMfa || routine.stage === 'retyping') return passwordGiven(attempt)
  if (routine.stage === 'registering') {
    if (!hasUsableMethod(routine.person)) context.register(routine)
    return succeed(attempt)
  }
  return routine.stage === 'deniedAgain' ? deny(attempt) : answer(attempt)
}

function bySession({ routine, needsMfa, say }: Attempt): void {
  const details = needsMfa ? 'MFA requirement satisfied by claim in the token' : ''
  say(0, details, routine.sessionHasMfa ? 'satisfied' : 'unasked')
}

function passwordGiven(attempt: Attempt): Next {
  const { routine, roll, say } = attempt
  if (!attempt.needsMfa) {
    openSession(routine, false)
    say(0, '', 'unasked')
    return null
  }
  if (latest(routine.person.methods).length === 0) return enrol(attempt)
  if (!hasUsableMethod(routine.person)) {
    say(50074, '', 'interrupted')
    return { stage: 'deniedAgain', ms: between(roll, 15, 40) * SECOND }
  }
  if (roll() < 0.5) return succeed(attempt)
  say(50074, '', 'interrupted')
  return { stage: 'answering', ms: between(roll, 8, 45) * SECOND }
}

function enrol({ routine, roll, say }: Attempt): Next {
  say(roll() < 0.7 ? 50079 : 50072, '', 'interrupted')
  const { hesitant } = routine.person.habit
  const comesBack = routine.stage === 'arriving' && routine.hesitations > 1 && roll() < 0.25
  if (!hesitant || comesBack) return { stage: 'registering', ms: between(roll, 2, 9) * MINUTE }
  routine.hesitations++
  routine.failures++
  return routine.failures < 2 ? { stage: 'retyping', ms: between(roll, 5, 15) * MINUTE } : null
}

function answer(attempt: Attempt): Next {
  const { routine, roll, say } = attempt
  if (routine.failures > 0 || roll() >= 0.01) return succeed(attempt)
  routine.failures++
  say(500121, 'MFA denied; user did not respond to mobile app notification', 'failed')
  return { stage: 'answering', ms: between(roll, 1, 3) * MINUTE }
}

function deny(attempt: Attempt): Next {
  const { routine, roll, say } = attempt
  if (hasUsableMethod(routine.person)) return succeed(attempt)
  say(500121, 'MFA denied; phone number has an invalid format', 'failed')
  routine.failures++
  return routine.failures < 3 ? { stage: 'deniedAgain', ms: between(roll, 1, 6) * MINUTE } : null
}

function succeed({ routine, say }: Attempt): Next {
  openSession(routine, true)
  say(0, 'MFA completed in Azure AD', 'satisfied')
  return null
}
