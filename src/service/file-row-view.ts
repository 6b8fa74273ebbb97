import { z } from 'zod'
import { CAUSES, STATUSES } from '../people/csv-status.ts'
import { PersonName } from './plan-views.ts'

export const RowStatus = z.enum(STATUSES)

export const FileRowView = z.object({
  line: z.int().describe('of the file, from 1'),
  status: RowStatus,
  cause: z.enum(CAUSES).nullable().describe('why it is not simply matched, for programs'),
  why: z.string().nullable().describe('the same in words'),
  person: PersonName.nullable(),
  by: z
    .enum(['id', 'name', 'mail', 'employeeId'])
    .nullable()
    .describe('by which of its cells the person was found'),
  perhaps: z.array(PersonName).describe('who may be meant, where nothing but a name fits'),
  cells: z.record(z.string(), z.string()).describe('those that are read, by header; numbers masked'),
  repaired: z
    .array(z.object({ column: z.string(), from: z.string(), to: z.string() }))
    .describe('as it was written, and as it would be used; numbers masked'),
  sharedBy: z.int().nullable().describe('people of this file who have the number'),
  warns: z.array(z.string()),
})
export type FileRowView = z.infer<typeof FileRowView>

export const FileRowsPage = z.object({
  digest: z.string(),
  kind: z.string().nullable().describe('what the file is, by its header'),
  encoding: z.string(),
  asOf: z.iso.datetime().describe('when the directory was read'),
  unread: z.array(z.string()).describe('headers of columns that say nothing here'),
  problems: z.array(
    z.object({
      code: z.string(),
      line: z.int(),
      message: z.string(),
      hint: z.string(),
      severity: z.enum(['error', 'warning']),
    }),
  ),
  counts: z
    .object({
      matched: z.int(),
      repaired: z.int(),
      needsHuman: z.int(),
      shared: z.int(),
      notInDirectory: z.int(),
    })
    .describe('of all rows, whichever were asked for'),
  rows: z.array(FileRowView),
  next: z.string().nullable(),
})
export type FileRowsPage = z.infer<typeof FileRowsPage>
