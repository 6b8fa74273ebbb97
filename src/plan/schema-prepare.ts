import { z } from 'zod'
import { campaignSchema } from './schema-prepare-campaign.ts'
import { noticesSchema } from './schema-prepare-notices.ts'
import { phonesSchema } from './schema-prepare-phones.ts'
import { tokensSchema } from './schema-prepare-tokens.ts'

/** What is done before the switch. Each part has its own file, `schema-prepare-<part>.ts`, and its line here. */
export const prepareSchema = z
  .strictObject({
    notices: noticesSchema.optional(),
    phones: phonesSchema.optional(),
    campaign: campaignSchema.optional(),
    tokens: tokensSchema.optional(),
  })
  .describe(
    'What is done to people before they are switched, wave by wave and ahead of it: a wave is prepared while the one before soaks. The start then waits for an approval.',
  )
