/** The language of most people in a country, where there is one. */
const SPOKEN: Readonly<Record<string, string>> = {
  AT: 'de',
  AU: 'en',
  CZ: 'cs',
  DE: 'de',
  DK: 'da',
  ES: 'es',
  FI: 'fi',
  FR: 'fr',
  GB: 'en',
  IE: 'en',
  IT: 'it',
  LI: 'de',
  MC: 'fr',
  NL: 'nl',
  NO: 'nb',
  NZ: 'en',
  PL: 'pl',
  PT: 'pt',
  SE: 'sv',
  SK: 'sk',
  US: 'en',
}

/** What a person reads, of the languages there are: as they chose, as their country does, or as the plan says. */
export function languageFor(
  person: { preferredLanguage: string | null; usageLocation: string | null },
  known: readonly string[],
  otherwise: string,
): string {
  const chosen = person.preferredLanguage?.split(/[-_]/)[0]?.toLowerCase()
  const spoken = SPOKEN[person.usageLocation?.toUpperCase() ?? '']
  return [chosen, spoken].find((one) => one !== undefined && known.includes(one)) ?? otherwise
}
