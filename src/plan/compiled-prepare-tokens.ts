import { z } from 'zod'
import { digestOf, type FileDigests } from './files.ts'
import type { Plan } from './schema.ts'

export const compiledTokensSchema = z.strictObject({ csv: z.string(), digest: z.string() })

export type CompiledTokens = z.infer<typeof compiledTokensSchema>

/** null: nobody is given a token. */
export function compileTokens(plan: Plan, files: FileDigests): CompiledTokens | null {
  const tokens = plan.prepare?.tokens
  return tokens === undefined ? null : { csv: tokens.from, digest: digestOf(files, tokens.from) ?? '' }
}
