/**
 * Microsoft's documented limits and what a call costs, as data. Source unless said otherwise: learn.microsoft.com,
 * "Microsoft Graph service-specific throttling limits", and microsoft-graph-docs-contrib `concepts/throttling-limits.md`.
 */
export const buckets = [
  'identityReads',
  'identityWrites',
  'reports',
  'conditionalAccess',
  'signInActivity',
  'outlook',
] as const
export type Bucket = (typeof buckets)[number]

/** By number of users: S below 50, M to 500, L above. */
export type TenantSize = 'S' | 'M' | 'L'

export interface Limit {
  /** What the bucket holds in one window: resource units for `identityReads`, requests elsewhere. */
  ceiling: number
  /** Milliseconds. */
  window: number
  /** The first wait after a 429 that names no time, milliseconds; it doubles from there. */
  backOff: number
  /** The part of our share that refusals never slow it below. */
  slowest: number
}

export type Limits = Record<Bucket, Limit>

const resourceUnits: Record<TenantSize, number> = { S: 3_500, M: 5_000, L: 8_000 }

/** The limits of one application in a tenant of this size. `conditionalAccess` is shared by all applications of the tenant. */
export function limitsFor(size: TenantSize): Limits {
  return {
    identityReads: { ceiling: resourceUnits[size], window: 10_000, backOff: 2_000, slowest: 0.1 },
    identityWrites: { ceiling: 3_000, window: 150_000, backOff: 5_000, slowest: 0.1 },
    reports: { ceiling: 5, window: 10_000, backOff: 5_000, slowest: 0.1 },
    signInActivity: { ceiling: 10, window: 60_000, backOff: 10_000, slowest: 0.1 },
    // With one call a second for everybody, refusals are collisions, which going ever slower does not avoid.
    conditionalAccess: { ceiling: 1, window: 1_000, backOff: 1_000, slowest: 0.5 },
    // Of one application and mailbox (microsoft-graph-docs-contrib `includes/throttling-outlook.md`).
    outlook: { ceiling: 10_000, window: 600_000, backOff: 5_000, slowest: 0.1 },
  }
}

/** How far windows shrink at most: calls take real milliseconds, and `Retry-After` says whole seconds. */
const SHORTEST = 1 / 10

/** The same limits in a rehearsal whose days are `factor` as long: what is allowed in a window, in a shorter one. */
export function scaleLimits(limits: Limits, factor: number): Limits {
  const by = Math.max(factor, SHORTEST)
  const scale = ({ window, backOff, ...rest }: Limit): Limit => ({
    ...rest,
    window: Math.round(window * by),
    backOff: Math.round(backOff * by),
  })
  const { identityReads, identityWrites, reports, signInActivity, conditionalAccess, outlook } = limits
  return {
    identityReads: scale(identityReads),
    identityWrites: scale(identityWrites),
    reports: scale(reports),
    signInActivity: scale(signInActivity),
    conditionalAccess: scale(conditionalAccess),
    outlook: scale(outlook),
  }
}

/** The part of a ceiling that we use; other applications share the rest. */
export const defaultShare = 0.8

/** No wait of our own guessing is longer, milliseconds: one window of the slowest bucket. */
export const longestBackOff = 150_000

export interface Cost {
  bucket: Bucket
  units: number
}

const routes: { path: RegExp; bucket: Bucket; units: number }[] = [
  // `authentication` stands for the workload `authenticationMethod`, which shares the quota of the reports.
  { path: /^\/users\/[^/]+\/authentication(\/|$)/, bucket: 'reports', units: 1 },
  { path: /^\/(auditLogs|reports)\//, bucket: 'reports', units: 1 },
  { path: /^\/identity\/conditionalAccess\//, bucket: 'conditionalAccess', units: 1 },
  { path: /^\/groups\/[^/]+\/transitiveMembers(\/|$)/, bucket: 'identityReads', units: 5 },
  { path: /^\/groups\/[^/]+\/members(\/|$)/, bucket: 'identityReads', units: 3 },
  { path: /^\/(groups|users)\/[^/]+\/memberOf(\/|$)/, bucket: 'identityReads', units: 2 },
  { path: /^\/users\/[^/]+\/sendMail$/, bucket: 'outlook', units: 1 },
  { path: /^\/users$/, bucket: 'identityReads', units: 2 },
  { path: /^\/subscribedSkus$/, bucket: 'identityReads', units: 3 },
]

/**
 * What one call takes from which buckets. `path` is without version and query (`/groups/{id}/members`); `select` says
 * whether the query has $select, which saves one unit, `expand` whether it has $expand, which costs one more, `activity`
 * whether it asks for signInActivity, which has a limit of its own. A write to the directory costs a write and one
 * resource unit.
 */
export function costsOf(
  method: string,
  path: string,
  select: boolean,
  expand = false,
  activity = false,
): Cost[] {
  if (activity) return [{ bucket: 'signInActivity', units: 1 }]
  const route = routes.find((known) => known.path.test(path))
  if (route && route.bucket !== 'identityReads') return [{ bucket: route.bucket, units: route.units }]
  if (method !== 'GET') {
    return [
      { bucket: 'identityWrites', units: 1 },
      { bucket: 'identityReads', units: 1 },
    ]
  }
  return [
    {
      bucket: 'identityReads',
      units: Math.max(1, (route?.units ?? 1) - (select ? 1 : 0) + (expand ? 1 : 0)),
    },
  ]
}

/** What one call takes, by its query as it is sent. */
export function costsOfQuery(method: string, path: string, query: Record<string, string> = {}): Cost[] {
  const { $select, $expand } = query
  const activity = $select?.includes('signInActivity') ?? false
  return costsOf(method, path, $select !== undefined, $expand !== undefined, activity)
}
