import { z } from 'zod'
import { name } from './schema-parts.ts'

/** Zero days: asked at every MFA. Graph takes no more than fourteen. */
const SNOOZE = /^(\d|1[0-4])d$/

export const campaignSchema = z
  .strictObject({
    method: z
      .enum(['microsoftAuthenticator', 'passkey'], { error: 'expects:campaignMethod' })
      .describe(
        'What people are asked to register: microsoftAuthenticator or passkey. A campaign asks for one.',
      ),
    group: name.describe(
      'Who is asked: a group (name or id) that holds the people before their wave, or all_users for everybody. Targets that stand there already are asked still.',
    ),
    snooze: z
      .string({ error: 'expects:snooze' })
      .regex(SNOOZE, { error: 'expects:snooze' })
      .optional()
      .describe(
        'How long somebody may put it off, 0d (asked at every MFA) to 14d, for everybody whom the campaign asks. Absent: as it stands.',
      ),
    requireAfterSnoozes: z
      .boolean({ error: 'expects:boolean' })
      .optional()
      .describe(
        'Whether registering is required after it was put off three times, for everybody whom the campaign asks. Absent: as it stands. Only beta of Graph knows it.',
      ),
  })
  .describe(
    'The registration campaign: one for the whole tenant. Changed at the start, put back at the end of the rollout.',
  )
