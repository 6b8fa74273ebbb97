import { z } from 'zod'
import type { HardwareToken, TokenState } from '../directory/hardware-tokens.ts'
import { latest, readable } from '../lagged.ts'
import type { Person } from '../people/person.ts'
import { badRequest, notFound } from './graph-error.ts'
import { deviceBody, inventory, onlyToken } from './hardware-token-body.ts'
import { page } from './page.ts'
import type { Answer, GraphCall, GraphRoute } from './route.ts'
import { isCodeOf } from './token-code.ts'
import { onePerson } from './users.ts'

const PATH = '/users/:id/authentication/hardwareOathMethods'
const WRITE = ['UserAuthMethod-HardwareOATH.ReadWrite.All', 'UserAuthenticationMethod.ReadWrite.All']
const READ = [...WRITE, 'UserAuthenticationMethod.Read.All']

const device = z.object({ id: z.string() })
const displayName = z.string().nullish()
const assignment = z.strictObject({ device, displayName })
const activation = z.strictObject({ verificationCode: z.string(), displayName })
const byDevice = activation.extend({ device })
const bySerial = activation.extend({ serialNumber: z.string() })

const route = { betaOnly: true, bucket: 'reports' as const, permissions: [WRITE] }

/** Somebody's hardware tokens. A token is the same, under the same id, here and in the inventory. */
export const HARDWARE_TOKEN_METHOD_ROUTES: GraphRoute[] = [
  {
    ...route,
    method: 'GET',
    path: PATH,
    permissions: [READ],
    answer(call) {
      const person = onePerson(call)
      const own = inventory(call).filter((token) => readable(token.state, call.now)?.assignedTo === person.id)
      const context = `users('${person.id}')/authentication/hardwareOathMethods`
      return page(call, own, { context, standard: 100, largest: 100 }, (token) => shown(call, token))
    },
  },
  {
    ...route,
    method: 'POST',
    path: PATH,
    answer(call) {
      const person = onePerson(call)
      const token = assignable(call, person, fromBody(assignment, call).device.id)
      if (latest(token.state)?.assignedTo !== person.id)
        set(call, token, { status: 'assigned', assignedTo: person.id })
      return { status: 201, body: { id: token.id, createdDateTime: null, device: { id: token.id } } }
    },
  },
  {
    ...route,
    method: 'POST',
    path: `${PATH}/assignAndActivate`,
    answer(call) {
      const body = fromBody(byDevice, call)
      const person = onePerson(call)
      return activate(call, person, assignable(call, person, body.device.id), body.verificationCode)
    },
  },
  {
    ...route,
    method: 'POST',
    path: `${PATH}/assignAndActivateBySerialNumber`,
    answer(call) {
      const body = fromBody(bySerial, call)
      const same = inventory(call).filter(({ serialNumber }) => serialNumber === body.serialNumber)
      const [only] = same
      if (only === undefined) throw notFound(body.serialNumber)
      if (same.length > 1) throw badRequest('Several tokens have this serial number.', 'badRequest')
      const person = onePerson(call)
      return activate(call, person, assignable(call, person, only.id), body.verificationCode)
    },
  },
  {
    ...route,
    method: 'POST',
    path: `${PATH}/:token/activate`,
    answer: (call) =>
      activate(call, onePerson(call), ownToken(call), fromBody(activation, call).verificationCode),
  },
  {
    ...route,
    method: 'POST',
    path: `${PATH}/:token/deactivate`,
    answer(call) {
      const token = ownToken(call)
      set(call, token, { status: 'assigned', assignedTo: latest(token.state)?.assignedTo ?? null })
      return { status: 204 }
    },
  },
  {
    ...route,
    method: 'DELETE',
    path: `${PATH}/:token`,
    answer(call) {
      set(call, ownToken(call), { status: 'available', assignedTo: null })
      return { status: 204 }
    },
  },
]

function assignable(call: GraphCall, person: Person, id: string): HardwareToken {
  const token = onlyToken(call, id)
  const state = latest(token.state)
  if (state === null) throw notFound(id)
  if (state.assignedTo !== null && state.assignedTo !== person.id)
    throw badRequest('The token is assigned to another user already.', 'badRequest')
  return token
}

/** A wrong code leaves the token with its holder, as one that failed. */
function activate(call: GraphCall, { id }: Person, token: HardwareToken, code: string): Answer {
  const isRight = isCodeOf(token, code, call.now)
  set(call, token, { status: isRight ? 'activated' : 'failedActivation', assignedTo: id })
  if (!isRight) throw badRequest('The verification code is not valid.', 'badRequest')
  return { status: 204 }
}

function set(call: GraphCall, token: HardwareToken, state: TokenState): void {
  call.world.change({ kind: 'setToken', token: token.id, state }, call.hand, call.now)
}

function ownToken(call: GraphCall): HardwareToken {
  const token = onlyToken(call, call.params.token as string)
  if (latest(token.state)?.assignedTo !== onePerson(call).id) throw notFound(token.id)
  return token
}

function fromBody<T>(schema: z.ZodType<T>, { body }: GraphCall): T {
  const read = schema.safeParse(body)
  if (!read.success) throw badRequest('The body is not valid.', 'badRequest')
  return read.data
}

function shown(call: GraphCall, token: HardwareToken) {
  const type = '#microsoft.graph.hardwareOathAuthenticationMethod'
  return { '@odata.type': type, id: token.id, createdDateTime: null, device: deviceBody(call, token) }
}
