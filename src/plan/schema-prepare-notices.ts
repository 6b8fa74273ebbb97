import { z } from 'zod'
import { duration, name } from './schema-parts.ts'

const lead = duration.refine((text) => Number(text.slice(0, -1)) > 0, { error: 'expects:duration' })
const leads = z.array(lead, { error: 'expects:list' }).max(10, { error: 'expects:list' })
const language = z.string({ error: 'expects:language' }).regex(/^[a-z]{2,3}$/, { error: 'expects:language' })

/** Mails to people about their own switch. */
export const noticesSchema = z
  .strictObject({
    sender: name.describe('The mailbox that sends, by sign-in name or object id. It needs Mail.Send.'),
    before: leads
      .min(1, { error: 'expects:list' })
      .describe(
        'How long before the switch. Nobody is switched sooner after their first notice than its time, nor after their last one than its time.',
      ),
    on: z
      .boolean({ error: 'expects:boolean' })
      .default(false)
      .describe('A notice as soon as the person is in place.'),
    after: leads.default([]).describe('How long after the person is in place.'),
    templates: z
      .array(name, { error: 'expects:list' })
      .min(1, { error: 'expects:list' })
      .max(40, { error: 'expects:list' })
      .optional()
      .describe(
        'Files beside the plan, one a language, named by it: mail.en.md. Absent: the templates that come with wavegate.',
      ),
    language: language
      .default('en')
      .describe('For whoever has neither a language nor a country of a template.'),
    contact: name.describe('Whom people ask for a postponement: the help desk, with its number or address.'),
    unreachable: z
      .enum(['defer', 'enforce'], { error: 'expects:unreachable' })
      .default('defer')
      .describe(
        'Whom no first notice reached (no address, refused, fate unknown): left for later by name, or switched after the same time. Test users are always switched.',
      ),
  })
  .describe('Mails to each person before, on and after their switch.')
