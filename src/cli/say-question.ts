import type { QuestionView } from '../service.ts'
import { sayTime } from './output.ts'

/** A question on the card of a person, with its answer. */
export function sayQuestion({ id, state, says, owner, askedAt, answer }: QuestionView): string[] {
  const to = owner === null ? 'whoever manages the change' : (owner.upn ?? owner.personId)
  const lines = [`  question    ${says} (${id}, ${state}, asked ${to} ${sayTime(askedAt)})`]
  if (answer !== null) lines.push(`    ${sayAnswerOf(answer)}`)
  return lines
}

export function sayAnswerOf(answer: NonNullable<QuestionView['answer']>): string {
  const { is, by, saidBy, at, reason, until } = answer
  const end = until === null ? '' : ` until ${until.slice(0, 10)}`
  return `${is}${end}, says ${saidBy ?? by}${saidBy === null ? '' : ` (written down by ${by})`}, ${sayTime(at)}: ${reason}`
}
