import { latest } from '../lagged.ts'
import { hasUsableMethod } from '../people/person.ts'
import { between, type Dice } from '../random.ts'
import { appliedPolicies, type Evaluation, type Outcome } from './conditional-access.ts'
import { goOn, openSession, type Routine, rest, stepDice } from './routine.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** What a step of somebody's routine can do to the world. */
export interface AttemptContext {
  seed: number
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

/** Takes the next step of a person's day and sets what comes after it. */
export function takeStep(context: AttemptContext, routine: Routine): void {
  const roll = stepDice(context.seed, routine)
  const { person, stage } = routine
  if (person.deleted) {
    routine.life = Number.POSITIVE_INFINITY
    return
  }
  const asked = context.evaluate(routine)
  const say = (code: number, details: string, outcome: Outcome) => {
    const applied = appliedPolicies(asked, outcome)
    const anyEnforced = asked.verdicts.some((one) => one.applies && one.policy.state === 'enabled')
    const verdict = !anyEnforced ? 'notApplied' : outcome === 'satisfied' ? 'success' : 'failure'
    context.log(routine, { code, details, applied, conditionalAccess: verdict })
  }
  // Somebody whose password was wrong has not reached any policy.
  const unreached = (code: number) =>
    context.log(routine, { code, details: '', applied: [], conditionalAccess: 'notApplied' })

  if (!person.accountEnabled) {
    if (stage === 'arriving') unreached(50057)
    return rest(context.seed, routine)
  }
  if (asked.block) {
    if (stage === 'arriving' || roll() < 0.3) say(53003, '', 'failed')
    return rest(context.seed, routine)
  }
  const needsMfa = asked.mfa || person.perUserMfa !== 'disabled'
  switch (stage) {
    case 'arriving':
    case 'touching': {
      routine.try++
      if (routine.life < routine.sessionUntil && (!needsMfa || routine.sessionHasMfa)) {
        if (roll() < (stage === 'arriving' ? 0.3 : 0.06)) say(0, claimDetails(needsMfa), 'satisfied')
        return rest(context.seed, routine)
      }
      if (roll() < 0.04) {
        unreached(50126)
        return goOn(routine, 'retyping', between(roll, 10, 50) * SECOND)
      }
      return passwordGiven(context, routine, needsMfa, say, roll)
    }
    case 'retyping':
      return passwordGiven(context, routine, needsMfa, say, roll)
    case 'answering':
      return answer(context, routine, say, roll)
    case 'registering':
      if (!hasUsableMethod(person)) context.register(routine)
      return succeed(context, routine, say)
    case 'deniedAgain':
      return deny(context, routine, say, roll)
  }
}

type Say = (code: number, details: string, outcome: Outcome) => void

function claimDetails(needsMfa: boolean): string {
  return needsMfa ? 'MFA requirement satisfied by claim in the token' : ''
}

function passwordGiven(
  context: AttemptContext,
  routine: Routine,
  needsMfa: boolean,
  say: Say,
  roll: Dice,
): void {
  const { person } = routine
  if (!needsMfa) {
    openSession(routine, false)
    say(0, '', 'satisfied')
    return rest(context.seed, routine)
  }
  if (latest(person.methods).length === 0) return enrol(context, routine, say, roll)
  if (!hasUsableMethod(person)) {
    say(50074, '', 'interrupted')
    return goOn(routine, 'deniedAgain', between(roll, 15, 40) * SECOND)
  }
  if (roll() < 0.5) return succeed(context, routine, say)
  say(50074, '', 'interrupted')
  goOn(routine, 'answering', between(roll, 8, 45) * SECOND)
}

function enrol(context: AttemptContext, routine: Routine, say: Say, roll: Dice): void {
  say(roll() < 0.7 ? 50079 : 50072, '', 'interrupted')
  const willing =
    !routine.person.habit.hesitant || (routine.stage === 'arriving' && routine.try > 3 && roll() < 0.25)
  if (willing) return goOn(routine, 'registering', between(roll, 2, 9) * MINUTE)
  routine.failures++
  if (routine.failures < 2) return goOn(routine, 'retyping', between(roll, 5, 15) * MINUTE)
  rest(context.seed, routine)
}

function answer(context: AttemptContext, routine: Routine, say: Say, roll: Dice): void {
  if (routine.failures === 0 && roll() < 0.01) {
    routine.failures++
    say(500121, 'MFA denied; user did not respond to mobile app notification', 'failed')
    return goOn(routine, 'answering', between(roll, 1, 3) * MINUTE)
  }
  succeed(context, routine, say)
}

function deny(context: AttemptContext, routine: Routine, say: Say, roll: Dice): void {
  if (hasUsableMethod(routine.person)) return succeed(context, routine, say)
  say(500121, 'MFA denied; phone number has an invalid format', 'failed')
  routine.failures++
  if (routine.failures < 3) return goOn(routine, 'deniedAgain', between(roll, 1, 6) * MINUTE)
  rest(context.seed, routine)
}

function succeed(context: AttemptContext, routine: Routine, say: Say): void {
  openSession(routine, true)
  say(0, 'MFA completed in Azure AD', 'satisfied')
  rest(context.seed, routine)
}
