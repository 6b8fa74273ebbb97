import { z } from 'zod'
import { Time } from './views.ts'

export const WHY_ABOUT = [
  'protection',
  'wave',
  'verdict',
  'question',
  'deferral',
  'preparation',
  'change',
  'drift',
] as const

export const WhyStep = z.object({
  about: z.enum(WHY_ABOUT),
  says: z.string(),
  at: Time.nullable().describe('when it happened, or when what it rests on was read; null: it is the plan'),
})
export type WhyStep = z.infer<typeof WhyStep>

export const WhyView = z
  .object({
    personId: z.string(),
    upn: z.string(),
    displayName: z.string(),
    wave: z.string().nullable(),
    says: z.string().describe('where the person is, in a sentence'),
    steps: z.array(WhyStep),
  })
  .describe('Which wave a person is in and why, step by step')
export type WhyView = z.infer<typeof WhyView>
