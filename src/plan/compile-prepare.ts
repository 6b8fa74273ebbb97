import type { CompiledPrepare } from './compiled-prepare.ts'
import { compileCampaign } from './compiled-prepare-campaign.ts'
import { compilePhones } from './compiled-prepare-phones.ts'
import type { FileDigests } from './files.ts'
import type { Plan } from './schema.ts'

/** Each part compiles its own, in its own file, and has its line here. */
export function compilePrepare(plan: Plan, files: FileDigests): CompiledPrepare {
  if (plan.prepare === undefined) return null
  return {
    phones: compilePhones(plan, files),
    campaign: compileCampaign(plan),
  }
}
