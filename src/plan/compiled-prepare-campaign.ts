import { z } from 'zod'
import type { Plan } from './schema.ts'
import { durationMs } from './units.ts'

const DAY = 86_400_000

export const compiledCampaignSchema = z.strictObject({
  /** As Graph names it. */
  method: z.enum(['microsoftAuthenticator', 'Fido2']),
  /** A group, by id or name, or all_users. */
  group: z.string(),
  /** null: as it stands in the tenant. */
  snoozeDays: z.int().nullable(),
  requireAfterSnoozes: z.boolean().nullable(),
})

export type CompiledCampaign = z.infer<typeof compiledCampaignSchema>

/** null: the tenant's campaign is left alone. */
export function compileCampaign(plan: Plan): CompiledCampaign | null {
  const campaign = plan.prepare?.campaign
  if (campaign === undefined) return null
  const { method, group, snooze, requireAfterSnoozes } = campaign
  return {
    method: method === 'passkey' ? 'Fido2' : method,
    group,
    snoozeDays: snooze === undefined ? null : durationMs(snooze) / DAY,
    requireAfterSnoozes: requireAfterSnoozes ?? null,
  }
}
