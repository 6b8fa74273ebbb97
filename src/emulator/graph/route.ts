import type { Hand } from '../journal.ts'
import type { BatchThrottling } from '../service/batch.ts'
import type { OtherLoad } from '../service/others.ts'
import type { World } from '../world.ts'

export type Bucket = 'directory' | 'conditionalAccess' | 'reports' | 'signInActivity' | 'outlook'

/** One request, as far as the tenant cares. */
export interface GraphCall {
  world: World
  settings: TenantSettings
  now: number
  params: Record<string, string>
  query: Record<string, string>
  /** `ConsistencyLevel: eventual` was sent. */
  eventual: boolean
  /** `Prefer`, as it was sent. */
  prefer: string
  /** Asked under /beta. */
  beta: boolean
  body: unknown
  /** Scheme, host and version, such as `https://localhost:8443/v1.0`. */
  base: string
  /** Path below the version. */
  path: string
  hand: Hand
}

export interface Answer {
  status: number
  body?: unknown
}

export interface GraphRoute {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  betaOnly?: boolean
  bucket: Bucket
  /** Resource units; a write costs 1 and counts as a write besides. */
  units?: number
  /** Of each row, the app needs one. */
  permissions: string[][]
  /** Needs Entra ID P1. */
  premium?: boolean
  /** What else holds for some queries. */
  variant?(query: Record<string, string>): Pick<GraphRoute, 'bucket' | 'premium' | 'permissions'> | undefined
  /** Needs Entra ID P2. */
  premiumP2?: boolean
  answer(call: GraphCall): Answer
}

/** What a test may turn while the tenant runs. */
export interface TenantSettings {
  tenantId: string
  clientId: string
  clientSecret: string
  /** Application permissions that were granted and consented to. */
  permissions: Set<string>
  /** The tenant has Entra ID P1. */
  premium: boolean
  /** The tenant has Entra ID P2 as well. */
  premiumP2: boolean
  batchThrottling: BatchThrottling
  /** Object ids of the mailboxes the app may send from (an application access policy); null: from every one. */
  mailFrom: Set<string> | null
  /** What other applications take of the same limits. */
  others: OtherLoad
  /** Seconds of wall time for which a token given out from now on is good. */
  tokenLifetime: number
}
