/**
 * Country codes to which Microsoft sends text messages and calls only after the tenant has asked for it, as data. Source:
 * MicrosoftDocs/entra-docs `docs/identity/authentication/concept-mfa-regional-opt-in.md`, as of 2025-05-20; the page says
 * that the list changes. The codes named here are those the field notes quote from it; a code that is absent is not
 * proven to be free.
 */
export const OPT_IN_SOURCE = { page: 'concept-mfa-regional-opt-in.md', asOf: '2025-05-20' } as const

/** By code, the country it is listed as: whose islands share a code are asked for with it. */
const OPT_IN_CODES: ReadonlyMap<string, string> = new Map([
  ['31', 'NL'],
  ['44', 'GB'],
  ['45', 'DK'],
  ['49', 'DE'],
  ['420', 'CZ'],
])

/** The warning for numbers of a country code that needs asking for, with the text of the ticket; undefined: none is known. */
export function optInFor(callingCode: string): { is: 'optIn'; region: string; ticket: string } | undefined {
  const region = OPT_IN_CODES.get(callingCode)
  if (region === undefined) return undefined
  const ticket = `Please enable text messages and voice calls of Microsoft Entra multifactor authentication to numbers of +${callingCode} (${region}) for our tenant (${OPT_IN_SOURCE.page}, ${OPT_IN_SOURCE.asOf}).`
  return { is: 'optIn', region, ticket }
}
