import { z } from 'zod'
import { signSchema } from './signs.ts'

export const QUESTION_KINDS = ['person', 'legacy'] as const
export const questionKindSchema = z.enum(QUESTION_KINDS)
/** Is this a person? May this person lose an old program? */
export type QuestionKind = z.infer<typeof questionKindSchema>

export const ANSWERS = ['person', 'notAPerson', 'legacyAccepted', 'legacyMoved', 'legacyKept'] as const
export const answerIsSchema = z.enum(ANSWERS)
export type AnswerIs = z.infer<typeof answerIsSchema>

/** What may be answered; that an old program belongs to no person answers the other question too. */
export const ANSWERS_TO: Record<QuestionKind, readonly AnswerIs[]> = {
  person: ['person', 'notAPerson'],
  legacy: ['legacyAccepted', 'legacyMoved', 'legacyKept', 'notAPerson'],
}

export const legacyUseSchema = z.strictObject({
  client: z.string(),
  times: z.int().positive(),
  lastAt: z.number(),
  addresses: z.int().nonnegative(),
})

/** What a question rests on, as it was when it was last looked at. */
export const questionEvidenceSchema = z.strictObject({
  signs: z.array(signSchema),
  clients: z.array(legacyUseSchema),
})
export type QuestionEvidence = z.infer<typeof questionEvidenceSchema>

export const answerSchema = z.strictObject({
  is: answerIsSchema,
  by: z.string().describe('Who wrote it down.'),
  saidBy: z.string().optional().describe('Whose word it is, where that is somebody else.'),
  at: z.number(),
  reason: z.string(),
  until: z.number().optional().describe('From then on it is asked again.'),
  clients: z.array(z.string()).describe('The old programs it was given about.'),
})
export type Answer = z.infer<typeof answerSchema>

export const questionSchema = z.strictObject({
  id: z.string(),
  personId: z.string(),
  kind: questionKindSchema,
  ownerId: z.string().nullable().describe('Object id of the manager; null: whoever manages the change.'),
  says: z.string(),
  evidence: questionEvidenceSchema,
  askedAt: z.number(),
  /** Nothing speaks for it any more. */
  withdrawnAt: z.number().nullable(),
  answer: answerSchema.nullable(),
})
export type Question = z.infer<typeof questionSchema>

export const STATES = ['open', 'answered', 'withdrawn'] as const
export const questionStateSchema = z.enum(STATES)
export type QuestionState = z.infer<typeof questionStateSchema>

/**
 * An answer holds until its end, and as long as what it was given about stays so: an old program that was said to be
 * gone and signs in again, or another one than those allowed to be lost, opens the question anew.
 */
export function stateOf({ answer, evidence, withdrawnAt }: Question, now: number): QuestionState {
  if (answer === null) return withdrawnAt === null ? 'open' : 'withdrawn'
  return isOver(answer, evidence, now) && withdrawnAt === null ? 'open' : 'answered'
}

function isOver({ is, until, at, clients }: Answer, evidence: QuestionEvidence, now: number): boolean {
  if (until !== undefined && until <= now) return true
  switch (is) {
    case 'legacyMoved':
      return evidence.clients.some(({ lastAt }) => lastAt > at)
    case 'legacyAccepted':
      return evidence.clients.some(({ client }) => !clients.includes(client))
    case 'person':
    case 'notAPerson':
    case 'legacyKept':
      return false
    default:
      return is satisfies never
  }
}

export function questionId(kind: QuestionKind, personId: string): string {
  return `${kind}-${personId}`
}
