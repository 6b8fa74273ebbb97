import { isSupportedCountry } from 'libphonenumber-js/max'
import { errorAt, type Finding } from './problem.ts'
import type { Plan } from './schema.ts'

/** A region is a country that has telephone numbers. */
export function lintPreparePhones({ prepare }: Plan): Finding[] {
  const region = prepare?.phones?.region
  if (region === undefined || isSupportedCountry(region)) return []
  const message = `There is no country ${region}.`
  const hint = 'Write the two letters of ISO 3166, such as DK or GB (not UK).'
  return [errorAt(['prepare', 'phones', 'region'], 'wrongValue', message, hint)]
}
