import type { Hand } from '../journal.ts'
import { latest, write } from '../lagged.ts'
import type { Method, Person } from '../people/person.ts'
import type { Phones, PhoneType } from '../people/phones.ts'
import type { ChangeContext } from './change-context.ts'
import { turnWhenReady } from './change-per-user-mfa.ts'
import type { PhonePolicy } from './phone-policy.ts'

/** The same in every tenant of the world. */
export const PHONE_IDS: Readonly<Record<PhoneType, string>> = {
  mobile: '3179e48a-750b-4051-897c-87b9720928f7',
  alternateMobile: 'b6332ec1-7057-4abe-9331-3d72feddfe41',
  office: 'e37fc753-ff3b-4958-9484-eaa9425c82bc',
}

const METHODS: Readonly<Record<PhoneType, Method>> = {
  mobile: 'mobilePhone',
  alternateMobile: 'alternateMobilePhone',
  office: 'officePhone',
}

/** Registers a number, changes it, or takes it away (null). Reads show it soon, the report hours later. */
export function setPhone(
  context: ChangeContext,
  person: Person,
  type: PhoneType,
  number: string | null,
  hand: Hand,
  now: number,
): void {
  const before = latest(person.phones)
  if ((before[type] ?? null) === number) return
  const change = context.next()
  const { [type]: was, ...others } = before
  const after: Phones = number === null ? others : { ...others, [type]: number }
  const { untilRead, untilReported } = context.delays
  write(person.phones, after, { now, readAt: now + untilRead(change), biteAt: now })
  const methods = latest(person.methods).filter((method) => method !== METHODS[type])
  const having = number === null ? methods : [...methods, METHODS[type]]
  write(person.methods, having, { now, readAt: now + untilReported(change), biteAt: now })
  if (type === 'mobile') {
    // Another's number never rings in this person's pocket.
    person.phoneBroken = number !== null && number.replace(' ', '') !== person.ownMobile.replace(' ', '')
    if (number === null) person.phoneIsDefault = false
  }
  const target = `users/${person.id}/authentication/phoneMethods/${PHONE_IDS[type]}`
  const shown = (phoneNumber: string | null | undefined) => (phoneNumber ? { phoneNumber } : null)
  context.journal.add(now, hand, target, shown(was), shown(number))
  turnWhenReady(context, person, now)
}

export function setDefaultPhone(
  context: ChangeContext,
  person: Person,
  isDefault: boolean,
  hand: Hand,
  now: number,
): void {
  if (person.phoneIsDefault === isDefault) return
  context.next()
  person.phoneIsDefault = isDefault
  const target = `users/${person.id}/authentication/signInPreferences`
  context.journal.add(now, hand, target, { phoneIsDefault: !isDefault }, { phoneIsDefault: isDefault })
}

export function setPhonePolicy(
  context: ChangeContext,
  set: Partial<PhonePolicy>,
  hand: Hand,
  now: number,
): void {
  const before = context.directory.phonePolicy
  context.next()
  context.directory.phonePolicy = { ...before, ...set }
  context.journal.add(
    now,
    hand,
    'policies/authenticationMethodsPolicy',
    before,
    context.directory.phonePolicy,
  )
}

/** After a person, or another hand, has set the methods: a phone among them has the person's own number. */
export function keepPhonesWith(context: ChangeContext, person: Person, now: number): void {
  const before = latest(person.phones)
  const methods = latest(person.methods)
  const has = methods.includes('mobilePhone')
  if (has === (before.mobile !== undefined)) return
  const { mobile: _, ...others } = before
  const number = person.phoneBroken ? person.ownMobile.slice(0, -5) : person.ownMobile
  const after: Phones = has ? { ...others, mobile: number } : others
  const readAt = now + context.delays.untilRead(context.next())
  write(person.phones, after, { now, readAt, biteAt: now })
  person.phoneIsDefault = has && methods[0] === 'mobilePhone'
}
