import { z } from 'zod'

/** What a number can be registered as; an alternate number needs a mobile beside it, and is the person's own affair. */
export const PRELOAD_TYPES = ['mobile', 'office'] as const

const TWO_LETTERS = /^[A-Z]{2}$/
/** A file has an ending; what has none is a word, and the only word is directory. */
const DIRECTORY_OR_FILE = /^(directory|.*\.[A-Za-z0-9]{1,8})$/

export const phonesSchema = z
  .strictObject({
    from: z
      .string({ error: 'expects:phonesFrom' })
      .trim()
      .max(256, { error: 'expects:phonesFrom' })
      .regex(DIRECTORY_OR_FILE, { error: 'expects:phonesFrom' })
      .describe(
        'Where the numbers are: directory (the attribute mobilePhone, for an office the business phone), or a file beside the plan with a column for the person and one for the number.',
      ),
    region: z
      .string({ error: 'expects:region' })
      .regex(TWO_LETTERS, { error: 'expects:region' })
      .optional()
      .describe(
        'Country, in two letters, of numbers without a country code where the directory names none for the person.',
      ),
    onDifferent: z
      .enum(['keep', 'replace'], { error: 'expects:onDifferent' })
      .default('keep')
      .describe(
        'Where another number is registered already: keep it and say so, or replace it (the old one is kept on record).',
      ),
    type: z
      .enum(PRELOAD_TYPES, { error: 'expects:phoneType' })
      .default('mobile')
      .describe('What the number is registered as: mobile gets text messages and calls, office calls only.'),
  })
  .describe('Registers each person’s phone number before the switch, so that nobody meets the wizard.')

/** The file that the numbers come from; undefined: the directory. */
export function fileOfPhones({ from }: { from: string }): string | undefined {
  return from === 'directory' ? undefined : from
}
