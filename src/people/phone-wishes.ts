import { type PhoneReading, type PhoneType, type PhoneWarning, readPhone } from './phone-number.ts'
import { clashesOf, type PhoneClaim, sayClash } from './phone-shared.ts'
import { needsLook, sayReading, sayWarning } from './phone-words.ts'

/** Somebody and the number that stands for them, as somebody typed it. */
export interface PhoneEntry {
  id: string
  typed: string | null | undefined
  /** Two letters; absent: the plan's. */
  region?: string | undefined
  managerId?: string | undefined
  hasLeft: boolean
  /** Why the number is in doubt whatever it is: two rows of a file contradict, ... */
  doubt?: string | undefined
}

/** The number somebody may get, or why a person has to look first. */
export type PhoneWish =
  | { is: 'number'; number: string; warns: readonly PhoneWarning[] }
  | { is: 'needs'; why: string }

/** What each person is to get. Whose number it is shows only among everybody: give all, also those who left. */
export function phoneWishes(
  everybody: readonly PhoneEntry[],
  { type, region }: { type: PhoneType; region: string | null },
): Map<string, PhoneWish> {
  const readings = new Map(
    everybody.map((one): [string, PhoneReading] => [
      one.id,
      readPhone(one.typed, { type, region: one.region ?? region ?? undefined }),
    ]),
  )
  const claims = everybody.flatMap((one): PhoneClaim[] => {
    const reading = readings.get(one.id)
    if (!reading || !('number' in reading)) return []
    return [{ id: one.id, number: reading.number, managerId: one.managerId, hasLeft: one.hasLeft }]
  })
  // A switchboard's number is everybody's at an office; the extension tells people apart.
  const clashes = clashesOf(claims)
  return new Map(
    everybody.map((one) => {
      const clash = clashes.get(one.id)
      const reading = readings.get(one.id) as PhoneReading
      return [one.id, wishOf(reading, one.doubt ?? (clash && sayClash(clash)))]
    }),
  )
}

function wishOf(reading: PhoneReading, doubt: string | undefined): PhoneWish {
  if (doubt !== undefined) return { is: 'needs', why: doubt }
  if (!('number' in reading)) return { is: 'needs', why: sayReading(reading) ?? 'no number' }
  const look = reading.warns.find(needsLook)
  if (look) return { is: 'needs', why: sayWarning(look) }
  return { is: 'number', number: reading.number, warns: reading.warns }
}
