import { z } from 'zod'
import type { LocationBody } from '../directory/locations.ts'
import { latest } from '../lagged.ts'
import { filterTest } from './filter.ts'
import { badRequest, notFound } from './graph-error.ts'
import { page } from './page.ts'
import type { GraphCall, GraphRoute } from './route.ts'

const PATH = '/identity/conditionalAccess/namedLocations'
const CONTEXT = 'identity/conditionalAccess/namedLocations'
const bucket = 'conditionalAccess' as const
const READ = [['Policy.Read.All', 'Policy.Read.ConditionalAccess', 'Policy.ReadWrite.ConditionalAccess']]
const WRITE = [['Policy.Read.All'], ['Policy.ReadWrite.ConditionalAccess']]

const range = z.union([
  z.strictObject({
    '@odata.type': z.literal('#microsoft.graph.iPv4CidrRange'),
    cidrAddress: z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/(\d|[12]\d|3[0-2])$/),
  }),
  z.strictObject({
    '@odata.type': z.literal('#microsoft.graph.iPv6CidrRange'),
    cidrAddress: z.string().regex(/^[0-9a-f:]+\/\d{1,3}$/i),
  }),
])
const displayName = z.string().min(1).max(256)
const ip = z.strictObject({
  '@odata.type': z.literal('#microsoft.graph.ipNamedLocation'),
  displayName,
  isTrusted: z.boolean().default(false),
  ipRanges: z.array(range).min(1),
})
const country = z.strictObject({
  '@odata.type': z.literal('#microsoft.graph.countryNamedLocation'),
  displayName,
  countriesAndRegions: z.array(z.string().regex(/^[A-Z]{2}$/)).min(1),
  countryLookupMethod: z.enum(['clientIpAddress', 'authenticatorAppGps']).default('clientIpAddress'),
  includeUnknownCountriesAndRegions: z.boolean().default(false),
})
const patchOfIp = ip.extend({ isTrusted: z.boolean() }).partial().required({ '@odata.type': true })
const patchOfCountry = country
  .extend({ countryLookupMethod: country.shape.countryLookupMethod.unwrap() })
  .extend({ includeUnknownCountriesAndRegions: z.boolean() })
  .partial()
  .required({ '@odata.type': true })

export const NAMED_LOCATION_ROUTES: GraphRoute[] = [
  {
    method: 'GET',
    path: PATH,
    bucket,
    permissions: READ,
    answer(call) {
      const all = [...call.world.directory.locations.values()].flatMap((one) => latest(one.body) ?? [])
      const { test } = filterTest(call.query.$filter, { properties: ['id', 'displayName'], eventual: true })
      const found = all.filter((body) => test((property) => body[property as keyof typeof body]))
      return page(call, found, { context: CONTEXT, standard: 100, largest: 999 }, (body) => body)
    },
  },
  {
    method: 'GET',
    path: `${PATH}/:id`,
    bucket,
    permissions: READ,
    answer: (call) => ({ status: 200, body: entity(call, oneLocation(call)) }),
  },
  {
    method: 'POST',
    path: PATH,
    bucket,
    permissions: WRITE,
    answer(call) {
      const body = read(z.discriminatedUnion('@odata.type', [ip, country]), call.body)
      const id = call.world.change({ kind: 'createLocation', body }, call.hand, call.now) as string
      const created = call.world.directory.locations.get(id)
      return { status: 201, body: entity(call, (created && latest(created.body)) ?? body) }
    },
  },
  {
    method: 'PATCH',
    path: `${PATH}/:id`,
    bucket,
    permissions: WRITE,
    answer(call) {
      const before = oneLocation(call)
      const body = read(z.discriminatedUnion('@odata.type', [patchOfIp, patchOfCountry]), call.body)
      if (body['@odata.type'] !== before['@odata.type']) throw bad('The kind of a location cannot change.')
      const location = before.id as string
      call.world.change({ kind: 'patchLocation', location, body }, call.hand, call.now)
      return { status: 204 }
    },
  },
  {
    method: 'DELETE',
    path: `${PATH}/:id`,
    bucket,
    permissions: WRITE,
    answer(call) {
      const location = oneLocation(call).id as string
      if (isUsed(call, location)) throw bad('The named location is used by a Conditional Access policy.')
      call.world.change({ kind: 'deleteLocation', location }, call.hand, call.now)
      return { status: 204 }
    },
  },
]

function oneLocation(call: GraphCall): LocationBody {
  const id = call.params.id as string
  const location = call.world.directory.locations.get(id.toLowerCase())
  const body = location && latest(location.body)
  if (!body) throw notFound(id)
  return body
}

function isUsed(call: GraphCall, id: string): boolean {
  return [...call.world.directory.policies.values()].some((policy) => {
    const { includeLocations, excludeLocations } = latest(policy.body)?.conditions?.locations ?? {}
    return includeLocations?.includes(id) || excludeLocations?.includes(id)
  })
}

function read(schema: z.ZodType, body: unknown): LocationBody {
  const result = schema.safeParse(body)
  if (result.success) return result.data as LocationBody
  const issue = result.error.issues[0]
  throw bad(`Invalid value at ${issue?.path.join('.') || 'the body'}: ${issue?.message}`)
}

function entity(call: GraphCall, body: LocationBody): object {
  return { '@odata.context': `${call.base}/$metadata#${CONTEXT}/$entity`, ...body }
}

function bad(message: string) {
  return badRequest(message, 'BadRequest')
}
