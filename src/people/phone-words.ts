import type { PhoneQuestion, PhoneReading, PhoneRefusal, PhoneWarning } from './phone-number.ts'

/** Fewer digits are no number that somebody is called on: none of them is shown. */
const A_NUMBER = 7

/** A number as it may be shown, "+45 *** 123": enough to tell two apart, too little to call. Words are not shown. */
export function maskedPhone(number: string): string {
  const text = number.trim().replace(/x\d+$/i, '')
  const digits = text.replace(/\D/g, '')
  if (/\p{L}/u.test(text) || digits.length < A_NUMBER) return '***'
  const country = /^\+\d{1,3}(?=\D)/.exec(text)?.[0]
  return `${country === undefined ? '' : `${country} `}*** ${digits.slice(-3)}`
}

/** Why a reading gives no number, in words; undefined where it does. The number itself is never in them. */
export function sayReading(reading: PhoneReading): string | undefined {
  switch (reading.is) {
    case 'ok':
    case 'repaired':
      return undefined
    case 'empty':
      return 'no number'
    case 'ask':
      return sayQuestion(reading.why, reading.perhaps)
    case 'unusable':
      return sayRefusal(reading.why)
    default:
      return reading satisfies never
  }
}

function sayQuestion(why: PhoneQuestion, perhaps: string | undefined): string {
  switch (why) {
    case 'countryUnknown':
      return 'the number has no country code, and neither the person nor the plan names a country'
    case 'ambiguous':
      return `the number may begin with a country code or not${perhaps ? ` (perhaps ${maskedPhone(perhaps)})` : ''}`
    case 'twoNumbers':
      return 'two numbers stand in one place'
    case 'words':
      return 'words stand beside the number'
    default:
      return why satisfies never
  }
}

function sayRefusal(why: PhoneRefusal): string {
  switch (why) {
    case 'scientific':
      return 'a spreadsheet has rounded the number, and its last digits are lost'
    case 'extension':
      return 'a mobile number with an extension; only an office number may have one'
    case 'impossible':
      return 'too short or too long for a number of its country'
    default:
      return why satisfies never
  }
}

/** What has to be known of a number that can be used. */
export function sayWarning(warning: PhoneWarning): string {
  switch (warning.is) {
    case 'landline':
      return 'a landline: it can be called, and gets no text message'
    case 'premium':
      return 'a number that costs the caller more'
    case 'voip':
      return 'a number of internet telephony'
    case 'noPersonalLine':
      return 'a service number, not a person’s line'
    case 'notInPlan':
      return 'in no known range of its country'
    case 'optIn':
      return `numbers of ${warning.region} need asking for at Microsoft first: “${warning.ticket}”`
    default:
      return warning satisfies never
  }
}

/** A number with this warning is registered for nobody before a person has looked at it. */
export function needsLook(warning: PhoneWarning): boolean {
  return warning.is === 'premium' || warning.is === 'noPersonalLine' || warning.is === 'notInPlan'
}
