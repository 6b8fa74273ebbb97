import { sayDrift } from '../engine/drift-words.ts'
import { sayAnswer } from '../people/answered.ts'
import { type Question, stateOf } from '../people/question.ts'
import { sayDay } from '../people/say-day.ts'
import type { Deferral } from '../store/deferrals.ts'
import type { Drift } from '../store/drift.ts'
import type { Member } from '../store/members.ts'
import type { Prepared } from '../store/preparation.ts'
import { time, timeOrNull } from './views.ts'
import type { WhyStep } from './why-view.ts'

/** Somebody left a person for later, by name. */
export function deferralStep({ until, by, approver, reason, at }: Deferral): WhyStep {
  const says = `Deferred until ${sayDay(until)} by ${by}, approved by ${approver}: ${reason}.`
  return { about: 'deferral', says, at: time(at) }
}

/** What was asked about the person and answered by an owner; an open question is the verdict itself. */
export function questionSteps(questions: readonly Question[], now: number): WhyStep[] {
  return questions.flatMap((question): WhyStep[] => {
    const { says, askedAt, answer } = question
    if (answer === null) return []
    const asked: WhyStep = {
      about: 'question',
      says: `Asked (${stateOf(question, now)}): ${says}`,
      at: time(askedAt),
    }
    const said = `${answer.saidBy ?? answer.by} answered: ${sayAnswer(answer.is)}; ${answer.reason}.`
    return [asked, { about: 'question', says: said, at: time(answer.at) }]
  })
}

/** What was done to the person before the switch. */
export function preparationSteps(prepared: readonly Prepared[]): WhyStep[] {
  return prepared.map(({ step, outcome, reason, at, restore }) => {
    const why = reason === null ? '' : ` (${reason})`
    const back = restore === null ? '' : `; taken back: ${restore}`
    return { about: 'preparation', says: `Prepared, ${step}: ${outcome}${why}${back}.`, at: time(at) }
  })
}

/** What has become of the person: asked for, in place, proven, locked out, taken back; each by itself. */
export function changeSteps(member: Member): WhyStep[] {
  const { deferred, outcome, outcomeReason, restore, restoreReason } = member
  const why = (reason: string | null) => (reason === null ? '' : ` (${reason})`)
  const step = (says: string, at: number | null): WhyStep => ({ about: 'change', says, at: timeOrNull(at) })
  const steps: WhyStep[] = []
  // Of who was deferred by name, the deferral itself says more.
  if (deferred !== null && deferred !== 'deferred')
    steps.push({ about: 'deferral', says: `Left for later: ${WORDS[deferred] ?? deferred}.`, at: null })
  if (member.notBefore !== null) steps.push(step('Nothing is changed before this moment.', member.notBefore))
  if (member.requestedAt !== null) steps.push(step('The change was asked for.', member.requestedAt))
  steps.push(step(`Outcome: ${outcome}${why(outcomeReason)}.`, member.inPlaceAt))
  if (member.provenAt !== null) steps.push(step('A sign-in has proven it.', member.provenAt))
  if (member.lockedOutAt !== null) {
    const still = member.lockedOutNow ? ', and is so now' : ', and is no more'
    steps.push(step(`Was locked out by it${still}.`, member.lockedOutAt))
  }
  if (restore !== null)
    steps.push(step(`Taken back: ${restore}${why(restoreReason)}.`, member.restoredAt ?? member.parkedAt))
  return steps
}

/** Why somebody waits, as the ledger has it. */
const WORDS: Record<string, string> = {
  notReady: 'was not ready when the wave was judged',
  away: 'has not signed in for long',
  legacyClient: 'signs in by a client that knows no second factor',
  notAPerson: 'is not a person',
  question: 'a question about this person has no answer yet',
  directoryRole: 'holds a directory role',
  noDirectoryRole: 'holds no directory role any more',
  disabledAccount: 'the account was disabled',
  returned: 'came back after the wave was approved',
  rolledBack: 'was taken back, until somebody says release',
  released: 'the catch-up may take this person',
  takenOut: 'another hand took this person out of the group',
}

/** What another hand did to this very person. */
export function driftSteps(drift: readonly Drift[], personId: string): WhyStep[] {
  return drift
    .filter((one) => one.personId === personId)
    .map((one) => {
      const settled =
        one.settledHow === null
          ? 'not settled yet'
          : `${one.settledHow}${one.settledBy ? ` by ${one.settledBy}` : ''}`
      return { about: 'drift', says: `${sayDrift([one]).join('; ')}: ${settled}.`, at: time(one.foundAt) }
    })
}
