import { dice, pick, textHash } from '../random.ts'
import type { Office } from './names.ts'

/** Of each type at most one, as Graph shows it. */
export type Phones = Readonly<Partial<Record<PhoneType, string>>>
export type PhoneType = 'mobile' | 'alternateMobile' | 'office'

/** The mobile number that is somebody's own, and nobody else's: the one that rings in their pocket. */
export function ownMobile(index: number, { mobile }: Office): string {
  const range = 10 ** mobile.digits
  return `${mobile.code} ${mobile.prefix}${String((index * 7919 + 1234) % range).padStart(mobile.digits, '0')}`
}

/** How an administrator or a clerk of HR wrote a number down. */
type Hand = (own: string, office: Office) => string

const national = (own: string) => own.split(' ')[1] as string
const AS_IT_IS: Hand[] = [(own) => own]
const TO_REPAIR: Hand[] = [
  (own) => own.replace(' ', ''),
  (own) => own.replace('+', '00'),
  (own, { mobile }) => `${mobile.trunk}${national(own).replace(/(\d{3})(?=\d)/g, '$1 ')}`,
  (own, { mobile }) => (mobile.trunk === '' ? own.replace(' ', '-') : own.replace(' ', ` (${mobile.trunk})`)),
  (own) => own.replace(' ', '\u00A0'),
  (own) => `'${own.replace(' ', '')}`,
]
const BROKEN: Hand[] = [
  (own) => `${own[1]}.${own.replace(/\D/g, '').slice(1, 6)}E+11`,
  () => 'see reception',
  (own) => own.slice(0, -5),
]
// The reception's. The first account is an emergency account, which carries no phone.
const SHARED: Hand[] = [(_own, office) => ownMobile(0, office)]

/** The number in the directory: of those who have one, half is fit for use and a third can be repaired. */
export function writtenDown(seed: number, index: number, own: string, office: Office): string {
  const roll = dice(seed, textHash('phone'), index)
  const kind = roll()
  const hands = kind < 0.52 ? AS_IT_IS : kind < 0.9 ? TO_REPAIR : kind < 0.955 ? BROKEN : SHARED
  return pick(roll, hands)(own, office)
}
