/** Somebody's Temporary Access Pass. Its value is not kept: it is said once, to whoever made it. */
export interface AccessPass {
  id: string
  createdAt: number
  startsAt: number
  lifetimeInMinutes: number
  isUsableOnce: boolean
  /** When it was used first. */
  usedAt: number | null
}

/** The tenant's policy for passes, with a new tenant's values. */
export interface PassPolicy {
  isEnabled: boolean
  defaultLifetimeInMinutes: number
  minimumLifetimeInMinutes: number
  maximumLifetimeInMinutes: number
  defaultLength: number
  /** Every pass is good for one sign-in only. */
  isUsableOnce: boolean
  /** `all_users`, or the id of a group. */
  includes: string
  excludes: string | null
}

export const FIRST_PASS_POLICY: Readonly<PassPolicy> = {
  isEnabled: true,
  defaultLifetimeInMinutes: 60,
  minimumLifetimeInMinutes: 60,
  maximumLifetimeInMinutes: 480,
  defaultLength: 8,
  isUsableOnce: false,
  includes: 'all_users',
  excludes: null,
}

/** Good for a sign-in at this moment, as far as the pass itself goes. */
export function passState(pass: AccessPass, now: number): 'good' | 'notYetValid' | 'expired' | 'used' {
  if (pass.isUsableOnce && pass.usedAt !== null) return 'used'
  if (now < pass.startsAt) return 'notYetValid'
  return now < pass.startsAt + pass.lifetimeInMinutes * 60_000 ? 'good' : 'expired'
}
