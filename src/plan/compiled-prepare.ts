import { z } from 'zod'

/** What the engine reads of `prepare`; each part has its line here. null: nobody is prepared, no wave begins ahead. */
export const compiledPrepareSchema = z.strictObject({}).nullable()

export type CompiledPrepare = z.infer<typeof compiledPrepareSchema>
