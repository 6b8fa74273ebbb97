import { z } from 'zod'
import { compiledPrepareSchema } from './compiled-prepare.ts'
import { STRENGTH_NAMES, WHEN } from './schema-enforce.ts'
import { ATTRIBUTES } from './schema-members.ts'

const ms = z.int().positive()
const bp = z.int().min(0).max(10_000)

const membersSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('users'), users: z.array(z.string()) }),
  z.strictObject({
    kind: z.literal('csv'),
    csv: z.string(),
    digest: z.string().describe('of the bytes that were uploaded under that name'),
  }),
  z.strictObject({ kind: z.literal('group'), group: z.string() }),
  z.strictObject({
    kind: z.literal('filter'),
    filter: z.array(
      z.strictObject({ attribute: z.enum(ATTRIBUTES), values: z.array(z.string()), listed: z.boolean() }),
    ),
  }),
  z.strictObject({ kind: z.literal('share'), shareBp: bp }),
  z.strictObject({ kind: z.literal('rest') }),
  z.strictObject({ kind: z.literal('administrators') }),
])

const limitsSchema = z.strictObject({
  max: z.int().positive().nullable(),
  spread: z.enum(ATTRIBUTES).nullable(),
  maxPerDepartmentBp: bp.nullable(),
  managerApart: z.boolean(),
})

export const NO_LIMITS: CompiledLimits = {
  max: null,
  spread: null,
  maxPerDepartmentBp: null,
  managerApart: false,
}

const readinessSchema = z.discriminatedUnion('unready', [
  z.strictObject({ unready: z.literal('hold'), minBp: bp }),
  z.strictObject({ unready: z.literal('defer'), deferAtMostBp: bp }),
])

const approvalSchema = z.discriminatedUnion('from', [
  z.strictObject({
    from: z.literal('approver'),
    // A rollout that was stored before asked one approver, without an end.
    quorum: z.int().positive().default(1),
    answerWithinMs: ms.nullable().default(null),
  }),
  z.strictObject({ from: z.literal('none'), reason: z.string() }),
])

const budgetSchema = z.strictObject({ maxBp: bp, onSpent: z.literal('hold') })

const holdsSchema = z.strictObject({
  remindAtBp: z.array(bp).describe('shares of the time, rising'),
  expireAfterMs: ms,
  onExpire: z.enum(['escalate', 'note']),
})

const USUAL_HOLDS: z.infer<typeof holdsSchema> = {
  remindAtBp: [5_000, 9_000],
  expireAfterMs: 7 * 86_400_000,
  onExpire: 'escalate',
}

const pacedSchema = z.strictObject({ people: z.int().positive(), perMs: ms })

const gateSetSchema = z.strictObject({
  readiness: readinessSchema,
  wouldBlock: z.strictObject({ maxBp: bp }).nullable().default(null),
  approval: approvalSchema,
  soak: z.strictObject({ forMs: ms }),
  budget: z.strictObject({ lockedOut: budgetSchema, failedChanges: budgetSchema }),
})

export const compiledWaveSchema = z.strictObject({
  name: z.string(),
  index: z.int().nonnegative(),
  testUsers: z.boolean(),
  members: membersSchema,
  // A rollout that was stored before there were limits has none.
  limits: limitsSchema.default(() => NO_LIMITS),
  pace: pacedSchema,
  gates: gateSetSchema,
})

/** The plan as the engine reads it: nothing optional, milliseconds, basis points, gates resolved per wave. */
export const compiledPlanSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  change: z.string().nullable(),
  timezone: z.string(),
  salt: z.string(),
  enforce: z.strictObject({
    by: z.enum(['conditional-access', 'per-user-mfa']),
    group: z.string(),
    policy: z.string(),
    // A rollout that was stored before there were exceptions has none.
    exceptions: z.string().nullable().default(null),
    // A rollout that was stored before there was a choice asks for any second factor.
    strength: z.enum(STRENGTH_NAMES).default('mfa'),
    when: z.enum(WHEN).default('always'),
    trustedLocations: z
      .array(z.strictObject({ name: z.string(), ranges: z.array(z.string()).nullable() }))
      .default([]),
    administrators: z.strictObject({ group: z.string(), policy: z.string() }).nullable().default(null),
    // A rollout that was stored before there was the choice leaves per-user MFA alone.
    retirePerUserMfa: z.boolean().default(false),
    // A rollout that was stored before there was the choice ends nobody's sessions.
    revokeSessions: z.boolean().default(false),
  }),
  protect: z.strictObject({
    emergencyAccounts: z.array(z.string()),
    // A rollout that was stored before there was a choice asks as the default does.
    emergencySignInMs: ms.default(90 * 86_400_000),
    groups: z.array(z.string()),
  }),
  // A rollout that was stored before people were prepared prepares nobody.
  prepare: compiledPrepareSchema.default(null),
  rollback: z.strictObject({ windowMs: ms }),
  graduate: z.literal('all-users').nullable().default(null),
  // A rollout that was stored before holds had an age.
  holds: holdsSchema.default(() => USUAL_HOLDS),
  newJoiners: z.enum(['last-wave', 'catch-up', 'none']).default('last-wave'),
  telephonyProvider: z.boolean().default(false),
  // A rollout that was stored before parks whoever was quiet for a month.
  away: z.strictObject({ afterMs: ms }).default(() => ({ afterMs: 30 * 86_400_000 })),
  catchUp: z
    .strictObject({ name: z.string(), everyMs: ms, pace: pacedSchema, gates: gateSetSchema })
    .nullable()
    .default(null),
  waves: z.array(compiledWaveSchema),
})

export type CompiledPlan = z.infer<typeof compiledPlanSchema>
export type CompiledWave = z.infer<typeof compiledWaveSchema>
export type CompiledHolds = CompiledPlan['holds']
export type CompiledMembers = CompiledWave['members']
export type CompiledFilter = Extract<CompiledMembers, { kind: 'filter' }>['filter']
export type CompiledLimits = z.infer<typeof limitsSchema>
export type CompiledGates = CompiledWave['gates']
export type CompiledReadiness = CompiledGates['readiness']
export type CompiledWouldBlock = NonNullable<CompiledGates['wouldBlock']>
export type CompiledBudget = CompiledGates['budget']['lockedOut']
