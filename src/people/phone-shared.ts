/** One person's claim to a number, in Graph's own form. */
export interface PhoneClaim {
  id: string
  number: string
  /** Object id of the manager, where known. */
  managerId?: string | undefined
  /** The account is disabled or gone: the number was theirs. */
  hasLeft: boolean
}

/** Whose number it may be as well. */
export type PhoneClash =
  /** Of several people at once: a reception, or what HR fills in where nothing is known. */
  | { is: 'shared'; with: number }
  /** The manager's, on the card of who reports to them. */
  | { is: 'managers' }
  /** Of somebody who left. */
  | { is: 'leavers' }

/**
 * Who has a number that is not theirs alone. Two who share one are both named, unless one reports to the other: then it
 * is the manager's.
 */
export function clashesOf(claims: readonly PhoneClaim[]): Map<string, PhoneClash> {
  const byNumber = new Map<string, Map<string, PhoneClaim>>()
  for (const claim of claims) {
    const key = claim.number.replace(/\s/g, '')
    const holders = byNumber.get(key) ?? new Map<string, PhoneClaim>()
    byNumber.set(key, holders.set(claim.id, claim))
  }
  const clashes = new Map<string, PhoneClash>()
  for (const holders of byNumber.values()) {
    if (holders.size < 2) continue
    const present = [...holders.values()].filter(({ hasLeft }) => !hasLeft)
    for (const claim of present) {
      const clash = clashOf(claim, present)
      if (clash) clashes.set(claim.id, clash)
    }
  }
  return clashes
}

/** `present` are all who are here and have the number; who left has it too when nobody else is here. */
function clashOf(claim: PhoneClaim, present: readonly PhoneClaim[]): PhoneClash | undefined {
  const [first, second, third] = present
  if (second === undefined) return { is: 'leavers' }
  if (first === undefined || third !== undefined) return { is: 'shared', with: present.length - 1 }
  const other = claim.id === first.id ? second : first
  if (claim.managerId === other.id) return { is: 'managers' }
  return other.managerId === claim.id ? undefined : { is: 'shared', with: 1 }
}

export function sayClash(clash: PhoneClash): string {
  switch (clash.is) {
    case 'shared':
      return `the same number is on ${clash.with === 1 ? 'another person' : `${clash.with} other people`}`
    case 'managers':
      return 'the number is the manager’s'
    case 'leavers':
      return 'the number was that of somebody who left'
    default:
      return clash satisfies never
  }
}
