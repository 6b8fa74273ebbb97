import { z } from 'zod'
import type { Graph } from '../client.ts'
import { type Ask, type Receipt, receiptOf } from './ask.ts'

const target = z.object({ id: z.string().min(1), targetType: z.string() })

/** The tenant's registration campaign, in the form that is kept. */
export const campaignSchema = z.object({
  /** default (Microsoft decides) | enabled | disabled; Microsoft may add to them. */
  state: z.string(),
  snoozeDays: z.int(),
  /** After three snoozes there is no fourth; null: only beta says, and was not asked. */
  requireAfterSnoozes: z.boolean().nullable(),
  include: z.array(target.extend({ method: z.string() })),
  exclude: z.array(target),
})
export type Campaign = z.infer<typeof campaignSchema>
export type CampaignTarget = Campaign['exclude'][number]

const included = target.extend({ targetedAuthenticationMethod: z.string() })
const body = z.object({
  registrationEnforcement: z.object({
    authenticationMethodsRegistrationCampaign: z.object({
      state: z.string(),
      snoozeDurationInDays: z.int(),
      enforceRegistrationAfterAllowedSnoozes: z.boolean().nullish(),
      includeTargets: z.array(included),
      excludeTargets: z.array(target),
    }),
  }),
})

const path = '/policies/authenticationMethodsPolicy'

export function campaignCalls(graph: Graph) {
  return {
    /** Fails with `unreadable` when part of it is missing. `withRequired`: asks beta, which alone says what follows snoozes. */
    async readCampaign(withRequired: boolean, ask: Ask): Promise<Campaign> {
      const version = withRequired ? 'beta' : 'v1.0'
      const answer = await graph.call({ ...ask, method: 'GET', path, version, expect: body })
      const shown = answer.body.registrationEnforcement.authenticationMethodsRegistrationCampaign
      return {
        state: shown.state,
        snoozeDays: shown.snoozeDurationInDays,
        requireAfterSnoozes: shown.enforceRegistrationAfterAllowedSnoozes ?? null,
        include: shown.includeTargets.map(({ targetedAuthenticationMethod: method, ...one }) => ({
          ...one,
          method,
        })),
        exclude: shown.excludeTargets,
      }
    },

    /** The whole of it, since a list replaces the list before. By beta where `requireAfterSnoozes` says something. */
    async setCampaign(campaign: Campaign, ask: Ask): Promise<Receipt> {
      const { requireAfterSnoozes, include } = campaign
      const required = requireAfterSnoozes !== null
      const sent = {
        state: campaign.state,
        snoozeDurationInDays: campaign.snoozeDays,
        ...(required ? { enforceRegistrationAfterAllowedSnoozes: requireAfterSnoozes } : {}),
        includeTargets: include.map(({ method, ...one }) => ({
          ...one,
          targetedAuthenticationMethod: method,
        })),
        excludeTargets: campaign.exclude,
      }
      const version = required ? 'beta' : 'v1.0'
      const enforcement = { authenticationMethodsRegistrationCampaign: sent }
      return receiptOf(
        await graph.call({
          ...{ ...ask, method: 'PATCH', path, version },
          body: { registrationEnforcement: enforcement },
        }),
      )
    },
  }
}
