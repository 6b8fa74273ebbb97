import { findPerson } from '../directory/directory.ts'
import type { HardwareToken, TokenState } from '../directory/hardware-tokens.ts'
import { latest, readable } from '../lagged.ts'
import { filterTest } from './filter.ts'
import { badRequest, notFound } from './graph-error.ts'
import {
  type Creation,
  creationOf,
  creationsOf,
  deviceBody,
  inventory,
  onlyToken,
} from './hardware-token-body.ts'
import { page } from './page.ts'
import type { Answer, GraphCall, GraphRoute } from './route.ts'

const PATH = '/directory/authenticationMethodDevices/hardwareOathDevices'
const FILTERABLE = ['serialNumber', 'manufacturer', 'model', 'status']
const CONTEXT = 'directory/authenticationMethodDevices/hardwareOathDevices'

const route = {
  betaOnly: true,
  bucket: 'directory' as const,
  permissions: [['Policy.ReadWrite.AuthenticationMethod']],
}

/** The tenant's inventory of hardware tokens. */
export const HARDWARE_TOKEN_ROUTES: GraphRoute[] = [
  {
    ...route,
    method: 'GET',
    path: PATH,
    permissions: [['Policy.Read.AuthenticationMethod', 'Policy.ReadWrite.AuthenticationMethod']],
    answer(call) {
      const { test } = filterTest(call.query.$filter, { properties: FILTERABLE, eventual: call.eventual })
      const found = inventory(call).filter((token) =>
        test((property) => (deviceBody(call, token) as Record<string, unknown>)[property]),
      )
      return page(call, found, { context: CONTEXT, standard: 100, largest: 999 }, (token) =>
        deviceBody(call, token),
      )
    },
  },
  {
    ...route,
    method: 'GET',
    path: `${PATH}/:token`,
    permissions: [['Policy.Read.AuthenticationMethod', 'Policy.ReadWrite.AuthenticationMethod']],
    answer(call) {
      const token = onlyToken(call, call.params.token as string)
      if (readable(token.state, call.now) === null) throw notFound(token.id)
      return { status: 200, body: deviceBody(call, token) }
    },
  },
  { ...route, method: 'POST', path: PATH, answer: add },
  { ...route, method: 'PATCH', path: PATH, answer: add },
  {
    ...route,
    method: 'DELETE',
    path: `${PATH}/:token`,
    answer(call) {
      const token = onlyToken(call, call.params.token as string)
      const state = latest(token.state)
      if (state === null) throw notFound(token.id)
      if (state.assignedTo !== null) throw badRequest('The token is assigned to a user.', 'badRequest')
      call.world.change({ kind: 'setToken', token: token.id, state: null }, call.hand, call.now)
      return { status: 204 }
    },
  },
]

/** One page of the reference shows PATCH for many at once, another POST: both are taken. One alone goes by POST. */
function add(call: GraphCall): Answer {
  const many = creationsOf(call.body)
  if (many === undefined) return { status: 201, body: added(call, creationOf(call.body)) }
  return { status: 201, body: { value: many.map((one) => added(call, one)) } }
}

function added(call: GraphCall, { token, assignTo }: Creation) {
  const { world, hand, now } = call
  const holder = assignTo === null ? null : findPerson(world.directory, assignTo)
  if (holder === undefined) throw notFound(assignTo as string)
  const id = world.change({ kind: 'addToken', token }, hand, now) as string
  if (holder) {
    const state: TokenState = { status: 'assigned', assignedTo: holder.id }
    world.change({ kind: 'setToken', token: id, state }, hand, now)
  }
  const made = world.directory.tokens.get(id) as HardwareToken
  const { status, assignedTo } = latest(made.state) as TokenState
  const { state: _, secretKey: __, ...shown } = made
  return { ...shown, secretKey: null, status, assignedTo: assignedTo === null ? null : { id: assignedTo } }
}
