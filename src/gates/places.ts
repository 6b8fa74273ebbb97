import type { SignIn } from './sign-in.ts'

/** `used`: somewhere the person is known to work. `strange`: not there in fourteen days. `untold`: not to be judged. */
export type Whereabouts = 'used' | 'strange' | 'untold'

/** Days on which somebody got in from a town before the town alone makes an address theirs. */
const DAYS_IN_TOWN = 4
const DAYS_OF_HABIT = 14

export interface Habits {
  /** All that is known of the person's sign-ins, those before the switch too. */
  rows: readonly SignIn[]
  /** The log was read back for `habitMs` before the switch. */
  isKnown: boolean
  habitMs: number
  /** The sign-in met our policy: nobody but the person can do that. */
  isProof(row: SignIn): boolean
}

/**
 * Where a sign-in came from, as this person goes. Strangers who know a password get in where nothing else is asked, so
 * one success in a town makes it nobody's: an address of the same network does, MFA met there, or four days of them.
 */
export function whereabouts(row: SignIn, habits: Habits): Whereabouts {
  const { place } = row
  const since = row.createdDateTime - habits.habitMs
  const successes = habits.rows.filter((one) => one.errorCode === 0 && one.createdDateTime >= since)
  const network = place?.ip ? networkOf(place.ip) : undefined
  const town = townOf(row)
  if (network === undefined && town === undefined) return 'untold'
  const isSameNetwork = (one: SignIn) =>
    network !== undefined && one.place?.ip != null && networkOf(one.place.ip) === network
  if (successes.some(isSameNetwork)) return 'used'
  const inTown = successes.filter((one) => town !== undefined && townOf(one) === town)
  if (inTown.some(habits.isProof)) return 'used'
  const day = habits.habitMs / DAYS_OF_HABIT
  if (new Set(inTown.map((one) => Math.floor(one.createdDateTime / day))).size >= DAYS_IN_TOWN) return 'used'
  const earlier = successes.some((one) => one.createdDateTime < row.createdDateTime && one.place != null)
  return habits.isKnown && earlier ? 'strange' : 'untold'
}

function townOf({ place }: SignIn): string | undefined {
  return place?.city && place.country ? `${place.city}, ${place.country}`.toLowerCase() : undefined
}

/** What one household or office shares: /24 of IPv4, /64 of IPv6. */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip.split('.').slice(0, 3).join('.')
  const [head = '', tail] = ip.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
