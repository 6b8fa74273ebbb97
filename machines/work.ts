import type { Asked, Hold, Work } from './language.ts'

/** What every machine that asks for work carries. */
export interface Working {
  holds: Hold[]
  attempt: number
  asked: Asked | null
  wakeToken: number
  wakeAt: number | null
}

/** The work is wanted; the machine asks for it as soon as nothing holds it back. */
export function want(work: Work, at: number | null = null) {
  return (context: Working) => ({
    asked: { work, attempt: context.attempt, stands: 'again' as const },
    ...wakeAt(at)(context),
  })
}

export function wakeAt(at: number | null) {
  return (context: Working) => ({ wakeAt: at, wakeToken: context.wakeToken + 1 })
}

export function openAttempt(context: Working) {
  const attempt = context.attempt + 1
  return { attempt, asked: context.asked && { ...context.asked, attempt, stands: 'open' as const } }
}

export function standing(context: Working, stands: Asked['stands']) {
  return { asked: context.asked && { ...context.asked, stands } }
}

/** An answer counts only while its attempt is the open one. */
export function isCurrent(context: Working, attempt: number): boolean {
  return context.asked?.stands === 'open' && context.asked.attempt === attempt
}

export function isAnswered(context: Working): boolean {
  return context.asked?.stands === 'answered'
}

/** Work to ask for now: wanted, and no wake is pending for it. */
export function isWanted(context: Working): boolean {
  return context.asked?.stands === 'again' && context.wakeAt === null
}

export function isCurrentWake(context: Working, token: number): boolean {
  return context.wakeAt !== null && context.wakeToken === token
}
