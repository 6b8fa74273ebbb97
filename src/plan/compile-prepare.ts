import type { CompiledPrepare } from './compiled-prepare.ts'
import { compileCampaign } from './compiled-prepare-campaign.ts'
import { compileNotices } from './compiled-prepare-notices.ts'
import { compilePhones } from './compiled-prepare-phones.ts'
import { compileTokens } from './compiled-prepare-tokens.ts'
import type { FileDigests } from './files.ts'
import type { Plan } from './schema.ts'

/** Each part compiles its own, in its own file, and has its line here. */
export function compilePrepare(plan: Plan, files: FileDigests): CompiledPrepare {
  if (plan.prepare === undefined) return null
  return {
    notices: compileNotices(plan, files),
    phones: compilePhones(plan, files),
    campaign: compileCampaign(plan),
    tokens: compileTokens(plan, files),
  }
}
