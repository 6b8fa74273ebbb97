import { denied, GraphError, unlicensed } from '../graph/graph-error.ts'
import type { Answer, GraphCall, GraphRoute, TenantSettings } from '../graph/route.ts'
import type { World } from '../world.ts'
import type { ThrottleCosts, Throttled } from './throttle.ts'

/** One request of Graph, whether it came by itself or in a batch. */
export interface Exchange {
  route: GraphRoute
  version: string
  params: Record<string, string>
  query: Record<string, string>
  /** Path with its version, without the query. */
  url: string
  /** Scheme and host. */
  origin: string
  eventual: boolean
  requestId: string
  /** `Prefer`, as it was sent. */
  prefer: string
  body: unknown
}

export interface ExchangeOptions {
  world: World
  settings: TenantSettings
  now(): number
  /** Absent where anybody may read and nobody is limited. */
  guard?(cost: ThrottleCosts, now: number): Throttled
}

/** Counts the request against its limits and looks at its permissions. Answers with the headers that tell of it. */
export function admit(
  options: ExchangeOptions,
  guard: NonNullable<ExchangeOptions['guard']>,
  { route: standing, query }: Exchange,
): Record<string, string> {
  const route = { ...standing, ...standing.variant?.(query) }
  const { $select, $top, $expand } = query
  const standard = (route.units ?? 1) - ($select ? 1 : 0) - (Number($top) < 20 ? 1 : 0) + ($expand ? 1 : 0)
  const write = route.method !== 'GET'
  const units = write ? 1 : Math.max(1, standard)
  const throttled = guard({ bucket: route.bucket, units, write }, options.now())
  if (throttled.refused) throw new GraphError(429, 'TooManyRequests', 'Too many requests.', throttled.headers)
  const granted = route.permissions.every((row) =>
    row.some((permission) => options.settings.permissions.has(permission)),
  )
  if (!granted) throw denied()
  return throttled.headers
}

export function answerTo(options: ExchangeOptions, exchange: Exchange): Answer {
  const { world, settings } = options
  const { route, version, url } = exchange
  const { premium } = { ...route, ...route.variant?.(exchange.query) }
  if (premium && !settings.premium) throw unlicensed()
  if (route.premiumP2 && !settings.premiumP2) {
    const message = 'The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.'
    throw new GraphError(400, 'AadPremiumLicenseRequired', message)
  }
  const now = options.now()
  world.advance(now)
  const call: GraphCall = {
    world,
    settings,
    now,
    params: exchange.params,
    query: exchange.query,
    eventual: exchange.eventual,
    prefer: exchange.prefer,
    beta: version === 'beta',
    body: exchange.body,
    base: `${exchange.origin}/${version}`,
    path: url.slice(version.length + 1),
    hand: { actor: 'app', requestId: exchange.requestId, method: route.method, path: url },
  }
  return route.answer(call)
}
