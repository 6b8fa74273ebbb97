import { z } from 'zod'
import { buckets } from '../graph/limits.ts'
import { sourceSchema } from '../people/facts.ts'
import { verdictIsSchema } from '../people/verdict-words.ts'
import { ProblemView } from './plan-views.ts'
import { TenantFindingView, Time } from './views.ts'

const Count = z.int().min(0)

export const PreviewedView = z.object({
  personId: z.string(),
  upn: z.string(),
  displayName: z.string(),
  wave: z.string().nullable(),
  verdict: verdictIsSchema,
  until: Time.nullable().describe('readyUntil: until when'),
  why: z.string().describe('the first reason'),
  source: z.string(),
  at: Time.describe('when what it rests on was read'),
})
export type PreviewedView = z.infer<typeof PreviewedView>

export const PreviewPart = z.object({
  people: Count,
  share: z.string().describe('of everybody in the directory, in words: 71 %'),
  says: z.string().describe('in words, after the number'),
  names: z.array(PreviewedView).describe('the first of them by sign-in name'),
  more: Count.describe('of them are not among the names; CSV names everybody'),
})

const SpreadView = z.object({
  largest: z.array(z.object({ value: z.string(), people: Count })),
  values: Count.describe('different ones'),
  without: Count.describe('people of whom the directory says none'),
})

export const PreviewWave = z.object({
  name: z.string(),
  takes: z.string().describe('whom, in words'),
  people: Count,
  verdicts: z.partialRecord(verdictIsSchema, Count),
  departments: SpreadView,
  offices: SpreadView,
  withManager: Count.nullable().describe(
    'people who go together with their own manager; null: no manager is known',
  ),
  paceMs: Count.describe('what the pace of the plan takes, without calendar'),
  soakMs: Count,
})

export const PreparingView = z.object({
  step: z.string(),
  says: z.string(),
  groups: z.array(PreviewPart.omit({ share: true })),
  warnings: z
    .array(PreviewPart.omit({ share: true }))
    .optional()
    .describe(
      'people of these groups of whom something has to be known before, such as numbers that are landlines',
    ),
})
export type PreparingView = z.infer<typeof PreparingView>

export const PreviewView = z
  .object({
    plan: z.object({
      name: z.string(),
      change: z.string().nullable(),
      planHash: z.string(),
      by: z.string(),
      group: z.string(),
      policy: z.string(),
      strength: z.string(),
    }),
    at: Time,
    people: Count.describe('everybody in the directory'),
    verdicts: z.array(PreviewPart.extend({ verdict: verdictIsSchema })),
    phoneOnly: z
      .array(
        z.object({
          until: Time,
          days: Count,
          people: Count,
          inWaves: Count,
          says: z.string(),
          source: z.string(),
          sourceDay: z.string(),
          wayOut: z.string(),
        }),
      )
      .describe('who can be asked by a phone alone, by the day on which Microsoft stops asking them'),
    waves: z.array(PreviewWave),
    untouched: z.array(PreviewPart.extend({ reason: z.string() })).describe('in no wave, and why'),
    preparing: z.array(PreparingView).describe('what is done before the switch'),
    sessions: z.array(z.string()).describe('what becomes of people’s sessions at the switch; empty: nothing'),
    calls: z.object({
      share: z.number().describe('of Microsoft’s limits that we use'),
      rows: z.array(
        z.object({
          what: z.string(),
          wave: z.string().nullable(),
          calls: Count,
          atLeast: z.boolean(),
          ms: Count.describe('at our share of the slowest limit, with nothing else going on'),
        }),
      ),
      limits: z.array(
        z.object({
          limit: z.enum(buckets),
          says: z.string(),
          units: Count.describe('resource units of identityReads, requests elsewhere'),
          ms: Count,
        }),
      ),
    }),
    facts: z.object({
      sources: z.array(
        z.object({
          source: sourceSchema,
          from: z.string(),
          readAt: Time.nullable(),
          why: z.string().nullable().describe('why it could not be read'),
        }),
      ),
      gathering: z.boolean().describe('what is known of people is being brought up to date'),
      says: z.string(),
    }),
    findings: z.array(TenantFindingView).describe('found in the tenant, to be accepted by name'),
    problems: z.array(ProblemView).describe('warnings; a plan with an error is refused'),
  })
  .describe('What a plan means for the people of this tenant, before anybody is touched')
export type PreviewView = z.infer<typeof PreviewView>
