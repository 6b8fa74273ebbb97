import { type MicrosoftDates, phonesEndFor } from './microsoft-dates.ts'
import type { StrengthAsked } from './readiness.ts'
import { methodsThatMeet } from './strength-evidence.ts'

/** Delivered by Microsoft, in the words of the registration report. */
const PHONES: readonly string[] = ['mobilePhone', 'alternateMobilePhone', 'officePhone']
/** Registered, and no second factor to rely on. */
const BRIDGES: readonly string[] = ['temporaryAccessPass', 'email', 'securityQuestion', 'none']

export const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'

/** What somebody's registered methods come to. */
export type Methods =
  | { are: 'enough'; by: readonly string[] }
  /** Until then, by a phone alone. `end` undefined: no date of Microsoft's stands in the way. */
  | { are: 'phoneOnly'; by: readonly string[]; end: number | undefined }
  | { are: 'none'; aPhoneWouldDo: boolean }
  | { are: 'notAllowed'; by: readonly string[] }
  | { are: 'tooWeak'; by: readonly string[]; aPhoneWouldDo: boolean }
  | { are: 'notTold' }

export interface MethodsAsked {
  isMfaCapable: boolean
  /** undefined: the report does not say. */
  registered: readonly string[] | undefined
  strength: StrengthAsked | undefined
  dates: MicrosoftDates
  /** A Global Administrator or an external user. */
  isLater: boolean
}

/** Registered is not enough: only "capable" means that the tenant's policy allows a factor. */
export function judgeMethods({ isMfaCapable, registered, strength, dates, isLater }: MethodsAsked): Methods {
  if (registered === undefined) return { are: 'notTold' }
  const aPhoneWouldDo = strength === undefined || methodsThatMeet(PHONES, strength.combinations).length > 0
  const factors = registered.filter((method) => !BRIDGES.includes(method))
  if (factors.length === 0) return { are: 'none', aPhoneWouldDo }
  const meeting = strength ? methodsThatMeet(factors, strength.combinations) : factors
  if (meeting.length === 0) return { are: 'tooWeak', by: factors, aPhoneWouldDo }
  if (!isMfaCapable) return { are: 'notAllowed', by: meeting }
  if (meeting.every((method) => PHONES.includes(method)))
    return { are: 'phoneOnly', by: meeting, end: phonesEndFor(dates, isLater) }
  return { are: 'enough', by: meeting }
}
