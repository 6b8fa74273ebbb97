import { z } from 'zod'
import { name } from './schema-parts.ts'

export const STRENGTH_NAMES = ['mfa', 'passwordless', 'phishing-resistant'] as const
/** What the policy accepts as a second factor, as the plan names it. */
export type StrengthName = (typeof STRENGTH_NAMES)[number]

export const strengthSchema = z
  .enum(STRENGTH_NAMES, { error: 'expects:strength' })
  .optional()
  .describe(
    'What the policy accepts: any second factor (mfa), or only what one of Microsoft’s stronger authentication strengths lets through. Readiness is judged by it.',
  )

export const WHEN = ['always', 'risk'] as const

export const whenSchema = z
  .enum(WHEN, { error: 'expects:when' })
  .optional()
  .describe(
    'At every sign-in, or only at those that Identity Protection calls of medium or high risk (Entra ID P2).',
  )

export const trustedLocationsSchema = z
  .array(
    z.union(
      [
        name,
        z.strictObject({
          name: name.describe('The named location; made where the tenant has none of that name.'),
          ranges: z
            .array(name, { error: 'expects:list' })
            .min(1, { error: 'expects:location' })
            .describe('Its public addresses, such as 203.0.113.0/24.'),
        }),
      ],
      { error: 'expects:location' },
    ),
    { error: 'expects:list' },
  )
  .optional()
  .describe('Named locations the policy leaves out: whoever signs in there is not asked for MFA.')

const ownDoor = z.strictObject({
  group: name.describe('The group administrators enter MFA by: its object id, or a name that is unique.'),
  policy: name.describe('The policy that demands MFA of that group.'),
})

export const administratorsSchema = z
  .union([z.literal('own-policy', { error: 'expects:administrators' }), ownDoor], {
    error: 'expects:administrators',
  })
  .optional()
  .describe(
    'Privileged people get a second group and policy, which disarm leaves alone: own-policy names them after the first, or name both. Without the key they are in no wave.',
  )

/** The administrators' group and policy by name; null: they are in no wave. */
export function administratorsDoor(enforce: {
  group?: string | undefined
  policy?: string | undefined
  administrators?: z.output<typeof administratorsSchema>
}): { group: string; policy: string } | null {
  const { group = '', policy = '', administrators } = enforce
  if (administrators === undefined) return null
  if (administrators !== 'own-policy') return administrators
  return { group: `${group} administrators`, policy: `${policy} administrators` }
}
