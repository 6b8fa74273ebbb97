import { z } from 'zod'
import { compiledCampaignSchema } from './compiled-prepare-campaign.ts'
import { compiledNoticesSchema } from './compiled-prepare-notices.ts'
import { compiledPhonesSchema } from './compiled-prepare-phones.ts'
import { compiledTokensSchema } from './compiled-prepare-tokens.ts'

/** What the engine reads of `prepare`; each part has its line here. null: nobody is prepared, no wave begins ahead. */
export const compiledPrepareSchema = z
  .strictObject({
    notices: compiledNoticesSchema.nullable().default(null),
    phones: compiledPhonesSchema.nullable().default(null),
    campaign: compiledCampaignSchema.nullable().default(null),
    tokens: compiledTokensSchema.nullable().default(null),
  })
  .nullable()

export type CompiledPrepare = z.infer<typeof compiledPrepareSchema>
