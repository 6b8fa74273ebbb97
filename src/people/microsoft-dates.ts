import { z } from 'zod'

const day = z.iso.date().describe('A day, from its beginning in UTC.')

export const DATE_IDS = [
  'smsVoiceRetired',
  'smsVoiceRetiredAdministratorsGuests',
  'mandatoryMfaPortals',
  'mandatoryMfaTools',
  'authenticationMethodsPolicy',
] as const
export type DateId = (typeof DATE_IDS)[number]

export const microsoftDateSchema = z.strictObject({
  id: z.enum(DATE_IDS),
  day,
  says: z.string().min(1),
  source: z.string().min(1).describe('Where Microsoft says so.'),
  sourceDay: day.describe('The day of the page, or on which it was read.'),
})
export type MicrosoftDate = z.infer<typeof microsoftDateSchema>

export const microsoftDatesSchema = z
  .strictObject({ dates: z.array(microsoftDateSchema) })
  .refine(({ dates }) => new Set(dates.map(({ id }) => id)).size === dates.length, 'the same id stands twice')
export type MicrosoftDates = z.infer<typeof microsoftDatesSchema>

/** As Microsoft has published them. */
export const MICROSOFT_DATES: MicrosoftDates = {
  dates: [
    {
      id: 'smsVoiceRetired',
      day: '2027-02-01',
      says: 'Microsoft delivers no text messages and calls any more for MFA and password reset; whoever has nothing else must register a passkey at the next sign-in',
      source: 'learn.microsoft.com, entra/identity/authentication/concept-sms-voice-retirement',
      sourceDay: '2026-06-10',
    },
    {
      id: 'smsVoiceRetiredAdministratorsGuests',
      day: '2027-07-01',
      says: 'The same for Global Administrators and external users',
      source: 'learn.microsoft.com, entra/identity/authentication/concept-sms-voice-retirement',
      sourceDay: '2026-06-10',
    },
    {
      id: 'mandatoryMfaPortals',
      day: '2024-10-15',
      says: 'Microsoft itself demands MFA in the Azure portal and the Entra and Intune admin centres, and since February 2025 in the Microsoft 365 admin centre; nobody can be left out',
      source:
        'learn.microsoft.com, entra/identity/authentication/concept-mandatory-multifactor-authentication',
      sourceDay: '2025-07-29',
    },
    {
      id: 'mandatoryMfaTools',
      day: '2025-10-01',
      says: 'Microsoft itself demands MFA for changes by Azure CLI, PowerShell, the mobile app and infrastructure tools; accounts of people that serve as service accounts stop working',
      source:
        'learn.microsoft.com, entra/identity/authentication/concept-mandatory-multifactor-authentication',
      sourceDay: '2025-07-29',
    },
    {
      id: 'authenticationMethodsPolicy',
      day: '2025-09-30',
      says: 'Methods are managed in the authentication methods policy alone, no more in the old settings of MFA and password reset',
      source: 'learn.microsoft.com, entra/identity/authentication/concept-authentication-methods-manage',
      sourceDay: '2025-07-29',
    },
  ],
}

/** Milliseconds since the epoch; undefined: a file of dates that replaces ours does not name it. */
export function dateOf({ dates }: MicrosoftDates, id: DateId): number | undefined {
  const found = dates.find((one) => one.id === id)
  return found && Date.parse(`${found.day}T00:00:00Z`)
}

/** From when on text messages and calls of Microsoft's reach this kind of person no more. */
export function phonesEndFor(dates: MicrosoftDates, isLater: boolean): number | undefined {
  const general = dateOf(dates, 'smsVoiceRetired')
  return isLater ? (dateOf(dates, 'smsVoiceRetiredAdministratorsGuests') ?? general) : general
}
