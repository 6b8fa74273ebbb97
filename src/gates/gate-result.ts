import { z } from 'zod'

export const gateNameSchema = z.enum([
  'readiness',
  'wouldBlock',
  'lockedOut',
  'failedChanges',
  'soak',
  'approval',
])
export type GateName = z.infer<typeof gateNameSchema>

export const unknownWhySchema = z.enum([
  'noData',
  'tooFew',
  'stale',
  'error',
  'undecided',
  'notAvailable(licence)',
])
export type UnknownWhy = z.infer<typeof unknownWhySchema>

const moment = z.int().nonnegative().nullable()

export const evidenceSchema = z.strictObject({
  value: z.number().nullable().describe('what was measured, in `unit`; null when nothing could be'),
  threshold: z.number().nullable(),
  unit: z.enum(['basisPoints', 'people', 'ms', 'none']),
  n: z.int().nonnegative().describe('people the value is about'),
  window: z.strictObject({ from: z.int(), to: z.int() }).nullable(),
  source: z.string(),
  fetchedAt: moment,
  rule: z.string().describe('the rule that was applied, in words'),
  nextEvaluation: moment,
  earliestDecision: moment,
})
export type Evidence = z.infer<typeof evidenceSchema>

/** What one gate says, and on what evidence. Nothing that is missing ever counts as a pass. */
export const gateResultSchema = z.discriminatedUnion('verdict', [
  z.strictObject({
    gate: gateNameSchema,
    verdict: z.literal('pass'),
    says: z.string(),
    evidence: evidenceSchema,
  }),
  z.strictObject({
    gate: gateNameSchema,
    verdict: z.literal('fail'),
    says: z.string(),
    evidence: evidenceSchema,
  }),
  z.strictObject({
    gate: gateNameSchema,
    verdict: z.literal('unknown'),
    why: unknownWhySchema,
    says: z.string(),
    evidence: evidenceSchema,
  }),
])
export type GateResult = z.infer<typeof gateResultSchema>
export type GateVerdict = GateResult['verdict']

export function passed(gate: GateName, says: string, evidence: Evidence): GateResult {
  return { gate, verdict: 'pass', says, evidence }
}

export function failed(gate: GateName, says: string, evidence: Evidence): GateResult {
  return { gate, verdict: 'fail', says, evidence }
}

export function unknown(gate: GateName, why: UnknownWhy, says: string, evidence: Evidence): GateResult {
  return { gate, verdict: 'unknown', why, says, evidence }
}

/** Who asks a gate, about what, and when it will ask again. */
export type Asked = {
  source: string
  fetchedAt: number | null
  nextEvaluation?: number | null
  earliestDecision?: number | null
}

export function evidenceOf(
  asked: Asked,
  measured: Pick<Evidence, 'value' | 'threshold' | 'unit' | 'n' | 'rule'> & Partial<Pick<Evidence, 'window'>>,
): Evidence {
  return {
    value: measured.value,
    threshold: measured.threshold,
    unit: measured.unit,
    n: measured.n,
    window: measured.window ?? null,
    source: asked.source,
    fetchedAt: asked.fetchedAt,
    rule: measured.rule,
    nextEvaluation: asked.nextEvaluation ?? null,
    earliestDecision: asked.earliestDecision ?? null,
  }
}

/** The result in one sentence: "12 of 118 people are not ready (10.17 %), 40 % may be deferred: pass". */
export function explain(result: GateResult): string {
  switch (result.verdict) {
    case 'pass':
    case 'fail':
      return `${result.says}: ${result.verdict}`
    case 'unknown':
      return `${result.says}: unknown (${sayWhy(result.why)})`
    default:
      return result satisfies never
  }
}

function sayWhy(why: UnknownWhy): string {
  switch (why) {
    case 'noData':
      return 'no data'
    case 'tooFew':
      return 'too few people'
    case 'stale':
      return 'the evidence is too old'
    case 'error':
      return 'it could not be read'
    case 'undecided':
      return 'not decided yet'
    case 'notAvailable(licence)':
      return 'the licence does not give it'
    default:
      return why satisfies never
  }
}
