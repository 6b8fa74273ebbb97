import { z } from 'zod'
import { digestOf, type FileDigests } from './files.ts'
import type { Plan } from './schema.ts'
import { durationMs } from './units.ts'

const ms = z.int().positive()

/** What the engine reads of `prepare.notices`. */
export const compiledNoticesSchema = z.strictObject({
  sender: z.string(),
  beforeMs: z.array(ms).min(1).describe('falling: the first notice first'),
  on: z.boolean(),
  afterMs: z.array(ms).describe('rising'),
  templates: z.array(z.strictObject({ file: z.string(), digest: z.string() })).describe('none: our own'),
  language: z.string(),
  contact: z.string(),
  unreachable: z.enum(['defer', 'enforce']),
})
export type CompiledNotices = z.infer<typeof compiledNoticesSchema>

export function compileNotices({ prepare }: Plan, files: FileDigests): CompiledNotices | null {
  const notices = prepare?.notices
  if (notices === undefined) return null
  const { sender, on, language, contact, unreachable } = notices
  return {
    sender,
    beforeMs: distinct(notices.before).toReversed(),
    on,
    afterMs: distinct(notices.after),
    templates: (notices.templates ?? []).map((file) => ({ file, digest: digestOf(files, file) ?? '' })),
    language,
    contact,
    unreachable,
  }
}

function distinct(texts: readonly string[]): number[] {
  return [...new Set(texts.map(durationMs))].sort((one, other) => one - other)
}
