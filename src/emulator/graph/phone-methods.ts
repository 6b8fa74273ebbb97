import { z } from 'zod'
import { PHONE_IDS } from '../directory/change-phones.ts'
import { isFor } from '../directory/phone-policy.ts'
import { latest, readable } from '../lagged.ts'
import type { Person } from '../people/person.ts'
import type { PhoneType } from '../people/phones.ts'
import { badRequest, GraphError, notFound } from './graph-error.ts'
import { page } from './page.ts'
import type { GraphCall, GraphRoute } from './route.ts'
import { onePerson } from './users.ts'

const PATH = '/users/:id/authentication/phoneMethods'
const BROAD = 'UserAuthenticationMethod.ReadWrite.All'
const WRITE = ['UserAuthMethod-Phone.ReadWrite.All', BROAD]
const READ = [...WRITE, 'UserAuthMethod-Phone.Read.All', 'UserAuthenticationMethod.Read.All']

// With or without the blank, as several tools send it; shown with it. The codes of the refusals are not documented.
const CODE =
  '1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\\d|3[578]\\d|42\\d|5[09]\\d|6[7-9]\\d|8[0578]\\d|9[679]\\d'
const FORM = new RegExp(`^\\+(${CODE}) ?(\\d{4,14})(x\\d+)?$`)
const phoneType = z.enum(['mobile', 'alternateMobile', 'office'])
const creation = z.strictObject({ phoneNumber: z.string().regex(FORM), phoneType })
const update = z.strictObject({ phoneNumber: z.string().regex(FORM), phoneType: phoneType.optional() })

const route = { bucket: 'reports' as const }

export const PHONE_METHOD_ROUTES: GraphRoute[] = [
  {
    ...route,
    method: 'GET',
    path: PATH,
    permissions: [READ],
    answer(call) {
      const person = onePerson(call)
      const phones = readable(person.phones, call.now)
      const types = phoneType.options.filter((type) => phones[type] !== undefined)
      const context = `users('${person.id}')/authentication/phoneMethods`
      return page(call, types, { context, standard: 100, largest: 100 }, (type) =>
        shown(call, person, type, phones[type] as string),
      )
    },
  },
  {
    ...route,
    method: 'GET',
    path: `${PATH}/:method`,
    permissions: [READ],
    answer(call) {
      const person = onePerson(call)
      const type = typeOf(call)
      const number = readable(person.phones, call.now)[type]
      if (number === undefined) throw notFound(call.params.method as string)
      return { status: 200, body: shown(call, person, type, number) }
    },
  },
  {
    ...route,
    method: 'POST',
    path: PATH,
    permissions: [WRITE],
    answer(call) {
      const person = onePerson(call)
      const body = creation.safeParse(call.body)
      if (!body.success) throw badRequest('The phone number or type is not valid.', 'badRequest')
      const { phoneNumber, phoneType: type } = body.data
      const phones = latest(person.phones)
      if (phones[type] !== undefined) throw badRequest(`A ${type} phone is registered already.`, 'badRequest')
      if (type === 'alternateMobile' && phones.mobile === undefined) {
        throw badRequest('An alternateMobile phone needs a mobile phone.', 'badRequest')
      }
      set(call, person, type, phoneNumber)
      return { status: 201, body: shown(call, person, type, latest(person.phones)[type] as string) }
    },
  },
  {
    ...route,
    method: 'PATCH',
    path: `${PATH}/:method`,
    permissions: [WRITE],
    answer(call) {
      const person = onePerson(call)
      const type = typeOf(call)
      const body = update.safeParse(call.body)
      if (!body.success) throw badRequest('The phone number is not valid.', 'badRequest')
      if ((body.data.phoneType ?? type) !== type)
        throw badRequest('phoneType cannot be changed.', 'badRequest')
      if (latest(person.phones)[type] === undefined) throw notFound(call.params.method as string)
      set(call, person, type, body.data.phoneNumber)
      return { status: 204 }
    },
  },
  {
    ...route,
    method: 'DELETE',
    path: `${PATH}/:method`,
    permissions: [WRITE],
    answer(call) {
      const person = onePerson(call)
      const type = typeOf(call)
      const phones = latest(person.phones)
      if (phones[type] === undefined) throw notFound(call.params.method as string)
      if (type === 'mobile' && phones.alternateMobile !== undefined) {
        throw badRequest(
          'The mobile phone cannot be deleted while there is an alternateMobile phone.',
          'badRequest',
        )
      }
      if (type === 'mobile' && person.phoneIsDefault) {
        throw badRequest('The default authentication method cannot be deleted.', 'badRequest')
      }
      call.world.change({ kind: 'setPhone', user: person.id, type, number: null }, call.hand, call.now)
      return { status: 204 }
    },
  },
]

function typeOf(call: GraphCall): PhoneType {
  const id = (call.params.method as string).toLowerCase()
  const found = phoneType.options.find((type) => PHONE_IDS[type] === id)
  if (!found) throw notFound(call.params.method as string)
  return found
}

/** Registers the number; what is made of it for signing in may fail after that. */
function set(call: GraphCall, person: Person, type: PhoneType, sent: string): void {
  const [, code, number, extension = ''] = FORM.exec(sent) as RegExpExecArray
  const change = {
    kind: 'setPhone',
    user: person.id,
    type,
    number: `+${code} ${number}${extension}`,
  } as const
  call.world.change(change, call.hand, call.now)
  if (type === 'mobile' && signsIn(call, person) && !isUnique(call, person)) {
    throw new GraphError(409, 'phoneNumberNotUnique', 'The phone number is used by another user to sign in.')
  }
}

function signsIn(call: GraphCall, person: Person): boolean {
  const { directory } = call.world
  const { sms, smsFor, smsIsUsableForSignIn } = directory.phonePolicy
  return sms && smsIsUsableForSignIn && isFor(directory, smsFor, person.id)
}

function isUnique(call: GraphCall, person: Person): boolean {
  const number = latest(person.phones).mobile
  return !call.world.directory.people.some(
    (other) => other !== person && !other.deleted && latest(other.phones).mobile === number,
  )
}

function shown(call: GraphCall, person: Person, type: PhoneType, phoneNumber: string) {
  const context = `${call.base}/$metadata#users('${person.id}')/authentication/phoneMethods/$entity`
  const state = signsIn(call, person)
    ? isUnique(call, person)
      ? 'ready'
      : 'phoneNumberNotUnique'
    : 'notAllowedByPolicy'
  return {
    '@odata.context': context,
    id: PHONE_IDS[type],
    phoneNumber,
    phoneType: type,
    smsSignInState: type === 'mobile' ? state : 'notSupported',
    createdDateTime: null,
  }
}
