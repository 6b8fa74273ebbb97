import { z } from 'zod'

export const STRENGTH_NAMES = ['mfa', 'passwordless', 'phishing-resistant'] as const
/** What the policy accepts as a second factor, as the plan names it. */
export type StrengthName = (typeof STRENGTH_NAMES)[number]

export const strengthSchema = z
  .enum(STRENGTH_NAMES, { error: 'expects:strength' })
  .default('mfa')
  .describe(
    'What the policy accepts: any second factor (mfa), or only what one of Microsoft’s stronger authentication strengths lets through. Readiness is judged by it.',
  )
