import { latest } from '../lagged.ts'
import { between, type Dice } from '../random.ts'
import { appliedPolicies, type Outcome } from './applied-policies.ts'
import { type Asked, canAnswer, canMeet, methodFor } from './asked.ts'
import type { Knock } from './conditional-access.ts'
import { openSession, type Routine, type Stage, stepDice } from './routine.ts'
import type { LogsOwn } from './sign-in-log.ts'
import type { SignInRow } from './sign-in-row.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

export type LoggedOutcome = Omit<SignInRow, keyof LogsOwn | 'at' | 'try' | 'person'>

/** What a step of somebody's routine can do to the world. */
export interface AttemptContext {
  seed: number
  knock(routine: Routine): Knock
  ask(routine: Routine, knock: Knock): Asked
  log(routine: Routine, row: LoggedOutcome): void
  /** Signs in by a Temporary Access Pass, where the person has one that is good. */
  usesPass(routine: Routine): boolean
  /** Since when sessions count, in the clock's time; 0: they were never revoked. */
  sessionsEnded(routine: Routine): number
  /** The person goes through the registration wizard. */
  register(routine: Routine, asked: Asked): void
  /** The person has just completed MFA. */
  completed(routine: Routine): void
}

/** What comes next, and how much later; null when the try is over. */
export type Next = { stage: Stage; ms: number } | null

interface Attempt {
  context: AttemptContext
  routine: Routine
  roll: Dice
  asked: Asked
  needsMfa: boolean
  say(code: number, details: string, outcome: Outcome): void
}

/** Takes one step of a person's day. */
export function takeStep(context: AttemptContext, routine: Routine): Next {
  const { person, stage } = routine
  const roll = stepDice(context.seed, routine)
  const knock = context.knock(routine)
  const { client, place } = knock
  // Who is stopped at the password has not reached any policy.
  const unreached = (code: number) =>
    context.log(routine, {
      ...{ client, place, code, details: '', applied: [], conditionalAccess: 'notApplied' },
      ...{ providers: [], factor: null },
    })
  if (!person.accountEnabled) {
    if (stage === 'arriving') unreached(50057)
    return null
  }
  if (isCutOff(context, routine, client)) {
    unreached(50173)
    return { stage: 'retyping', ms: between(roll, 5, 60) * SECOND }
  }
  const asked = context.ask(routine, knock)
  const legacy = client !== 'modern'
  const needsMfa = asked.providers.length > 0
  const say = (code: number, details: string, outcome: Outcome) =>
    context.log(routine, logged(knock, asked, code, details, outcome))
  const attempt: Attempt = { context, routine, roll, asked, needsMfa, say }
  const refusal = refusalOf(asked, legacy)
  if (refusal) {
    if (stage !== 'arriving' && roll() >= 0.3) return null
    say(refusal, '', asked.block && !legacy && inSession(attempt) ? 'satisfied' : 'failed')
    return null
  }
  if (legacy && person.habit.legacyClient) {
    routine.try++
    say(0, '', 'unasked')
    return null
  }
  if (stage !== 'arriving' && stage !== 'touching') return goOn(attempt)
  routine.try++
  if (routine.life < routine.sessionUntil && (!needsMfa || inSession(attempt))) {
    if (roll() < (stage === 'arriving' ? 0.3 : 0.06)) bySession(attempt)
    return null
  }
  if (roll() < 0.04) {
    unreached(50126)
    return { stage: 'retyping', ms: between(roll, 10, 50) * SECOND }
  }
  return passwordGiven(attempt)
}

/** The session this person would go on with was revoked: the password is asked again, and whatever the policy asks. */
function isCutOff(context: AttemptContext, routine: Routine, client: Knock['client']): boolean {
  const ended = context.sessionsEnded(routine)
  if (ended === routine.revokedAt || client !== 'modern') return false
  const begins = routine.stage === 'arriving' || routine.stage === 'touching'
  if (!begins) return false
  routine.revokedAt = ended
  const had = routine.life < routine.sessionUntil
  routine.sessionUntil = Math.min(routine.sessionUntil, routine.life)
  routine.sessionHasMfa = false
  if (had) routine.try++
  return had
}

