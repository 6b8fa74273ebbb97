import { z } from 'zod'
import { duration, percent } from './schema-parts.ts'

/** How long a hold may stand before somebody hears of it again. No timer of it ever moves a person. */
export const holdsSchema = z
  .strictObject({
    remindAt: z
      .array(percent, { error: 'expects:list' })
      .default(['50%', '90%'])
      .describe('Reminders, as shares of the time until a hold or an approval has waited too long.'),
    expireAfter: duration.default('7d').describe('How long a hold may stand.'),
    onExpire: z
      .enum(['escalate', 'note'], { error: 'expects:onExpire' })
      .default('escalate')
      .describe('What is said then: an escalation, or a note. The hold stays either way.'),
  })
  .describe('Holds that nobody looks at: reminders and an end. Nothing moves because of them.')
