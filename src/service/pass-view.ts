import { z } from 'zod'

export const PassView = z.object({
  id: z.string(),
  temporaryAccessPass: z.string().describe('the pass itself: shown this once, kept nowhere').optional(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  lifetimeInMinutes: z.int(),
  isUsableOnce: z.boolean(),
})
export type PassView = z.infer<typeof PassView>

/** What came of asking for a pass; also a part of the answer to the verb. */
export const PassOutcome = z.object({
  waitsFor: z
    .enum(['secondPerson', 'whoAsked'])
    .nullable()
    .describe('for a directory role: the second person’s word, or the same call by who asked first'),
  pass: PassView.nullable(),
})
export type PassOutcome = z.infer<typeof PassOutcome>

export const PassAnswer = PassOutcome.extend({
  changed: z.boolean().describe('false: nothing was asked for or made, or this was a dry run'),
  dryRun: z.boolean(),
  says: z.string().describe('what happened, or would happen, in a sentence'),
  person: z.object({ personId: z.string(), upn: z.string(), displayName: z.string() }),
})
export type PassAnswer = z.infer<typeof PassAnswer>

/** The same without the pass: what is kept under an Idempotency-Key. */
export function withoutPass<T extends { pass?: PassView | null | undefined }>(outcome: T): T {
  if (!outcome.pass) return outcome
  const { temporaryAccessPass: _shown, ...rest } = outcome.pass
  return { ...outcome, pass: rest }
}

/** Answered before, when the pass was shown. */
export function isShownBefore({ pass }: { pass?: PassView | null | undefined }): boolean {
  return pass !== null && pass !== undefined && pass.temporaryAccessPass === undefined
}