/** The code with which a sign-in is turned away whatever the person does; 0: it is not. */
function refusalOf(asked: Asked, legacy: boolean): number {
  if (legacy && asked.securityDefaults) return 530035
  if (asked.block || (legacy && asked.mfa)) return 53003
  // `enabled` lets old programs in; `enforced` wants a password made for them.
  return legacy && asked.perUserMfa === 'enforced' ? 50076 : 0
}

export function logged(
  knock: Knock,
  asked: Asked,
  code: number,
  details: string,
  outcome: Outcome,
): LoggedOutcome {
  const enforced = asked.verdicts.some((one) => one.applies && one.policy.state === 'enabled')
  const passed = code !== 53003 && (outcome === 'satisfied' || outcome === 'unasked')
  return {
    client: knock.client,
    place: knock.place,
    code,
    details,
    applied: appliedPolicies(asked, knock.person, outcome),
    conditionalAccess: !enforced ? 'notApplied' : passed ? 'success' : 'failure',
    providers: asked.providers,
    factor: asked.providers.length > 0 ? methodFor(knock.person, asked) : null,
  }
}

function inSession({ routine, asked }: Attempt): boolean {
  if (routine.life >= routine.sessionUntil || !routine.sessionHasMfa) return false
  return asked.strengths.length === 0 || canAnswer(routine.person, asked)
}

function goOn(attempt: Attempt): Next {
  const { routine, context, needsMfa, asked } = attempt
  // Meanwhile the policy may have let go of them.
  if (!needsMfa || routine.stage === 'retyping') return passwordGiven(attempt)
  if (routine.stage === 'registering') {
    if (!canAnswer(routine.person, asked)) context.register(routine, asked)
    // What the wizard offers need not be strong enough.
    return deny(attempt)
  }
  return routine.stage === 'deniedAgain' ? deny(attempt) : answer(attempt)
}

function bySession({ routine, needsMfa, say }: Attempt): void {
  const details = needsMfa ? 'MFA requirement satisfied by claim in the token' : ''
  say(0, details, routine.sessionHasMfa ? 'satisfied' : 'unasked')
}

function passwordGiven(attempt: Attempt): Next {
  const { routine, roll, say, asked } = attempt
  const { person } = routine
  if (!attempt.needsMfa) {
    openSession(routine, false)
    say(0, '', 'unasked')
    return null
  }
  const byDefaults = asked.securityDefaults && !canMeet(person, [], true)
  if (latest(person.methods).length === 0 || byDefaults) return enrol(attempt)
  // A token that was good enough until now is refused without a word to the person.
  const silently = !asked.mfa && !asked.securityDefaults && routine.life < routine.sessionUntil
  if (!canAnswer(person, asked)) {
    say(50074, '', 'interrupted')
    return { stage: 'deniedAgain', ms: between(roll, 15, 40) * SECOND }
  }
  if (!silently && roll() < 0.5) return succeed(attempt)
  say(silently ? 50076 : 50074, '', 'interrupted')
  return { stage: 'answering', ms: between(roll, 8, 45) * SECOND }
}

function enrol({ context, routine, roll, say }: Attempt): Next {
  if (context.usesPass(routine)) return { stage: 'registering', ms: between(roll, 2, 9) * MINUTE }
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
  const { routine, roll, say, asked } = attempt
  if (canAnswer(routine.person, asked)) return succeed(attempt)
  const has = canMeet(routine.person, asked.strengths, asked.securityDefaults)
  const why = has
    ? 'phone number has an invalid format'
    : 'user does not have any verification methods registered'
  say(500121, `MFA denied; ${why}`, 'failed')
  routine.failures++
  return routine.failures < 3 ? { stage: 'deniedAgain', ms: between(roll, 1, 6) * MINUTE } : null
}

function succeed({ context, routine, say }: Attempt): Next {
  openSession(routine, true)
  say(0, 'MFA completed in Azure AD', 'satisfied')
  context.completed(routine)
  return null
}
