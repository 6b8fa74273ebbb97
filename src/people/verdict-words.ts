import { z } from 'zod'

export const VERDICTS = [
  'protected',
  'administrator',
  'guest',
  'notAPerson',
  'away',
  'legacyClient',
  'unknown',
  'needsLook',
  'needsNumber',
  'readyUntil',
  'ready',
] as const
export const verdictIsSchema = z.enum(VERDICTS)
export type VerdictIs = z.infer<typeof verdictIsSchema>

export const verdictReasonSchema = z.strictObject({
  says: z.string(),
  source: z.string(),
  at: z.number().describe('When what it rests on was read.'),
})
export type VerdictReason = z.infer<typeof verdictReasonSchema>

export const verdictSchema = z.strictObject({
  is: verdictIsSchema,
  until: z.number().optional().describe('readyUntil: until when.'),
  reasons: z.array(verdictReasonSchema),
  question: z.string().optional().describe('A question that would decide it, and is open.'),
})
export type ReadinessVerdict = z.infer<typeof verdictSchema>
