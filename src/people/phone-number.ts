import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max'
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { optInFor } from './phone-regions.ts'
import { type PhoneText, type Repair, takeApart } from './phone-text.ts'

export const PHONE_TYPES = ['mobile', 'alternateMobile', 'office'] as const
export type PhoneType = (typeof PHONE_TYPES)[number]

/** What is said of a number that can be used. */
export type PhoneWarning =
  | { is: 'landline' }
  | { is: 'premium' }
  | { is: 'voip' }
  | { is: 'noPersonalLine' }
  /** As long as a number of the country, and in none of its known ranges. */
  | { is: 'notInPlan' }
  | { is: 'optIn'; region: string; ticket: string }

/** Why somebody has to look. */
export type PhoneQuestion = 'countryUnknown' | 'ambiguous' | 'twoNumbers' | 'words'
/** Why nothing can be made of it. */
export type PhoneRefusal = 'scientific' | 'extension' | 'impossible'

/** What can be made of a number as somebody typed it. `number` is Graph's own form: `+45 12345678`. */
export type PhoneReading =
  | { is: 'ok'; number: string; region: string | undefined; warns: PhoneWarning[] }
  | { is: 'repaired'; number: string; region: string | undefined; warns: PhoneWarning[]; repairs: Repair[] }
  | { is: 'empty' }
  /** `perhaps`: what it may be. */
  | { is: 'ask'; why: PhoneQuestion; perhaps?: string }
  | { is: 'unusable'; why: PhoneRefusal }

/** What is known besides the text. */
export interface PhoneContext {
  type: PhoneType
  /** Two letters: the person's, else the plan's. */
  region?: string | undefined
}

/** Only these are two texts of one number: the region is whatever the text says, the form is Graph's. */
export function readPhone(typed: string | null | undefined, { type, region }: PhoneContext): PhoneReading {
  const text = takeApart(typed ?? '')
  if (text.is === 'empty') return { is: 'empty' }
  if (text.is === 'scientific') return { is: 'unusable', why: 'scientific' }
  if (text.is !== 'digits') return { is: 'ask', why: text.is }
  const found = text.digits.startsWith('+')
    ? { number: parse(text.digits) }
    : nationally(text.digits, countryOf(region))
  if ('ask' in found)
    return { is: 'ask', why: found.ask, ...(found.perhaps ? { perhaps: found.perhaps } : {}) }
  const { number } = found
  if (!number?.isPossible()) return { is: 'unusable', why: 'impossible' }
  if (text.extension !== '' && type !== 'office') return { is: 'unusable', why: 'extension' }
  const form = graphForm(number, text.extension)
  const known = { number: form, region: number.country, warns: warningsOf(number, type) }
  if (typed?.toLowerCase() === form) return { is: 'ok', ...known }
  return { is: 'repaired', ...known, repairs: repairsOf(text, number) }
}

/** Graph's own form of a number. */
function graphForm(number: PhoneNumber, extension = ''): string {
  const main = `+${number.countryCallingCode} ${number.nationalNumber}`
  return extension === '' ? main : `${main}x${extension}`
}

/** Without a +: the digits may be national, or begin with a country code. */
function nationally(
  digits: string,
  country: CountryCode | undefined,
): { number: PhoneNumber | undefined } | { ask: PhoneQuestion; perhaps?: string } {
  const abroad = digits.startsWith('0') ? undefined : parse(`+${digits}`)
  const mayBeAbroad = abroad?.isValid() ? abroad : undefined
  const home = country && parse(digits, country)
  if (!home) {
    return mayBeAbroad ? { ask: 'ambiguous', perhaps: graphForm(mayBeAbroad) } : { ask: 'countryUnknown' }
  }
  if (!mayBeAbroad) return { number: home }
  // In North America the 1 is the country's code and its trunk prefix: both readings are one number.
  if (mayBeAbroad.number === home.number) {
    return home.countryCallingCode === '1'
      ? { number: home }
      : { ask: 'ambiguous', perhaps: graphForm(mayBeAbroad) }
  }
  return isMobile(home) ? { number: home } : { ask: 'ambiguous', perhaps: graphForm(mayBeAbroad) }
}

function parse(digits: string, country?: CountryCode): PhoneNumber | undefined {
  return parsePhoneNumberFromString(digits, {
    extract: false,
    ...(country ? { defaultCountry: country } : {}),
  })
}

function countryOf(region: string | undefined): CountryCode | undefined {
  const code = region?.trim().toUpperCase() ?? ''
  return isSupportedCountry(code) ? code : undefined
}

function isMobile(number: PhoneNumber): boolean {
  const kind = number.getType()
  return kind === 'MOBILE' || kind === 'FIXED_LINE_OR_MOBILE'
}

function warningsOf(number: PhoneNumber, type: PhoneType): PhoneWarning[] {
  const optIn = optInFor(number.countryCallingCode)
  return [...kindWarnings(number, type), ...(optIn ? [optIn] : [])]
}

function kindWarnings(number: PhoneNumber, type: PhoneType): PhoneWarning[] {
  const kind = number.getType()
  switch (kind) {
    case undefined:
      return [{ is: 'notInPlan' }]
    case 'FIXED_LINE':
      return type === 'office' ? [] : [{ is: 'landline' }]
    case 'PREMIUM_RATE':
    case 'SHARED_COST':
      return [{ is: 'premium' }]
    case 'VOIP':
      return [{ is: 'voip' }]
    case 'TOLL_FREE':
    case 'PAGER':
    case 'UAN':
    case 'VOICEMAIL':
      return [{ is: 'noPersonalLine' }]
    case 'MOBILE':
    case 'FIXED_LINE_OR_MOBILE':
    case 'PERSONAL_NUMBER':
      return []
    default:
      kind satisfies never
      return []
  }
}

function repairsOf(text: Extract<PhoneText, { is: 'digits' }>, number: PhoneNumber): Repair[] {
  const repairs = [...text.repairs]
  if (!text.digits.startsWith('+')) repairs.push('country added')
  else {
    const national = text.digits.slice(1 + number.countryCallingCode.length)
    if (national !== number.nationalNumber) repairs.push('trunk 0')
  }
  return repairs.length > 0 ? repairs : ['spacing']
}
