import type { PersonKind } from './person.ts'

export interface Place {
  kind: PersonKind
  admin: boolean
  /** Belongs to the group "IT department". */
  inIt: boolean
}

/**
 * What a tenant of this size is made of: for 1,200 people 61 guests, 22 shared mailboxes, 11 service accounts,
 * 2 emergency accounts, 14 administrators, 30 people in the IT department. The first three are always the emergency
 * accounts and the test user.
 */
export function composition(people: number): Place[] {
  const total = Math.max(3, Math.floor(people))
  const atLeastOne = total >= 20 ? 1 : 0
  const share = (of: number) => Math.max(atLeastOne, Math.round((total * of) / 1200))
  const plain = { admin: false, inIt: false }
  const places: Place[] = [
    { kind: 'emergency', ...plain },
    { kind: 'emergency', ...plain },
    { kind: 'member', admin: false, inIt: true },
  ]
  const add = (count: number, place: Place) => {
    for (let n = 0; n < count && places.length < total; n++) places.push(place)
  }
  add(Math.min(40, Math.max(4, Math.round(total / 40))) - 1, { kind: 'member', admin: false, inIt: true })
  add(share(14), { kind: 'member', admin: true, inIt: false })
  add(share(11), { kind: 'service', ...plain })
  add(share(22), { kind: 'shared', ...plain })
  add(share(61), { kind: 'guest', ...plain })
  add(total, { kind: 'member', ...plain })
  return places
}
