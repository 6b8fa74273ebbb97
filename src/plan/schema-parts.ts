import { z } from 'zod'
import { DURATION_PATTERN, PERCENT_PATTERN } from './units.ts'

// An `error` of a part is the name of what was expected; expectations.ts turns it into code, words and hint.

export const name = z.string({ error: 'expects:text' }).trim().min(1, { error: 'expects:text' }).max(256, {
  error: 'expects:text',
})

export const slug = z
  .string({ error: 'expects:slug' })
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: 'expects:slug' })
  .max(60, { error: 'expects:slug' })

export const duration = z
  .string({ error: 'expects:duration' })
  .regex(DURATION_PATTERN, { error: 'expects:duration' })
  .meta({ examples: ['90s', '30m', '24h', '3d'] })

export const percent = z
  .string({ error: 'expects:percent' })
  .regex(PERCENT_PATTERN, { error: 'expects:percent' })
  .meta({ examples: ['2%', '10%', '2.5%'] })

export const whole = z
  .int({ error: 'expects:whole' })
  .min(1, { error: 'expects:whole' })
  .max(1_000_000, { error: 'expects:whole' })

export const paceSchema = z.strictObject({
  people: whole.default(200).describe('At most this many people are added ...'),
  per: duration.default('1h').describe('... in this time; budgets are read between.'),
})
