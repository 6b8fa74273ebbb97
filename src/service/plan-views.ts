import { z } from 'zod'

const Time = z.iso.datetime()

export const RevisionView = z.object({
  number: z.int().describe('from 1; the last one is in force'),
  planHash: z.string(),
  by: z.string(),
  at: Time,
  reason: z.string(),
})
export type RevisionView = z.infer<typeof RevisionView>

export const ProblemView = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  line: z.int(),
  column: z.int(),
  path: z.string(),
  severity: z.enum(['error', 'warning']),
})
export type ProblemView = z.infer<typeof ProblemView>

export const FileView = z.object({
  digest: z.string(),
  size: z.int().describe('bytes'),
  name: z.string().nullable(),
  uploadedBy: z.string(),
  uploadedAt: Time,
})
export type FileView = z.infer<typeof FileView>

export const PersonName = z.object({ personId: z.string(), upn: z.string(), displayName: z.string() })

export const PlanView = RevisionView.extend({
  text: z.string().describe('as it was sent'),
  files: z.record(z.string(), z.string()).describe('digests of the files it names'),
  revisions: z.array(RevisionView),
})
export type PlanView = z.infer<typeof PlanView>

export const MoveView = z.object({
  personId: z.string(),
  upn: z.string(),
  displayName: z.string(),
  from: z.string().nullable().describe('the wave before; null: in none'),
  to: z.string().nullable(),
})
export type MoveView = z.infer<typeof MoveView>

export const PlanDiff = z.object({
  from: z.string().describe('hash of the first plan'),
  to: z.string(),
  text: z.array(z.object({ path: z.string(), from: z.unknown().optional(), to: z.unknown().optional() })),
  people: z
    .object({ moved: z.int(), in: z.int(), out: z.int() })
    .describe('how many go with another wave, are newly in one, are in none any more'),
  moves: z.array(MoveView),
  next: z.string().nullable(),
  problems: z
    .array(z.object({ code: z.string(), message: z.string(), severity: z.enum(['error', 'warning']) }))
    .describe('what is wrong with the second plan against the tenant'),
})
export type PlanDiff = z.infer<typeof PlanDiff>
