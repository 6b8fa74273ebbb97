import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type AccessPass, type PassPolicy, passState } from '../directory/access-passes.ts'
import type { NewPass } from '../directory/change-passes.ts'
import { readableMembers } from '../directory/membership.ts'
import type { Person } from '../people/person.ts'
import { badRequest, GraphError, notFound } from './graph-error.ts'
import type { GraphCall, GraphRoute } from './route.ts'
import { onePerson } from './users.ts'

const PATH = '/users/:id/authentication/temporaryAccessPassMethods'
const CONFIGURATION =
  '/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass'

const wanted = z.strictObject({
  '@odata.type': z.string().optional(),
  startDateTime: z.iso.datetime({ offset: true }).nullish(),
  lifetimeInMinutes: z.int().min(10).max(43_200).nullish(),
  isUsableOnce: z.boolean().nullish(),
})

const READ = [
  [
    'UserAuthMethod-TAP.Read.All',
    'UserAuthMethod-TAP.ReadWrite.All',
    'UserAuthenticationMethod.Read.All',
    'UserAuthenticationMethod.ReadWrite.All',
  ],
]
const WRITE = [['UserAuthMethod-TAP.ReadWrite.All', 'UserAuthenticationMethod.ReadWrite.All']]

/** Passes of a person, of whom one stands at a time, and the tenant's policy for them. */
export const ACCESS_PASS_ROUTES: GraphRoute[] = [
  {
    method: 'GET',
    path: PATH,
    bucket: 'reports',
    permissions: READ,
    answer(call) {
      const person = onePerson(call)
      const pass = call.world.directory.passes.get(person.id)
      const value = pass ? [bodyOf(call, person, pass)] : []
      return { status: 200, body: { '@odata.context': contextOf(call, person), value } }
    },
  },
  {
    method: 'GET',
    path: `${PATH}/:pass`,
    bucket: 'reports',
    permissions: READ,
    answer(call) {
      const person = onePerson(call)
      const body = bodyOf(call, person, onePass(call, person))
      return { status: 200, body: { '@odata.context': `${contextOf(call, person)}/$entity`, ...body } }
    },
  },
  {
    method: 'POST',
    path: PATH,
    bucket: 'reports',
    permissions: WRITE,
    answer(call) {
      const person = onePerson(call)
      const { passPolicy, passes } = call.world.directory
      const pass = newPass(call, person, passPolicy)
      call.world.change({ kind: 'createPass', user: person.id, pass }, call.hand, call.now)
      const made = bodyOf(call, person, passes.get(person.id) as AccessPass)
      // Said this once: neither the journal nor the state file has it.
      const temporaryAccessPass = randomBytes(passPolicy.defaultLength).toString('base64url')
      const context = `${contextOf(call, person)}/$entity`
      const said = temporaryAccessPass.slice(0, passPolicy.defaultLength)
      return { status: 201, body: { '@odata.context': context, ...made, temporaryAccessPass: said } }
    },
  },
  {
    method: 'DELETE',
    path: `${PATH}/:pass`,
    bucket: 'reports',
    permissions: WRITE,
    answer(call) {
      const { id: user } = onePerson(call)
      onePass(call, onePerson(call))
      call.world.change({ kind: 'deletePass', user }, call.hand, call.now)
      return { status: 204 }
    },
  },
  {
    method: 'GET',
    path: CONFIGURATION,
    bucket: 'directory',
    permissions: [
      ['Policy.Read.AuthenticationMethod', 'Policy.ReadWrite.AuthenticationMethod', 'Policy.Read.All'],
    ],
    answer(call) {
      const context = `${call.base}/$metadata#authenticationMethodConfigurations/$entity`
      const body = passConfiguration(call.world.directory.passPolicy)
      return { status: 200, body: { '@odata.context': context, ...body } }
    },
  },
]

function onePass(call: GraphCall, person: Person): AccessPass {
  const id = call.params.pass as string
  const pass = call.world.directory.passes.get(person.id)
  if (pass?.id !== id) throw notFound(id)
  return pass
}

// In what words Graph refuses these is not documented.
function newPass(call: GraphCall, person: Person, policy: PassPolicy): NewPass {
  if (!policy.isEnabled) throw badRequest('Temporary Access Pass is not enabled in the tenant.', 'badRequest')
  if (person.kind === 'guest')
    throw new GraphError(
      400,
      'badRequest',
      'Temporary Access Pass cannot be added to an external guest user.',
    )
  const body = wanted.safeParse(call.body ?? {})
  if (!body.success) throw badRequest('The Temporary Access Pass is not valid.', 'badRequest')
  const { startDateTime, lifetimeInMinutes, isUsableOnce } = body.data
  const lifetime = lifetimeInMinutes ?? policy.defaultLifetimeInMinutes
  const once = isUsableOnce ?? policy.isUsableOnce
  if (lifetime < policy.minimumLifetimeInMinutes || lifetime > policy.maximumLifetimeInMinutes)
    throw badRequest('The lifetime is outside what the policy allows.', 'badRequest')
  if (policy.isUsableOnce && !once)
    throw badRequest('The policy allows passes for one use only.', 'badRequest')
  const startsAt = startDateTime ? Date.parse(startDateTime) : call.now
  return { startsAt: Math.max(startsAt, call.now), lifetimeInMinutes: lifetime, isUsableOnce: once }
}

function bodyOf(call: GraphCall, person: Person, pass: AccessPass) {
  const state = passState(pass, call.now)
  const isAllowed = isTarget(call, person)
  return {
    id: pass.id,
    createdDateTime: instant(pass.createdAt),
    startDateTime: instant(pass.startsAt),
    lifetimeInMinutes: pass.lifetimeInMinutes,
    isUsableOnce: pass.isUsableOnce,
    isUsable: isAllowed && state === 'good',
    methodUsabilityReason: isAllowed ? REASONS[state] : 'DisabledByPolicy',
    temporaryAccessPass: null,
  }
}

const REASONS = {
  good: 'EnabledByPolicy',
  notYetValid: 'NotYetValid',
  expired: 'Expired',
  used: 'OneTimeUsed',
} as const

function isTarget(call: GraphCall, person: Person): boolean {
  const { passPolicy, groups } = call.world.directory
  const isIn = (id: string | null) => {
    if (id === 'all_users') return true
    const group = id === null ? undefined : groups.get(id)
    return group !== undefined && readableMembers(group, call.now).includes(person.id)
  }
  return passPolicy.isEnabled && isIn(passPolicy.includes) && !isIn(passPolicy.excludes)
}

export function passConfiguration({ isEnabled, includes, excludes, ...rest }: PassPolicy) {
  return {
    '@odata.type': '#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration',
    id: 'TemporaryAccessPass',
    state: isEnabled ? 'enabled' : 'disabled',
    ...rest,
    includeTargets: [{ targetType: 'group', id: includes, isRegistrationRequired: false }],
    excludeTargets: excludes === null ? [] : [{ targetType: 'group', id: excludes }],
  }
}

function contextOf(call: GraphCall, person: Person): string {
  return `${call.base}/$metadata#users('${person.id}')/authentication/temporaryAccessPassMethods`
}

function instant(at: number): string {
  return new Date(at).toISOString()
}
