import { z } from 'zod'
import { duration, name, percent, whole } from './schema-parts.ts'

const readinessSchema = z
  .strictObject({
    unready: z
      .enum(['hold', 'defer'], { error: 'expects:unready' })
      .default('hold')
      .describe('What people do who cannot use MFA yet: hold stops the wave, defer leaves them out by name.'),
    min: percent
      .optional()
      .describe('With hold: this share must be ready. With defer: asked of the test users alone.'),
    deferAtMost: percent
      .optional()
      .describe('With defer: when more than this share is unready, the wave holds.'),
  })
  .describe('Can these people use MFA? Judged on the frozen cohort; no answer for a person is not a yes.')

const wouldBlockSchema = z
  .strictObject({
    max: percent.describe('Of those who signed in, this share may be blocked; more, and the wave holds.'),
  })
  .describe(
    'Whom the policy would keep out, told by a report-only twin of it before anybody is touched. Test users are asked only by their own wave.',
  )

const approvalSchema = z
  .strictObject({
    from: z
      .enum(['approver', 'none'], { error: 'expects:approval' })
      .describe('Who has to approve the wave: an approver who did not ask for it, or none.'),
    reason: name.optional().describe('With none: why no approval is needed.'),
    quorum: whole
      .max(20, { error: 'expects:quorum' })
      .optional()
      .describe('With approver: so many different approvers have to say yes. One, unless written.'),
    answerWithin: duration
      .optional()
      .describe('With approver: unanswered for so long, the wave holds. 3d, unless written.'),
  })
  .describe('The approval of a wave.')

const soakSchema = z
  .strictObject({
    for: duration.describe('Healthy time between the last change of a wave and its decision.'),
  })
  .describe('How long a wave is watched.')

const budgetSchema = z.strictObject({
  max: percent.describe(
    'Share of the wave, rounded down to people. The budget is spent when the count is above it.',
  ),
  onSpent: z
    .literal('hold', { error: 'expects:onSpent' })
    .default('hold')
    .describe('What happens when it is spent: the wave holds.'),
})

const lockedOut = budgetSchema.describe(
  'People our change has kept from signing in, ever; a rescued one counts.',
)
const failedChanges = budgetSchema.describe('People whose change failed.')

export const gatesSchema = z.strictObject({
  readiness: readinessSchema.default({ unready: 'hold', min: '95%' }),
  wouldBlock: wouldBlockSchema.optional(),
  approval: approvalSchema.default({ from: 'approver' }),
  soak: soakSchema.default({ for: '24h' }),
  budget: z
    .strictObject({
      lockedOut: lockedOut.default({ max: '2%', onSpent: 'hold' }),
      failedChanges: failedChanges.default({ max: '1%', onSpent: 'hold' }),
    })
    .prefault({})
    .describe('How much may go wrong, counted in people. The test users are allowed none.'),
})

export const waveGatesSchema = z.strictObject({
  readiness: readinessSchema.optional(),
  wouldBlock: wouldBlockSchema.optional(),
  approval: approvalSchema.optional(),
  soak: soakSchema.optional(),
  budget: z
    .strictObject({ lockedOut: lockedOut.optional(), failedChanges: failedChanges.optional() })
    .optional()
    .describe('How much may go wrong in this wave.'),
})

export type PlanGates = z.output<typeof gatesSchema>
export type PlanWaveGates = z.output<typeof waveGatesSchema>
