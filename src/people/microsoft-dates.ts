import { z } from 'zod'

const day = z.iso.date().describe('A day, from its beginning in UTC.')

export const microsoftDateSchema = z.strictObject({
  id: z.enum([
    'smsVoiceRetired',
    'smsVoiceRetiredAdministratorsGuests',
    'mandatoryMfaPortals',
    'mandatoryMfaTools',
    'authenticationMethodsPolicy',
  ]),
  day,
  says: z.string().min(1),
  source: z.string().min(1).describe('Where Microsoft says so.'),
  sourceDay: day.describe('The day the source was read.'),
})
export type MicrosoftDate = z.infer<typeof microsoftDateSchema>

export const microsoftDatesSchema = z.strictObject({ dates: z.array(microsoftDateSchema) })
export type MicrosoftDates = z.infer<typeof microsoftDatesSchema>
