import { type Answer, type AnswerIs, type Question, type QuestionKind, stateOf } from './question.ts'
import { sayDay } from './say-day.ts'
import type { Judged, VerdictInput } from './verdict.ts'

/** What questions about a person, and their answers, say for the verdict. */
export function judgedBy(
  questions: readonly Question[],
  now: number,
): Pick<VerdictInput, 'legacyClient' | 'notAPerson' | 'question'> {
  const open = questions.find((one) => stateOf(one, now) === 'open')
  const judged: Pick<VerdictInput, 'legacyClient' | 'notAPerson' | 'question'> = {}
  for (const question of questions) {
    const { kind, answer, withdrawnAt } = question
    if (answer === null || stateOf(question, now) !== 'answered') continue
    if (answer.is === 'notAPerson') judged.notAPerson = judgement(true, answer)
    else if (kind === 'person') judged.notAPerson = judgement(false, answer)
    else if (withdrawnAt === null) judged.legacyClient = judgement(answer.is === 'legacyKept', answer)
  }
  if (open === undefined) return judged
  const asked: Judged = { is: true, says: open.says, source: 'question', at: open.askedAt }
  return { ...judged, ...standsAs(open.kind, asked), question: open.id }
}

/** As what somebody is left for later by these; undefined: nothing keeps them. */
export function waitsAsBy(questions: readonly Question[], now: number): string | undefined {
  const { question, notAPerson, legacyClient } = judgedBy(questions, now)
  if (question !== undefined) return 'question'
  if (notAPerson?.is === true) return 'notAPerson'
  return legacyClient?.is === true ? 'legacyClient' : undefined
}

/** Old programs of which an owner said that they may stop working. */
export function givenUpBy(questions: readonly Question[], now: number): ReadonlySet<string> {
  const accepted = questions.filter(
    (one) => one.answer?.is === 'legacyAccepted' && stateOf(one, now) === 'answered',
  )
  return new Set(accepted.flatMap(({ answer }) => answer?.clients ?? []))
}

/** As what somebody stands until the answer comes. */
function standsAs(kind: QuestionKind, asked: Judged): Pick<VerdictInput, 'legacyClient' | 'notAPerson'> {
  return kind === 'person' ? { notAPerson: asked } : { legacyClient: asked }
}

function judgement(is: boolean, { is: answer, by, saidBy, at, reason, until }: Answer): Judged {
  const who = saidBy === undefined || saidBy === by ? by : `${saidBy}, as ${by} wrote down`
  const end = until === undefined ? '' : ` until ${sayDay(until)}`
  return { is, says: `${sayAnswer(answer)}${end}, says ${who}: ${reason}`, source: 'answer', at }
}

export function sayAnswer(is: AnswerIs): string {
  switch (is) {
    case 'person':
      return 'is a person'
    case 'notAPerson':
      return 'is not a person'
    case 'legacyAccepted':
      return 'may lose the old program'
    case 'legacyMoved':
      return 'has left the old program'
    case 'legacyKept':
      return 'must keep the old program'
    default:
      return is satisfies never
  }
}
