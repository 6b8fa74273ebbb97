import { z } from 'zod'
import { digestOf, type FileDigests } from './files.ts'
import type { Plan } from './schema.ts'
import { fileOfPhones, PRELOAD_TYPES } from './schema-prepare-phones.ts'

export const compiledPhonesSchema = z.strictObject({
  from: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('directory') }),
    z.strictObject({ kind: z.literal('csv'), csv: z.string(), digest: z.string() }),
  ]),
  region: z.string().nullable(),
  onDifferent: z.enum(['keep', 'replace']),
  type: z.enum(PRELOAD_TYPES),
})

export type CompiledPhones = z.infer<typeof compiledPhonesSchema>

/** null: nobody’s number is registered. */
export function compilePhones(plan: Plan, files: FileDigests): CompiledPhones | null {
  const phones = plan.prepare?.phones
  if (phones === undefined) return null
  const csv = fileOfPhones(phones)
  return {
    from:
      csv === undefined ? { kind: 'directory' } : { kind: 'csv', csv, digest: digestOf(files, csv) ?? '' },
    region: phones.region ?? null,
    onDifferent: phones.onDifferent,
    type: phones.type,
  }
}
